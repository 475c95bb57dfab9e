// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/admin/new_file.h"

#include "sync/program/file_descriptor.h"
#include "sync/program/program.h"

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <system_error>

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

namespace tapport::admin {
namespace {

tl::unexpected<Error> failure(Code code, const std::filesystem::path& file) {
    return fail(code, fmt::format("{}: {}", file.string(), std::generic_category().message(errno)));
}

Result<> write(const program::FileDescriptor& out, std::string_view content,
               const std::filesystem::path& file) {
    while (!content.empty()) {
        const ssize_t written = ::write(out.get(), content.data(), content.size());
        if (written < 0 && errno != EINTR) {
            return failure(Code::Storage, file);
        }
        content.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
    }
    return ::fsync(out.get()) == 0 ? Result<>{} : failure(Code::Storage, file);
}

/// A file that is on the disk, or is not there, under a name that nobody reads.
Result<> writeDraft(const std::filesystem::path& draft, std::string_view content, Access access) {
    const mode_t mode = access == Access::Owner ? 0600 : 0644;
    const program::FileDescriptor out(
        ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
    if (!out.isOpen()) {
        return failure(Code::Storage, draft);
    }
    auto written = write(out, content, draft);
    if (!written) {
        ::unlink(draft.c_str());
    }
    return written;
}

/// Gives the draft this name if nothing has it; 0, or errno. A USB stick (FAT) has no hard links, a
/// network's file system (NFS) no renaming that replaces nothing.
int place(const std::filesystem::path& draft, const std::filesystem::path& file) {
    if (::renameat2(AT_FDCWD, draft.c_str(), AT_FDCWD, file.c_str(), RENAME_NOREPLACE) == 0) {
        return 0;
    }
    if (errno != EINVAL && errno != ENOSYS) {
        return errno;
    }
    return ::link(draft.c_str(), file.c_str()) == 0 ? 0 : errno;
}

}  // namespace

Result<> placeNewFile(const std::filesystem::path& file, std::string_view content, Access access) {
    // A name of its own: nobody else's draft is put in place, or removed.
    const std::filesystem::path draft = file.string() + '.' + program::newRecordId().hex();
    if (const auto written = writeDraft(draft, content, access); !written) {
        return written;
    }
    const int wrong = place(draft, file);
    ::unlink(draft.c_str());  // gone already where it was renamed
    if (wrong != 0) {
        errno = wrong;
        return failure(wrong == EEXIST ? Code::Conflict : Code::Storage, file);
    }
    return syncFolderOf(file);
}

Result<> syncFolderOf(const std::filesystem::path& file) {
    const std::filesystem::path parent = file.has_parent_path() ? file.parent_path() : ".";
    const program::FileDescriptor folder(
        ::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.isOpen() || ::fsync(folder.get()) != 0) {
        return failure(Code::Storage, parent);
    }
    return {};
}

Result<> replaceFile(const std::filesystem::path& file, std::string_view content) {
    const std::filesystem::path draft = file.string() + ".new";
    std::error_code failed;
    std::filesystem::remove(draft, failed);  // of a run that was interrupted
    if (const auto written = writeDraft(draft, content, Access::Everyone); !written) {
        return written;
    }
    std::filesystem::rename(draft, file, failed);
    return failed ? fail(Code::Storage, file.string() + ": " + failed.message())
                  : syncFolderOf(file);
}

Result<std::string> readWholeFile(const std::filesystem::path& file, std::size_t most) {
    std::error_code failed;
    const auto size = std::filesystem::file_size(file, failed);
    if (failed) {
        return fail(Code::InvalidInput, fmt::format("{}: {}", file.string(), failed.message()));
    }
    if (size > most) {
        return fail(Code::InvalidInput,
                    fmt::format("{}: larger than {} bytes", file.string(), most));
    }
    std::string content(size, '\0');
    std::ifstream in(file, std::ios::binary);
    if (!in.read(content.data(), static_cast<std::streamsize>(size))) {
        return fail(Code::InvalidInput, fmt::format("{}: cannot be read", file.string()));
    }
    return content;
}

}  // namespace tapport::admin
