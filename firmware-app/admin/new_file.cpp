// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/admin/new_file.h"

#include "sync/program/file_descriptor.h"
#include "sync/program/program.h"

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tapport::admin {
namespace {

std::filesystem::path folderOf(const std::filesystem::path& file) {
    return file.has_parent_path() ? file.parent_path() : ".";
}

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
    return program::isSynced(out.get()) ? Result<>{} : failure(Code::Storage, file);
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

/// As place(), by ordinary means: whoever makes the name has it, and renames onto it. A power cut
/// in between leaves it empty, which whoever comes later is told.
int placeOnEmpty(const std::filesystem::path& draft, const std::filesystem::path& file) {
    const program::FileDescriptor empty(
        ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!empty.isOpen()) {
        return errno;
    }
    if (::rename(draft.c_str(), file.c_str()) == 0) {
        return 0;
    }
    const int wrong = errno;
    ::unlink(file.c_str());
    return wrong;
}

/// Gives the draft this name if nothing has it; 0, or errno. A USB stick (FAT) has no hard links, a
/// network's file system (NFS) no renaming that replaces nothing, a virtual machine's shared folder
/// neither.
int place(const std::filesystem::path& draft, const std::filesystem::path& file) {
    if (::renameat2(AT_FDCWD, draft.c_str(), AT_FDCWD, file.c_str(), RENAME_NOREPLACE) == 0) {
        return 0;
    }
    if (errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP) {
        return errno;
    }
    if (::link(draft.c_str(), file.c_str()) == 0) {
        return 0;
    }
    return errno == EPERM || errno == ENOSYS || errno == EOPNOTSUPP ? placeOnEmpty(draft, file)
                                                                    : errno;
}

bool isThere(const std::filesystem::path& file) {
    std::error_code failed;
    return std::filesystem::exists(std::filesystem::symlink_status(file, failed));
}

/// Of this file, made by us: what a power cut left, or whose writer comes second in any case.
void removeDraftsOf(const std::filesystem::path& file) {
    const std::string begin = file.filename().string() + '.';
    std::vector<std::filesystem::path> drafts;
    std::error_code failed;
    std::filesystem::directory_iterator at(folderOf(file), failed);
    for (; !failed && at != std::filesystem::directory_iterator(); at.increment(failed)) {
        const std::string name = at->path().filename().string();
        struct stat status {};
        const auto draft = name.rfind(begin, 0) == 0
                               ? record::RecordId::fromHexText(name.substr(begin.size()))
                               : std::nullopt;
        if (draft && name == begin + draft->hex() && ::lstat(at->path().c_str(), &status) == 0 &&
            S_ISREG(status.st_mode) && status.st_uid == ::geteuid()) {
            drafts.push_back(at->path());
        }
    }
    for (const std::filesystem::path& draft : drafts) {
        ::unlink(draft.c_str());
    }
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
    // Without a draft, too, somebody else was first.
    const bool isSecond = wrong == EEXIST || (wrong == ENOENT && isThere(file));
    if (wrong == 0 || isSecond) {
        removeDraftsOf(file);
    }
    if (isSecond) {
        return isInTheWay(file);
    }
    if (wrong != 0) {
        errno = wrong;
        return failure(Code::Storage, file);
    }
    return syncFolderOf(file);
}

tl::unexpected<Error> isInTheWay(const std::filesystem::path& file) {
    struct stat status {};
    const bool isEmpty =
        ::lstat(file.c_str(), &status) == 0 && S_ISREG(status.st_mode) && status.st_size == 0;
    return fail(Code::Conflict, file.string() + (isEmpty ? " is there already, and empty, as a "
                                                           "power cut may leave it: remove it"
                                                         : " is there already"));
}

Result<> syncFolderOf(const std::filesystem::path& file) {
    const std::filesystem::path parent = folderOf(file);
    const program::FileDescriptor folder(
        ::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.isOpen() || !program::isSynced(folder.get())) {
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
