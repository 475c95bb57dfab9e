// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/enrol/register_file.h"

#include "sync/program/file_descriptor.h"

#include <array>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <unistd.h>

namespace tapport::enrol {
namespace {

tl::unexpected<Error> failure(const std::filesystem::path& file) {
    return fail(errno == ENOSPC ? Code::StorageFull : Code::Storage,
                file.string() + ": " + std::generic_category().message(errno));
}

Result<std::string> contentOf(const program::FileDescriptor& in,
                              const std::filesystem::path& file) {
    std::string content;
    std::array<char, 65536> part{};
    for (;;) {
        const ssize_t size = ::read(in.get(), part.data(), part.size());
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

Result<KioskRegister> RegisterFile::read() const {
    const program::FileDescriptor in(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
    if (!in.isOpen()) {
        return errno == ENOENT ? Result<KioskRegister>(KioskRegister{}) : failure(path_);
    }
    return contentOf(in, path_)
        .and_then([this](const std::string& content) { return parse(content, path_); })
        .map([](Parsed parsed) { return std::move(parsed.entries); });
}

Result<KioskRegister> RegisterFile::change(record::WallTime at, const Decide& decide) const {
    const program::FileDescriptor file(::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!file.isOpen() || ::flock(file.get(), LOCK_EX) != 0) {
        return failure(path_);
    }
    const auto content = contentOf(file, path_);
    auto parsed = content ? parse(*content, path_) : tl::unexpected(content.error());
    if (!parsed) {
        return tl::unexpected(parsed.error());
    }
    const auto entries = decide(parsed->entries);
    if (!entries) {
        return tl::unexpected(entries.error());
    }
    std::string lines;
    for (const Entry& entry : *entries) {
        lines += lineOf(entry, at) + '\n';
        parsed->entries.add(entry, at);
    }
    if (lines.empty()) {
        return std::move(parsed->entries);
    }
    const auto from = static_cast<off_t>(parsed->size);
    if (::ftruncate(file.get(), from) != 0 ||
        ::pwrite(file.get(), lines.data(), lines.size(), from) !=
            static_cast<ssize_t>(lines.size()) ||
        ::fsync(file.get()) != 0) {
        const auto trouble = failure(path_);
        (void)::ftruncate(file.get(), from);  // what was not confirmed is gone
        return trouble;
    }
    return std::move(parsed->entries);
}

}  // namespace tapport::enrol
