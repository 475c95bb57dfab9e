// SPDX-License-Identifier: GPL-3.0-or-later
// Port: the state that kiosks are told (sync/wire/downstream.h), as a log of which every key has
// its last item only. Part of a Store; one transaction a writing call.
#pragma once

#include "sync/wire/downstream.h"

#include <span>
#include <vector>

namespace tapport::hub {

/// An item to tell, in the place of the one that its key had.
struct DownPut {
    wire::DownItem item;
    record::KioskId kiosk{};  ///< empty: for all of them
    /// Roster: tells what is inside a closed payload from what was, to who has the badge's token;
    /// empty: nobody asks. Command, EventPart: byte by byte not less than the one that stands, or
    /// that stays.
    Bytes fingerprint{};
    std::optional<record::SubjectId> subject{};  ///< whom it is about
    /// What stays of the payload when contact and conversations must go and the badge's key is not
    /// at hand; empty: nothing.
    Bytes bare{};
};

/// Which of the two orders an item is in. Kept with it: the numbers are in the database.
enum class DownLane : std::uint8_t {
    Urgent,
    Bulk,  ///< the organiser's roster, but for what an erasure takes out of it
};
[[nodiscard]] DownLane laneOf(const DownPut& put);

/// A part of the log.
struct DownPage {
    std::vector<wire::DownItem> items;
    wire::DownVersion through{};  ///< these are all up to here
    wire::Rest rest = wire::Rest::Some;
};

class DownLog {
  public:
    virtual ~DownLog() = default;
    /// Of the newest items; 0: there never was one. Goes up by one with each, in the order it is
    /// in.
    [[nodiscard]] virtual Result<wire::DownVersion> downVersion() = 0;
    /// Which of them (by index, rising) are not told, because of what stands: what an erasure took
    /// stays taken from an item without a subject, and see `fingerprint`. One whose key comes again
    /// in `puts` is not told either.
    [[nodiscard]] virtual Result<std::vector<std::size_t>> putDown(
        std::span<const DownPut> puts) = 0;
    /// What `kiosk` must be told that has everything up to `after`: as much as makes one chunk,
    /// what is urgent first. To who has nothing, nothing is said of what is no more.
    [[nodiscard]] virtual Result<DownPage> downPage(const record::KioskId& kiosk,
                                                    const wire::DownVersion& after) = 0;
    /// What `kiosk` must be told that is revoked: as downPage(), but of what is urgent up to the
    /// command that says so (wire::kRevoked), and of the rest nothing. Without one: nothing.
    [[nodiscard]] virtual Result<DownPage> downPageOfRevoked(const record::KioskId& kiosk,
                                                             const wire::DownVersion& after) = 0;
    /// The item of this key that stands; `fingerprint` and payload as they were put.
    [[nodiscard]] virtual Result<std::optional<DownPut>> findDown(wire::ItemKind kind,
                                                                  const record::KioskId& kiosk,
                                                                  ByteView key) = 0;
    /// An erasure took this item, which was for all kiosks; it is not to come back.
    [[nodiscard]] virtual Result<bool> isErased(wire::ItemKind kind, ByteView key) = 0;
    /// Takes at most `most` items of this kind back, which were for all kiosks; how many there
    /// were.
    [[nodiscard]] virtual Result<std::uint64_t> takeBack(wire::ItemKind kind,
                                                         std::uint64_t most) = 0;
};

}  // namespace tapport::hub
