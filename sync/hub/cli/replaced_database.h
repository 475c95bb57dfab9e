// SPDX-License-Identifier: GPL-3.0-or-later
// The database whose place a backup takes: what it told kiosks, and what it has that the backup
// lacks. Only a copy is opened, which goes with this object: the file itself is kept aside as it
// was.
#pragma once

#include "sync/event/event.h"
#include "sync/hub/run/data_dir.h"
#include "sync/hub/store/store.h"

namespace tapport::hub {

/// A private file beside the database, with its log; goes with this object, and what an earlier one
/// left behind goes at its beginning.
class Draft {
  public:
    Draft(const std::filesystem::path& database, const char* suffix);
    ~Draft() { remove(); }
    Draft(const Draft&) = delete;
    Draft& operator=(const Draft&) = delete;

    enum class Log : std::uint8_t { Without, With };
    [[nodiscard]] Result<> copyFrom(const std::filesystem::path& source, Log log) const;
    /// Takes the database's place; under what name the former one is kept, if there was one.
    [[nodiscard]] Result<std::optional<std::filesystem::path>> become(
        const std::filesystem::path& database) const;
    [[nodiscard]] const std::filesystem::path& file() const { return file_; }

  private:
    [[nodiscard]] std::filesystem::path log() const { return file_.string() + "-wal"; }
    void remove() const;

    std::filesystem::path file_;
};

/// Of one kiosk: how many of its records it may have dropped, being told that they are backed up,
/// and are not held.
struct Lost {
    record::KioskId kiosk;
    std::uint64_t records = 0;
};

class ReplacedDatabase {
  public:
    /// StorageFull: no room for the copy. Whatever else is wrong with it: unread().
    [[nodiscard]] static Result<ReplacedDatabase> read(const DataDir& dir,
                                                       const event::Event& event,
                                                       const ledger::SuppressionKey& key);

    /// Nothing is in the data folder.
    [[nodiscard]] bool isThere() const { return isThere_; }
    /// Why nothing can be said of it.
    [[nodiscard]] const std::optional<std::string>& unread() const { return unread_; }
    /// What of that `store` does not hold; whoever lost nothing is not named.
    [[nodiscard]] Result<std::vector<Lost>> lostIn(Store& store) const;
    /// Nothing, when it could not be read.
    [[nodiscard]] Result<CarriedOver> carryInto(Store& store, record::WallTime at) const;

  private:
    explicit ReplacedDatabase(const DataDir& dir);
    [[nodiscard]] Result<> open(const event::Event& event, const ledger::SuppressionKey& key);

    bool isThere_ = false;
    std::unique_ptr<Draft> copy_;
    std::vector<Watermark> told_;
    std::optional<std::string> unread_;
};

/// In words: "kiosk-1: 3 records, kiosk-2: 1 record".
[[nodiscard]] std::string lostText(const std::vector<Lost>& lost);

}  // namespace tapport::hub
