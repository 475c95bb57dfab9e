// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/export/atomic_file.h"

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace tapport::hub {
namespace {

Error lastError(const std::filesystem::path& file) {
    const Code code = errno == ENOSPC || errno == EDQUOT ? Code::StorageFull : Code::Storage;
    return {code, "write " + file.string() + ": " + std::system_category().message(errno)};
}

bool writeAll(int to, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(to, bytes.data(), bytes.size());
        if (written < 0) {
            if (errno == EINTR) {
                continue;
            }
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

void syncFolder(const std::filesystem::path& folder) {
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        ::fsync(fd);
        ::close(fd);
    }
}

}  // namespace

Result<> writeAtomically(const std::filesystem::path& file, std::string_view bytes) {
    const std::filesystem::path folder =
        file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    std::string temporary = (folder / (file.filename().string() + ".XXXXXX")).string();
    const int fd = ::mkostemp(temporary.data(), O_CLOEXEC);
    if (fd < 0) {
        return tl::unexpected(lastError(file));
    }
    const bool isWritten = writeAll(fd, bytes) && ::fsync(fd) == 0;
    const Error trouble = lastError(file);
    if (::close(fd) != 0 || !isWritten || ::rename(temporary.c_str(), file.c_str()) != 0) {
        const Error why = isWritten ? lastError(file) : trouble;
        ::unlink(temporary.c_str());
        return tl::unexpected(why);
    }
    syncFolder(folder);
    return {};
}

}  // namespace tapport::hub
