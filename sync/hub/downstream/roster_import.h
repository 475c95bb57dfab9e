// SPDX-License-Identifier: GPL-3.0-or-later
// The organiser's list of who has which badge, from a CSV file to entries that only the badge
// opens, and out again. Rows are checked one by one; nothing of a person is in any report, log or
// error.
#pragma once

#include "sync/event/event.h"
#include "sync/hub/downstream/csv_reader.h"
#include "sync/hub/store/down_log.h"
#include "sync/record/unit.h"

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>

namespace tapport::hub {

enum class RosterMode : std::uint8_t {
    Import,
    Preview,  ///< says what an import would do
    Remove,   ///< takes the entries of the badges in the file back
};

struct RosterReport {
    std::uint64_t created = 0;
    std::uint64_t updated = 0;
    std::uint64_t unchanged = 0;
    std::uint64_t removed = 0;
    std::uint64_t unknown = 0;  ///< to be removed, and not there
    std::uint64_t erased = 0;   ///< left out: their holders asked for erasure
    std::uint64_t rejected = 0;
    /// Headings that mean nothing here, as they stand there; one that is long or no text is "".
    std::vector<std::string> columnsIgnored{};
    /// Of the first rejected rows: line and reason, nothing that they hold.
    std::vector<std::string> problems;
    std::optional<Error> brokeOff{};  ///< what is counted was done, the rest was not

    [[nodiscard]] bool hasTaken() const {
        return created + updated + unchanged + removed + unknown + erased > 0;
    }
};

class RosterImport {
  public:
    static constexpr std::size_t kRowsAStep = 500;

    /// Reads all of it once: of a file that cannot be read to its end nothing is imported.
    /// InvalidInput: a quote does not end, or its first line names no column for the badge's token.
    /// `event` and `log` must outlive it.
    [[nodiscard]] static Result<RosterImport> open(const std::filesystem::path& file,
                                                   const event::Event& event, DownLog& log,
                                                   RosterMode mode);

    /// A bounded piece, in one transaction. False: done. An error leaves what was done before, and
    /// is not counted.
    [[nodiscard]] Result<bool> step();
    [[nodiscard]] const RosterReport& report() const { return report_; }

  private:
    enum class Column : std::uint8_t {
        Token,
        Name,
        FirstName,
        LastName,
        Company,
        Email,
        Phone,
        Address,
    };
    using Counter = std::uint64_t RosterReport::*;
    /// What is to be told in one step, and as what each was counted.
    struct Piece {
        std::vector<DownPut> puts;
        std::vector<Counter> counted;
        void add(RosterReport& report, Counter counter, DownPut put);
    };
    RosterImport(std::unique_ptr<std::ifstream> in, const event::Event& event, DownLog& log,
                 RosterMode mode);
    [[nodiscard]] Result<> readHeader();
    [[nodiscard]] Result<> take(const CsvReader::Row& row, Piece& piece);
    /// Why it is none, if so.
    [[nodiscard]] std::optional<std::string> whyNoRow(const CsvReader::Row& row) const;
    /// What is wrong with it; else what is to be told of its badge, if anything.
    [[nodiscard]] Result<std::optional<std::string>> entryOf(const CsvReader::Row& row,
                                                             Piece& piece);
    [[nodiscard]] Result<> enter(const record::Contact& contact, const record::VaultAccess& access,
                                 Piece& piece);
    [[nodiscard]] Result<> remove(const record::VaultLookup& lookup, Piece& piece);
    [[nodiscard]] std::string cell(const CsvReader::Row& row, Column column) const;
    [[nodiscard]] record::Contact contactOf(const CsvReader::Row& row) const;

    std::unique_ptr<std::ifstream> in_;
    std::unique_ptr<CsvReader> reader_;
    const event::Event& event_;
    DownLog& log_;
    RosterMode mode_;
    std::map<Column, std::size_t> columns_;
    std::size_t width_ = 0;                             ///< cells of the first line
    std::map<record::VaultLookup, std::size_t> lines_;  ///< of badges seen
    RosterReport report_;
};

}  // namespace tapport::hub
