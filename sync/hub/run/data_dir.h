// SPDX-License-Identifier: GPL-3.0-or-later
// The hub's folder: database, suppression key, lock, local socket, web address. One process owns it
// at a time.
#pragma once

#include "sync/ledger/suppression.h"

#include <chrono>
#include <filesystem>
#include <optional>

namespace tapport::hub {

class DataDir {
  public:
    /// Makes the folder, for its owner only, when it is missing.
    [[nodiscard]] static Result<DataDir> open(const std::filesystem::path& path);

    [[nodiscard]] std::filesystem::path database() const { return path_ / "hub.db"; }
    [[nodiscard]] std::filesystem::path suppressionKeyFile() const {
        return path_ / "suppression.key";
    }
    [[nodiscard]] std::filesystem::path socket() const { return path_ / "hub.sock"; }
    [[nodiscard]] std::filesystem::path urlFile() const { return path_ / "hub_url"; }
    [[nodiscard]] std::filesystem::path lockFile() const { return path_ / "hub.lock"; }
    [[nodiscard]] std::filesystem::path withdrawals() const { return path_ / "withdrawals"; }
    /// Event files that counted here, each under its digest.
    [[nodiscard]] std::filesystem::path editions() const { return path_ / "editions"; }
    /// The tenant's key of suppression marks; made at the first start, for the owner only. To be
    /// backed up with the database. InvalidConfig when the file holds none.
    [[nodiscard]] Result<ledger::SuppressionKey> suppressionKey() const;
    /// Only as it was kept in `file`. NotFound: there is none.
    [[nodiscard]] static Result<ledger::SuppressionKey> readSuppressionKey(
        const std::filesystem::path& file);
    [[nodiscard]] Result<> keepSuppressionKey(const ledger::SuppressionKey& key) const;

  private:
    explicit DataDir(std::filesystem::path path) : path_(std::move(path)) {}
    std::filesystem::path path_;
};

/// Ownership of a data folder; ends with the object, and with the process however that ends.
class DataLock {
  public:
    /// Busy: a hub is running here, or a command still was after `patience`.
    [[nodiscard]] static Result<DataLock> take(
        const DataDir& dir, std::chrono::milliseconds patience = std::chrono::milliseconds(0));
    ~DataLock();
    DataLock(DataLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    DataLock& operator=(DataLock&&) = delete;

  private:
    explicit DataLock(int fd) : fd_(fd) {}
    int fd_;
};

}  // namespace tapport::hub
