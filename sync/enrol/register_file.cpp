// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/enrol/register_file.h"

#include "sync/program/file_descriptor.h"

#include <array>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tapport::enrol {
namespace {

tl::unexpected<Error> failure(const std::filesystem::path& file) {
    return fail(errno == ENOSPC ? Code::StorageFull : Code::Storage,
                file.string() + ": " + std::generic_category().message(errno));
}

Result<std::string> contentOf(int in, const std::filesystem::path& file) {
    std::string content;
    std::array<char, 65536> part{};
    for (;;) {
        const ssize_t size = ::read(in, part.data(), part.size());
        if (size < 0 && errno != EINTR) {
            return failure(file);
        }
        if (size == 0) {
            return content;
        }
        content.append(part.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    }
}

struct Parsed {
    KioskRegister entries;
    std::size_t size = 0;  ///< in bytes, up to the last line end
};

/// A last line without its end was cut off by the end of the machine: nobody was told that it
/// counts.
Result<Parsed> parse(std::string_view content, const std::filesystem::path& file) {
    Parsed parsed;
    for (int number = 1;; ++number) {
        const std::size_t end = content.find('\n', parsed.size);
        if (end == std::string_view::npos) {
            return parsed;
        }
        const auto line = content.substr(parsed.size, end - parsed.size);
        if (const auto added = parsed.entries.add(line); !added) {
            return fail(Code::InvalidConfig,
                        fmt::format("{}:{}: {}", file.string(), number, added.error().context));
        }
        parsed.size = end + 1;
    }
}

}  // namespace

std::optional<RegisterFile::Stamp> RegisterFile::stampOf(int fd) {
    struct stat now {};
    if (::fstat(fd, &now) != 0) {
        return std::nullopt;
    }
    return Stamp{
        now.st_dev, now.st_ino, now.st_size,
        std::chrono::seconds(now.st_mtim.tv_sec) + std::chrono::nanoseconds(now.st_mtim.tv_nsec)};
}

Result<RegisterFile::Known*> RegisterFile::refresh(int fd) const {
    // Before the content: what is appended in between is found the next time.
    const auto stamp = stampOf(fd);
    if (!stamp) {
        return failure(path_);
    }
    if (!known_ || known_->stamp != *stamp) {
        known_.reset();
        ++reads_;
        auto parsed = contentOf(fd, path_).and_then(
            [this](const std::string& content) { return parse(content, path_); });
        if (!parsed) {
            return tl::unexpected(parsed.error());
        }
        known_ = Known{*stamp, std::move(parsed->entries), parsed->size};
    }
    return &*known_;
}

Result<KioskRegister> RegisterFile::read() const {
    const program::FileDescriptor in(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
    if (!in.isOpen()) {
        return errno == ENOENT ? Result<KioskRegister>(KioskRegister{}) : failure(path_);
    }
    return refresh(in.get()).map([](const Known* known) { return known->entries; });
}

Result<> RegisterFile::hold(const std::function<Result<>(const KioskRegister&)>& use) const {
    const program::FileDescriptor in(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
    if (!in.isOpen() && errno == ENOENT) {
        return use(KioskRegister{});
    }
    if (!in.isOpen() || ::flock(in.get(), LOCK_EX) != 0) {
        return failure(path_);
    }
    return refresh(in.get()).and_then([&](const Known* known) { return use(known->entries); });
}

Result<> RegisterFile::change(record::WallTime at, const Decide& decide) const {
    const program::FileDescriptor file(::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!file.isOpen() || ::flock(file.get(), LOCK_EX) != 0) {
        return failure(path_);
    }
    const auto known = refresh(file.get());
    if (!known) {
        return tl::unexpected(known.error());
    }
    const auto entries = decide((*known)->entries);
    if (!entries) {
        return tl::unexpected(entries.error());
    }
    std::string lines;
    for (const Entry& entry : *entries) {
        lines += lineOf(entry, at) + '\n';
    }
    if (lines.empty()) {
        return {};
    }
    const auto from = static_cast<off_t>((*known)->size);
    if (::ftruncate(file.get(), from) != 0 ||
        ::pwrite(file.get(), lines.data(), lines.size(), from) !=
            static_cast<ssize_t>(lines.size()) ||
        ::fsync(file.get()) != 0) {
        const auto trouble = failure(path_);
        (void)::ftruncate(file.get(), from);  // what was not confirmed is gone
        known_.reset();
        return trouble;
    }
    // As whoever reads the file: a line may say less than the entry that it was made of.
    std::size_t begin = 0;
    bool isUnderstood = true;
    for (std::size_t end = 0; (end = lines.find('\n', begin)) != std::string::npos;
         begin = end + 1) {
        isUnderstood = isUnderstood && known_->entries.add(lines.substr(begin, end - begin));
    }
    const auto stamp = stampOf(file.get());
    if (!isUnderstood || !stamp) {
        known_.reset();  // to be read, and told of, the next time
        return {};
    }
    known_->size += lines.size();
    known_->stamp = *stamp;
    return {};
}

}  // namespace tapport::enrol
