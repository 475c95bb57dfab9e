// SPDX-License-Identifier: GPL-3.0-or-later
// What operators do about the records themselves: try again or give up what is in the quarantine,
// back all of it up. Whatever they do, nothing goes without a trace.
#pragma once

#include "sync/hub/ingest/ingest.h"
#include "sync/hub/run/store_access.h"

namespace tapport::hub {

/// What became of quarantined entries that were tried again.
struct Retried {
    std::uint64_t tried = 0;
    std::uint64_t again = 0;         ///< of these, in the quarantine again
    std::uint64_t untried = 0;       ///< apart from these: they stay there
    bool isUnopened = false;         ///< some wait for the opener: whether they stay is not known
    std::vector<std::string> notes;  ///< what could not be tried, and what else is to be known

    /// Nothing that was asked for is in the quarantine any more.
    [[nodiscard]] bool isOut() const { return again == 0 && untried == 0 && !isUnopened; }
};

struct BackedUp {
    std::uint64_t bytes = 0;
    std::uint64_t records = 0;     ///< that kiosks may drop from now on
    std::optional<Error> trouble;  ///< why some are not opened yet, which kiosks keep
};

/// Where a backup keeps the key without which its database does not open.
[[nodiscard]] std::filesystem::path suppressionKeyBeside(const std::filesystem::path& backup);
/// Where it keeps who was enrolled and who is revoked, if that is known on this machine.
[[nodiscard]] std::filesystem::path kioskRegisterBeside(const std::filesystem::path& backup);

class Custody {
  public:
    /// All must outlive it.
    struct Parts {
        Store& store;
        Filing& filing;
        Ingest& ingest;
        std::filesystem::path suppressionKey;  ///< its file
        /// Copies the database into a file that is there and empty, on the asker's thread. None:
        /// the store does it.
        std::function<Result<>(const std::filesystem::path&)> dump{};
        std::filesystem::path kiosks{};  ///< the authority's register; need not be there
    };
    using Clock = std::function<record::ClockReading()>;

    Custody(Parts parts, Clock clock, StoreAccess::Run run)
        : parts_(std::move(parts)), clock_(std::move(clock)), onStore_(std::move(run)) {}

    /// Nothing under this number.
    [[nodiscard]] Result<std::optional<Quarantined>> find(std::int64_t number);
    /// A message goes through ingest once more, a unit through the opener. The kiosk learns what is
    /// received now in the answer to its next hello.
    [[nodiscard]] Result<Retried> retry(std::int64_t number);
    /// All that nobody discarded and that could be taken or opened; of one kiosk, or of all.
    [[nodiscard]] Result<Retried> retryAll(const std::optional<record::KioskId>& kiosk = {});
    /// `why` is kept for good. InvalidInput: empty, of several lines or too long. NotFound,
    /// Conflict: as Store::discardQuarantined().
    [[nodiscard]] Result<> discard(std::int64_t number, const std::string& by,
                                   const std::string& why);

    /// Opens what waits, copies the database into a new file, its suppression key and the register
    /// of kiosks beside it, and then tells kiosks with each acknowledgement what they may drop.
    /// Conflict: there is a file.
    [[nodiscard]] Result<BackedUp> backUp(const std::filesystem::path& file);

  private:
    struct Round;
    [[nodiscard]] Result<> retryOne(std::int64_t number, Round& round);
    [[nodiscard]] Result<> retryMessage(const Quarantined& one, Round& round);
    [[nodiscard]] Result<Retried> conclude(Round round);
    [[nodiscard]] Result<> keepRegister(const std::filesystem::path& backup) const;
    [[nodiscard]] Result<> keepBeside(const std::filesystem::path& file,
                                      const std::filesystem::path& draft) const;

    Parts parts_;
    Clock clock_;
    StoreAccess onStore_;
};

}  // namespace tapport::hub
