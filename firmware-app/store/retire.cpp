// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/store/retire.h"

#include <array>
#include <fstream>

#include <fcntl.h>
#include <unistd.h>

namespace tapport::store {
namespace {

namespace fs = std::filesystem;

constexpr const char* kNote = "event-is-over";

Result<> failed(const fs::path& file, const char* what) {
    return fail(Code::Storage, file.filename().string() + ": cannot be " + what);
}

void sync(const fs::path& path, int flags) {
    const int fd = ::open(path.c_str(), flags | O_CLOEXEC);
    if (fd >= 0) {
        ::fsync(fd);
        ::close(fd);
    }
}

Result<> destroy(const fs::path& file) {
    std::error_code missing;
    std::uintmax_t left = fs::file_size(file, missing);
    if (missing) {
        return {};
    }
    {
        std::fstream out(file, std::ios::binary | std::ios::in | std::ios::out);
        constexpr std::array<char, 4096> kZeros{};
        while (out && left > 0) {
            const auto some = std::min<std::uintmax_t>(left, kZeros.size());
            out.write(kZeros.data(), static_cast<std::streamsize>(some));
            left -= some;
        }
        if (!out.flush()) {
            return failed(file, "overwritten");
        }
    }
    sync(file, O_WRONLY);
    std::error_code stays;
    fs::remove(file, stays);
    return stays ? failed(file, "removed") : Result<>{};
}

Result<> leaveNote(const fs::path& dataDir) {
    const fs::path note = dataDir / kNote;
    std::ofstream(note)
        << "The event is over. The hub has everything; what was here is destroyed.\n";
    sync(note, O_WRONLY);
    sync(dataDir, O_RDONLY | O_DIRECTORY);
    return fs::exists(note) ? Result<>{} : failed(note, "written");
}

}  // namespace

Result<> retire(const fs::path& dataDir, const std::vector<fs::path>& keys) {
    // First the note: a kiosk that is cut off here goes on with it, and never starts half empty.
    if (auto noted = leaveNote(dataDir); !noted) {
        return noted;
    }
    for (const fs::path& key : keys) {
        if (auto gone = destroy(key); !gone) {
            return gone;
        }
    }
    std::vector<fs::path> files;
    std::error_code unreadable;
    for (const fs::directory_entry& entry : fs::directory_iterator(dataDir, unreadable)) {
        if (entry.is_regular_file() && entry.path().filename() != kNote) {
            files.push_back(entry.path());
        }
    }
    if (unreadable) {
        return failed(dataDir, "read");
    }
    for (const fs::path& file : files) {
        if (auto gone = destroy(file); !gone) {
            return gone;
        }
    }
    sync(dataDir, O_RDONLY | O_DIRECTORY);
    return {};
}

bool isRetired(const fs::path& dataDir) {
    std::error_code ignored;
    return fs::exists(dataDir / kNote, ignored);
}

}  // namespace tapport::store
