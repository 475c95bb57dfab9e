// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/withdrawal_journal.h"

#include "sync/base/cbor.h"
#include "sync/hub/export/atomic_file.h"
#include "sync/program/file_descriptor.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace tapport::hub {
namespace {

constexpr std::size_t kItems = 5;
constexpr std::size_t kMostSealed = 256 * 1024;  // as on the wire

std::string lineOf(const WithdrawalJournal::Entry& entry) {
    return toHex(CborWriter()
                     .array(kItems)
                     .bytes(entry.id.view())
                     .bytes(entry.epoch.view())
                     .uinteger(entry.seq)
                     .bytes(entry.before.view())
                     .bytes(entry.sealed)
                     .take()) +
           '\n';
}

std::optional<WithdrawalJournal::Entry> entryOf(std::string_view line) {
    const auto bytes = fromHex(line);
    if (!bytes) {
        return std::nullopt;
    }
    CborReader in(*bytes);
    in.arrayOf(kItems);
    WithdrawalJournal::Entry entry;
    entry.id = in.id<record::RecordId>();
    entry.epoch = in.id<record::Epoch>();
    entry.seq = in.uinteger();
    entry.before = in.id<record::ChainHash>();
    entry.sealed = toBytes(in.bytes(kMostSealed));
    return in.finish() && entry.seq > 0 ? std::optional(std::move(entry)) : std::nullopt;
}

tl::unexpected<Error> failure(const std::filesystem::path& file, int error) {
    return fail(error == ENOSPC || error == EDQUOT ? Code::StorageFull : Code::Storage,
                file.string() + ": " + std::system_category().message(error));
}

class JournalFile final : public JournalDisk {
  public:
    explicit JournalFile(std::filesystem::path file) : file_(std::move(file)) {}
    Result<std::string> read() override {
        std::error_code error;
        const std::uintmax_t size = std::filesystem::file_size(file_, error);
        if (error == std::errc::no_such_file_or_directory) {
            return writeAtomically(file_, "").map([] { return std::string(); });
        }
        if (error) {
            return failure(file_, error.value());
        }
        std::string text(size, '\0');
        std::ifstream in(file_, std::ios::binary);
        if (!in.read(text.data(), static_cast<std::streamsize>(size))) {
            return failure(file_, EIO);
        }
        return text;
    }
    Result<> append(std::string_view text) override {
        const program::FileDescriptor out(::open(file_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
        if (!out.isOpen()) {
            return failure(file_, errno);
        }
        const off_t before = ::lseek(out.get(), 0, SEEK_END);
        errno = 0;
        if (::write(out.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
            ::fdatasync(out.get()) != 0) {
            const int error = errno == 0 ? ENOSPC : errno;  // 0: a part of it was written
            // What follows must not become part of a line without an end.
            return failure(file_, ::ftruncate(out.get(), before) == 0 ? error : errno);
        }
        return {};
    }
    Result<> replace(std::string_view text) override { return writeAtomically(file_, text); }

  private:
    std::filesystem::path file_;
};

}  // namespace

Result<WithdrawalJournal> WithdrawalJournal::open(const std::filesystem::path& file) {
    return open(std::make_unique<JournalFile>(file));
}

Result<WithdrawalJournal> WithdrawalJournal::open(std::unique_ptr<JournalDisk> disk) {
    WithdrawalJournal journal(std::move(disk));
    const auto text = journal.disk_->read();
    if (!text) {
        return tl::unexpected(text.error());
    }
    std::size_t at = 0;
    for (std::size_t end = 0; (end = text->find('\n', at)) != std::string::npos; at = end + 1) {
        const std::string line = text->substr(at, end - at);
        if (auto entry = entryOf(line)) {
            journal.entries_.push_back(std::move(*entry));
        } else {
            journal.damaged_.push_back(line);
        }
    }
    if (at < text->size()) {
        if (auto mended = journal.disk_->replace(text->substr(0, at)); !mended) {
            return tl::unexpected(mended.error());
        }
    }
    return journal;
}

Result<> WithdrawalJournal::add(Entry entry) {
    return disk_->append(lineOf(entry)).map([&] { entries_.push_back(std::move(entry)); });
}

Result<> WithdrawalJournal::drop(const std::function<bool(const Entry&)>& isSafe) {
    std::vector<Entry> before = entries_;
    if (std::erase_if(entries_, isSafe) == 0) {
        return {};
    }
    const auto written = disk_->replace(text());
    if (!written) {
        entries_ = std::move(before);
    }
    return written;
}

std::string WithdrawalJournal::text() const {
    std::string text;
    for (const std::string& line : damaged_) {
        text += line + '\n';
    }
    for (const Entry& entry : entries_) {
        text += lineOf(entry);
    }
    return text;
}

}  // namespace tapport::hub
