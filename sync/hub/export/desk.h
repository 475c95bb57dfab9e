// SPDX-License-Identifier: GPL-3.0-or-later
// Port: what people ask a hub, whether through its pages, its local socket, or on its files while
// it is down.
#pragma once

#include "sync/hub/export/lead_export.h"

#include <filesystem>
#include <set>

namespace tapport::hub {

/// Whether a kiosk is connected to the broker, as it says itself: a hint, nothing is decided by it.
struct KioskPresence {
    bool isConnected = false;
    std::optional<record::WallTime> since{};  ///< as far as this hub saw; none: before it began
    bool operator==(const KioskPresence&) const = default;
};
using Presences = std::map<record::KioskId, KioskPresence>;

/// What was decided about a kiosk.
struct KioskFate {
    bool isRevoked = false;
    bool isOver = false;  ///< told, or will be as it connects, that the event is over
    std::optional<std::string> ended{};  ///< when it said that it destroys its keys and data
    bool operator==(const KioskFate&) const = default;
};
using KioskFates = std::map<record::KioskId, KioskFate>;

struct HubStatus {
    Counts counts;
    std::vector<KioskStanding> kiosks;
    std::uint64_t unsettled = 0;  ///< yeses that must be asked for again before they count
    std::uint64_t stateVersion = 0;
    std::vector<std::string> provisional;      ///< whyProvisional()
    std::optional<std::string> openerTrouble;  ///< why units stay sealed at the moment
    std::optional<Presences> presence{};       ///< none: no hub runs that would know
    KioskFates fates{};                        ///< of whom something was decided
    record::WallTime now{};                    ///< when all this was so, by the hub's clock
    /// Of whom the quarantine takes no more; an empty name: what came on no kiosk's topic.
    std::set<record::KioskId> quarantineFull{};
    /// What restores put aside, and nobody has destroyed yet: with what people said.
    std::vector<std::filesystem::path> replaced{};
};

/// A receipt as the attendee who holds its id may see it.
struct ReceiptView {
    record::PositionedUnit unit;
    ProofState proof = ProofState::Unchecked;
    std::vector<ledger::Standing> now;  ///< of each of the unit's consents, today
    bool isFinal = false;               ///< nothing is known to be missing
    /// On what this person has said yes, here or on another receipt, and not taken back knowingly.
    std::vector<ledger::Scope> withdrawable{};
};

/// What somebody who has a receipt's id takes back.
struct WithdrawalWish {
    std::optional<ledger::Scope> scope{};  ///< none: everything
    record::Method method = record::Method::ReceiptLink;
};
/// What became of it.
struct Withdrawal {
    std::vector<ledger::Scope> withdrawn;        ///< now; empty: nothing was left of it
    std::optional<record::ReceiptId> receipt{};  ///< of the withdrawal
    ReceiptView view;                            ///< of the receipt, as it is since
};

/// What became of the records on a kiosk's disk that was found again.
struct Recovered {
    record::KioskId kiosk;
    std::uint64_t known = 0;    ///< were here already
    std::uint64_t fresh = 0;    ///< came with the disk
    std::uint64_t taken = 0;    ///< of these, say no and nothing else: they count at once
    std::uint64_t forked = 0;   ///< of the new ones, at a position at which another one stands
    std::uint64_t clashed = 0;  ///< quarantined: their id is another record's
    std::string damage;         ///< why reading ended early; empty: it did not
    /// Why it could not be seen who says no; empty: it could.
    std::string unopened;
};

/// Files that anybody may have.
enum class Published : std::uint8_t { Keys, Notices };

class Desk {
  public:
    virtual ~Desk() = default;
    [[nodiscard]] virtual Result<HubStatus> status() = 0;
    /// What may be released now; see releaseLeads().
    [[nodiscard]] virtual Result<LeadPage> leads(const std::optional<record::SubjectId>& after,
                                                 std::size_t most) = 0;
    /// What must be asked again; see findUnsettled().
    [[nodiscard]] virtual Result<UnsettledPage> unsettled(
        const std::optional<record::SubjectId>& after, std::size_t most) = 0;
    /// All leads, after everything that arrived was opened. `by`: who asks, for the log.
    [[nodiscard]] virtual Result<ExportFile> exportLeads(const std::string& by) = 0;
    /// Newest first.
    [[nodiscard]] virtual Result<std::vector<ExportEntry>> exports(std::size_t most) = 0;
    [[nodiscard]] virtual Result<std::optional<ExportEntry>> findExport(
        const record::RecordId& id) = 0;
    /// Newest first; entries below `before` only.
    [[nodiscard]] virtual Result<std::vector<QuarantineEntry>> quarantine(
        const std::optional<std::int64_t>& before, std::size_t most) = 0;
    /// None: not here, or not yet.
    [[nodiscard]] virtual Result<std::optional<ReceiptView>> receipt(
        const record::ReceiptId& id) = 0;
    /// The full signed receipt; none as well when no published key proves it.
    [[nodiscard]] virtual Result<std::optional<std::string>> receiptJws(
        const record::ReceiptId& id) = 0;
    /// Committed when it returns, and counts from then on. None: not here, or not yet. What was
    /// taken back before stays so, and nothing is written. An error: nothing was taken back, unless
    /// the commit's answer got lost; to be tried again.
    [[nodiscard]] virtual Result<std::optional<Withdrawal>> withdraw(
        const record::ReceiptId& id, const WithdrawalWish& wish) = 0;
    /// Takes what is on a kiosk's disk, nothing twice. Nobody signed how it came here: what is new
    /// waits in quarantine, but for what says no. NotFound, InvalidInput: no kiosk's data in this
    /// folder.
    [[nodiscard]] virtual Result<Recovered> recover(const std::filesystem::path& kioskData) = 0;
    /// See Store::sentThrough().
    [[nodiscard]] virtual Result<std::uint64_t> sentThrough(const Sequence& sequence) = 0;
    /// None: nothing is published.
    [[nodiscard]] virtual std::optional<std::string> published(Published file) = 0;
};

}  // namespace tapport::hub
