// SPDX-License-Identifier: GPL-3.0-or-later
// What VisitSession holds between steps; private to this folder. The attendee's part is in
// attendee_flow.cpp, the staff's in staff_flow.cpp, clock and dispatch in visit_session.cpp.
// Anything derived from a badge lives in `visit` or `last` and nowhere else, so that forgetting is
// one assignment.
#pragma once

#include "firmware-app/visit/held_conversation.h"
#include "firmware-app/visit/try_limit.h"
#include "firmware-app/visit/unit_builder.h"

namespace tapport::visit {

/// How the visit came to ask: decides what Back leads to and what an unanswered ask shows.
enum class Route : std::uint8_t {
    Undecided,   ///< no question answered yet
    All,         ///< "all" on Purposes
    Choose,      ///< "choose" on Purposes: every question
    ChangeMine,  ///< from Recorded: every question again
};

/// One badge's stay at the kiosk.
struct CurrentVisit {
    BadgeSeen badge;
    std::optional<vault::Entry> known;  ///< as recorded before, or by this visit once committed
    std::vector<record::ConsentEvent> beside;  ///< of other kiosks, not known to what is `known`
    std::optional<record::Contact> roster;
    std::uint64_t hubState = 0;
    Route route = Route::Undecided;
    std::vector<std::optional<AnswerGiven>> given;  ///< one an ask
    std::optional<AnswerGiven> replaced;  ///< what the answer being changed on Summary was
    record::Contact typed;
    std::optional<record::Contact> beforeCorrection;  ///< what was typed by then, while correcting
    std::vector<HeldConversation> drafts;             ///< wait for the attendee's confirmation
    bool isRecorded = false;                          ///< something of this visit was committed
    std::optional<record::StaffId> assistedBy;        ///< presses for the attendee
    bool seeksAnswers = false;                        ///< came by "see or change my answers"
};

/// What staff may still log about when the screen is clear again. No contact, no answers.
struct LastVisit {
    std::optional<seal::BadgeIdentity> badge;  ///< only after a yes
    BadgeStrength strength = BadgeStrength::Secret;
    record::Millis keptUntil{};
};

/// A transaction under way; Retry sends the very same units again.
struct PendingSave {
    Commit commit;
    Screen then = Screen::Saved;
};

enum class PinCheck : std::uint8_t {
    None,
    Waiting,
    Abandoned,  ///< the one who typed it has left: counts as a try, opens nothing
};

struct VisitSession::State {
    State(const event::Event& eventFile, Timing timings, std::string build,
          std::function<record::RecordId()> makeId, std::function<record::ReceiptId()> makeReceipt,
          const KeptTries& kept);

    const event::Event& event;
    const Timing timing;
    const std::function<record::RecordId()> newId;
    const UnitBuilder builder;

    View view;
    record::ClockReading now;
    record::Millis shownAt{};   ///< when the current screen appeared
    record::Millis activeAt{};  ///< when somebody last did something
    int extensionsUsed = 0;
    std::vector<Effect> effects;

    std::optional<CurrentVisit> visit;
    std::optional<LastVisit> last;
    std::optional<PendingSave> saving;

    std::optional<Screen> resume;                 ///< staff came in during the visit: its screen
    bool isClosed = false;                        ///< the organiser took it out of use
    bool isSeeking = false;                       ///< "see or change my answers" was pressed
    std::optional<record::StaffId> assisting;     ///< waits for the badge of whom they assist
    std::optional<record::Conversation> logging;  ///< waits for the last visit's vault entry
    PinCheck pinCheck = PinCheck::None;
    TryLimit pinTries;
    TryLimit codeTries;

    // Clock and screens (visit_session.cpp)
    void enter(Screen screen);
    void touch();
    void restartWarning();
    void expire();
    void dropOldVisit();
    void render();
    void forget();
    void save(Commit commit, Screen then);
    [[nodiscard]] std::optional<record::Millis> warnsAt() const;
    [[nodiscard]] std::optional<record::Millis> clearsAt() const;
    [[nodiscard]] bool isStaffAtWork() const;
    [[nodiscard]] bool isResting() const;
    [[nodiscard]] record::Millis waitFor(const TryLimit& limit) const;

    void on(const ChooseLanguage& choice);
    void on(const Committed& committed);
    void on(const ReceiptIssued& issued);
    void on(const CommitFailed&);
    void on(const Retry&);
    void on(const StayLonger&);
    void on(const Typed&);
    void on(const Closed& what);
    void on(const Tick&);
    void on(const Back&);
    void on(const Cancel&);
    void on(const Done&);
    void on(const VaultAnswered& answer);
    void on(const LookUpFailed&);

    // The attendee (attendee_flow.cpp)
    void on(const TapBadge& tap);
    void on(const TapTrouble& tap);
    void on(const SeeMyAnswers&);
    void on(const TypeCode&);
    void on(const EnterCode& entry);
    void on(const AnswerNone&);
    void on(const AnswerChoose&);
    void on(const AnswerAll&);
    void on(const DeclineUnderAge&);
    void on(const GiveAnswer& answer);
    void on(const ChangeAnswer& change);
    void on(const Confirm&);
    void on(const WithdrawAll&);
    void on(const WithdrawOne& withdrawal);
    void on(const Erase&);
    void on(const ChangeMine&);
    void on(const NewReceipt&);
    void foundVisit(const VaultAnswered& answer);
    void refuseBadge(BadgeTrouble trouble);
    void attendeeBack();
    void ask(std::size_t index);
    void advance();
    void confirm();
    void withdraw(const std::vector<record::ConsentEvent>& decisions);
    void startOver(Route route);
    [[nodiscard]] AnswerGiven given(std::size_t index, Answer answer, std::string_view screen,
                                    std::string_view order) const;
    [[nodiscard]] record::Evidence evidence(std::string_view screen, std::string_view order) const;
    [[nodiscard]] record::Method spokenOr(record::Method pressed) const;
    [[nodiscard]] Outcome outcome() const;
    [[nodiscard]] Answer recorded(std::size_t index) const;
    [[nodiscard]] Answer current(std::size_t index) const;
    [[nodiscard]] std::vector<record::Channel> channelsWithYes() const;
    void endVisit();

    // The attendee's contact (contact_flow.cpp)
    void on(const EnterContact& entry);
    void on(const CorrectContact&);
    [[nodiscard]] record::Contact contactAtHand() const;
    [[nodiscard]] std::optional<ContactField> missingField() const;
    /// Of what a yes stores, the first that holds something; behind `after`, where that is given.
    [[nodiscard]] std::optional<ContactField> correctable(
        const std::optional<ContactField>& after) const;

    // The staff (staff_flow.cpp)
    void on(const OpenStaff&);
    void on(const TapStaffBadge& tap);
    void on(const EnterPin& entry);
    void on(const PinChecked& checked);
    void on(const Assist&);
    void on(const SubmitConversation& submitted);
    [[nodiscard]] bool staffMayComeIn();
    void openForm(const record::StaffId& staff);
    void leaveStaff();
    void foundLastVisit(const std::optional<vault::Entry>& entry);
    [[nodiscard]] record::Conversation written(const ConversationDraft& draft) const;
};

}  // namespace tapport::visit
