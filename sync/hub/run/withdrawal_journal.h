// SPDX-License-Identifier: GPL-3.0-or-later
// What people took back on their page since the last backup, in a file beside the database. Of what
// kiosks record they keep a copy until a backup holds it; of this nobody else has one. A line is a
// record, sealed as in the database. Called on the store's thread.
#pragma once

#include "sync/base/error.h"
#include "sync/record/ids.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

namespace tapport::hub {

/// Port: the file's bytes, which outlive the process and what becomes of the database.
class JournalDisk {
  public:
    virtual ~JournalDisk() = default;
    /// All of it. Makes the file when it is missing.
    [[nodiscard]] virtual Result<std::string> read() = 0;
    /// On the disk when it returns. An error: the file is as it was. When the process ends
    /// meanwhile, a part may be there.
    [[nodiscard]] virtual Result<> append(std::string_view text) = 0;
    /// In place of all of it, or not at all.
    [[nodiscard]] virtual Result<> replace(std::string_view text) = 0;
};

class WithdrawalJournal {
  public:
    struct Entry {
        record::RecordId id;
        record::Epoch epoch;  ///< of record::kHubLink
        std::uint64_t seq = 0;
        record::ChainHash before;  ///< what the chain says before this position
        Bytes sealed;
        bool operator==(const Entry&) const = default;
    };

    /// Makes the file, for its owner only, when it is missing. A last line without an end was never
    /// confirmed to anybody, and goes.
    [[nodiscard]] static Result<WithdrawalJournal> open(const std::filesystem::path& file);
    [[nodiscard]] static Result<WithdrawalJournal> open(std::unique_ptr<JournalDisk> disk);

    [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
    /// Lines that say nothing. They stay where they are.
    [[nodiscard]] std::size_t damaged() const { return damaged_.size(); }
    /// On the disk when it returns. An error: the file is as it was.
    [[nodiscard]] Result<> add(Entry entry);
    /// Those of which `isSafe` says so go.
    [[nodiscard]] Result<> drop(const std::function<bool(const Entry&)>& isSafe);

  private:
    explicit WithdrawalJournal(std::unique_ptr<JournalDisk> disk) : disk_(std::move(disk)) {}
    /// Whole lines, with their ends.
    [[nodiscard]] std::string text() const;

    std::unique_ptr<JournalDisk> disk_;
    std::vector<Entry> entries_;
    std::vector<std::string> damaged_;
};

}  // namespace tapport::hub
