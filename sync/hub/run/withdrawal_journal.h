// SPDX-License-Identifier: GPL-3.0-or-later
// What people took back on their page since the last backup, in a file beside the database. Of what
// kiosks record they keep a copy until a backup holds it; of this nobody else has one. A line is a
// record, sealed as in the database. Called on the store's thread.
#pragma once

#include "sync/base/error.h"
#include "sync/record/ids.h"

#include <filesystem>
#include <functional>
#include <vector>

namespace tapport::hub {

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

    [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
    /// Lines that say nothing. They stay where they are.
    [[nodiscard]] std::size_t damaged() const { return damaged_.size(); }
    /// On the disk when it returns. An error: the file is as it was.
    [[nodiscard]] Result<> add(Entry entry);
    /// Those of which `isSafe` says so go.
    [[nodiscard]] Result<> drop(const std::function<bool(const Entry&)>& isSafe);

  private:
    explicit WithdrawalJournal(std::filesystem::path file) : file_(std::move(file)) {}
    /// Whole lines, with their ends.
    [[nodiscard]] std::string text() const;

    std::filesystem::path file_;
    std::vector<Entry> entries_;
    std::vector<std::string> damaged_;
};

}  // namespace tapport::hub
