// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/store/retire.h"

#include "sync/record/ids.h"

#include <array>
#include <fstream>
#include <functional>

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

/// Whether that is the key's file, or what stands beside it where an enrolment was broken off
/// (admin/own_keys): other keys that wait, and drafts of both.
bool isOfKey(std::string_view name, std::string_view key) {
    constexpr std::string_view kNext = ".next";
    if (name.substr(0, key.size()) != key) {
        return false;
    }
    std::string_view rest = name.substr(key.size());
    if (rest.substr(0, kNext.size()) == kNext) {
        rest.remove_prefix(kNext.size());
    }
    return rest.empty() || (rest[0] == '.' && record::RecordId::fromHexText(rest.substr(1)));
}

/// The files in a folder of which `isMeant` is true; none where there is no folder.
Result<std::vector<fs::path>> filesIn(const fs::path& folder,
                                      const std::function<bool(const fs::path&)>& isMeant) {
    std::vector<fs::path> files;
    std::error_code failed;
    fs::directory_iterator at(folder, failed);
    if (failed == std::errc::no_such_file_or_directory) {
        return files;
    }
    for (; !failed && at != fs::directory_iterator(); at.increment(failed)) {
        std::error_code ignored;
        if (isMeant(at->path().filename()) && at->is_regular_file(ignored)) {
            files.push_back(at->path());
        }
    }
    if (failed) {
        return fail(Code::Storage, folder.filename().string() + ": cannot be read");
    }
    return files;
}

Result<> destroyAll(const fs::path& folder, const std::vector<fs::path>& files) {
    for (const fs::path& file : files) {
        if (auto gone = destroy(file); !gone) {
            return gone;
        }
    }
    sync(folder, O_RDONLY | O_DIRECTORY);
    return {};
}

Result<> destroyKey(const fs::path& key) {
    const fs::path folder = key.has_parent_path() ? key.parent_path() : ".";
    return filesIn(folder,
                   [&](const fs::path& name) {
                       return isOfKey(name.native(), key.filename().native());
                   })
        .and_then([&](const std::vector<fs::path>& files) { return destroyAll(folder, files); });
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
    const auto files = filesIn(dataDir, [](const fs::path& name) { return name != kNote; });
    if (!files) {
        return tl::unexpected(files.error());
    }
    if (isRetired(dataDir) && files->empty()) {
        return {};  // by now the keys may be another event's
    }
    // First the note: a kiosk that is cut off here goes on with it, and never starts half empty.
    if (auto noted = leaveNote(dataDir); !noted) {
        return noted;
    }
    for (const fs::path& key : keys) {
        if (auto gone = destroyKey(key); !gone) {
            return gone;
        }
    }
    return destroyAll(dataDir, *files);
}

bool isRetired(const fs::path& dataDir) {
    std::error_code ignored;
    return fs::exists(dataDir / kNote, ignored);
}

}  // namespace tapport::store
