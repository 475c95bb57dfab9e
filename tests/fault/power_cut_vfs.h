// SPDX-License-Identifier: GPL-3.0-or-later
// A disk in memory behind SQLite's VFS interface, with a plug that can be pulled, syncs that can
// fail and an end to its room. Between two syncs of a file its writes are only promised: after a
// cut each of them may be there, missing, or torn at a sector, in any combination, as on a real
// disk with a write cache.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

struct sqlite3_vfs;

namespace tapport::fault {

class PowerCutDisk {
  public:
    enum class Use : std::uint8_t {
        ByName,
        ByDefault,  ///< whoever names no VFS gets this one
    };
    enum class Syncs : std::uint8_t {
        Honest,
        NotOfLogs,  ///< a write-ahead log's are said to be done and are not
    };

    /// Registered under `name()` until destroyed. One thread; databases must be closed first.
    explicit PowerCutDisk(Use use = Use::ByName);
    ~PowerCutDisk();
    PowerCutDisk(const PowerCutDisk&) = delete;
    PowerCutDisk& operator=(const PowerCutDisk&) = delete;

    [[nodiscard]] const std::string& name() const { return name_; }
    /// Writes, truncations, syncs and deletions so far.
    [[nodiscard]] std::uint64_t operations() const { return operations_; }
    /// That operation and every one after it fails. Not reached yet: power stays on.
    void pullPlugAt(std::uint64_t operation) { cutAt_ = operation; }
    [[nodiscard]] bool isOut() const { return cutAt_ && operations_ >= *cutAt_; }
    void setSyncs(Syncs syncs) { syncs_ = syncs; }
    /// The next sync reports an error, whatever it did.
    void failNextSync() { isSyncBroken_ = true; }
    /// Files keep their size from now on: a write beyond one's end fails.
    void fillUp() { isFull_ = true; }
    void makeRoom() { isFull_ = false; }
    /// What is on the disk when the power is back. Databases must be closed.
    void restore(std::mt19937_64& random);

    // What the VFS's functions work on.
    struct Write {
        std::uint64_t offset = 0;
        std::vector<std::uint8_t> bytes;
        std::optional<std::uint64_t> truncatedTo;  ///< a truncation instead of a write
    };
    struct File {
        std::vector<std::uint8_t> live;     ///< what reads see
        std::vector<std::uint8_t> durable;  ///< what the last sync put on the disk
        std::vector<Write> promised;        ///< since the last sync
        bool isLog = false;
        bool isNameDurable = false;  ///< a file that was never synced may vanish whole
    };
    /// False when the power is out.
    [[nodiscard]] bool operate();
    [[nodiscard]] bool isSynced(const File& file) const {
        return syncs_ == Syncs::Honest || !file.isLog;
    }
    [[nodiscard]] bool isFull() const { return isFull_; }
    [[nodiscard]] bool takeSyncFailure() { return std::exchange(isSyncBroken_, false); }
    std::map<std::string, std::shared_ptr<File>> files;

  private:
    std::string name_;
    std::unique_ptr<sqlite3_vfs> vfs_;
    std::uint64_t operations_ = 0;
    std::optional<std::uint64_t> cutAt_;
    Syncs syncs_ = Syncs::Honest;
    bool isSyncBroken_ = false;
    bool isFull_ = false;
};

}  // namespace tapport::fault
