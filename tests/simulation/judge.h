// SPDX-License-Identifier: GPL-3.0-or-later
// The attendees, what their screens told them, and whether all of it is true. They believe a
// "thank you" and nothing else; the judge looks into every disk.
#pragma once

#include "firmware-app/visit/visit_session.h"
#include "sync/hub/export/release.h"
#include "sync/vault/entry.h"
#include "tests/simulation/clockwork.h"
#include "tests/simulation/hub_page.h"
#include "tests/support/fake_sink.h"

#include <stdexcept>

namespace tapport::simulation {

/// What went wrong in a world.
class Violation : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// One press that records something, on one kiosk.
struct Act {
    std::vector<record::Unit> units;
    /// The ids of each try to save it. A retry writes the same.
    std::vector<std::vector<record::RecordId>> attempts;
    bool isConfirmed = false;   ///< the screen said so, or the page
    bool isClockRight = false;  ///< the kiosk's, at that time
    /// Then each try that reached the hub has a unit of its own, if it had one recorded.
    bool isOnPhone = false;
};

struct Attendee {
    visit::BadgeSeen badge;
    std::vector<Act> acts;  ///< in the order in which the person did them
};

class Judge {
  public:
    explicit Judge(std::size_t attendees);

    [[nodiscard]] std::vector<Attendee>& attendees() { return attendees_; }
    /// An attendee's latest act was tried under these units.
    void attempted(Attendee& attendee, const std::vector<record::Unit>& units, bool isRetry,
                   bool isClockRight);
    static void confirmed(Attendee& attendee) { attendee.acts.back().isConfirmed = true; }
    /// Somebody presses a button of a receipt's page.
    [[nodiscard]] ActRef pressed(std::size_t attendee);
    /// The hub made this of it, which it may have committed.
    void withdrew(const ActRef& press, const record::Unit& unit, const HubDisk& hub);
    /// A page relied on these withdrawals by phone, and was looked at.
    void saw(const std::set<record::RecordId>& taken) { seen_.insert(taken.begin(), taken.end()); }
    /// A page said that these yeses, which it had shown, are taken back.
    void tookBack(const ActRef& press, const std::set<record::RecordId>& yeses);
    [[nodiscard]] bool isFromPhone(const record::RecordId& id) const {
        return onPhone_.contains(id);
    }

    /// The card went with which these were, and no other copy is left.
    void excuse(const record::RecordId& id) { excused_.insert(id); }

    /// A kiosk is told that the hub has this record; both speak of the same epoch of the hub.
    static void released(const record::RecordId& id, const HubDisk& hub);
    /// A kiosk drops this record.
    static void dropped(const record::RecordId& id, const HubDisk::Backup& backup);
    void exported(const std::vector<hub::ProvenLead>& leads, const HubDisk& hub) const;
    /// What a kiosk has been told, and what it would show of an attendee, once all is settled.
    static void told(const support::FakeSink::Items& items, const HubDisk& hub);
    void shown(const Attendee& attendee, const vault::Entry& entry, const HubDisk& hub) const;
    /// At the end, when every kiosk thinks that all is done.
    void settled(const std::vector<hub::ProvenLead>& leads, const HubDisk& hub) const;

    [[nodiscard]] std::uint64_t confirmedRecords() const;
    [[nodiscard]] std::uint64_t confirmedPresses() const;

  private:
    /// Whether the person said no to it in a later act that the hub knows of.
    [[nodiscard]] bool isTakenBack(const ActRef& given, const record::ConsentEvent& yes,
                                   const HubDisk& hub) const;
    /// Whether what the person said last on that purpose and channel is a no.
    [[nodiscard]] static bool isNoByNow(const Attendee& attendee, const record::ConsentEvent& yes,
                                        const HubDisk& hub);
    void checkAct(const Act& act, const HubDisk& hub) const;
    static void checkContent(const Act& act, const HubDisk& hub);
    /// Whether somebody took it back by phone, in a record that knows it and that the hub has.
    [[nodiscard]] bool isTakenBackByPhone(const record::RecordId& yes, const HubDisk& hub) const;
    void checkPages(const HubDisk& hub) const;
    static void checkLinks(const HubDisk& hub);
    void checkTakenBack(const std::vector<hub::ProvenLead>& leads) const;
    void checkExportOf(const Attendee& attendee, const std::vector<hub::ProvenLead>& leads,
                       const HubDisk& hub) const;

    std::vector<Attendee> attendees_;
    std::map<record::RecordId, ActRef> byConsent_;
    std::set<record::RecordId> made_;  ///< on any kiosk, confirmed or not
    std::set<record::RecordId> excused_;

    // By phone.
    std::map<record::RecordId, ActRef> onPhone_;  ///< whose press the hub made it of
    std::map<record::RecordId, std::set<record::RecordId>> takenBackBy_;  ///< by yes
    std::set<record::RecordId> seen_;      ///< withdrawals that a page relied on
    std::set<record::RecordId> shownOff_;  ///< yeses that a page said are taken back
};

}  // namespace tapport::simulation
