// SPDX-License-Identifier: GPL-3.0-or-later
// The attendee's and the staff's flow as one state machine: step(event, now) -> effects. Pure:
// time, ids and randomness are handed in, nothing is stored, drawn or sent here.
//
// Rules it keeps (sources in README.md): a tap identifies and never consents; nothing is pre-set;
// none, choose and all are equal and refusing never takes more presses; time-out means no and
// stores nothing; on a second tap earlier answers stay until confirmed otherwise; no yes, no named
// note.
#pragma once

#include "sync/event/event.h"
#include "sync/record/tries.h"
#include "sync/record/unit.h"
#include "sync/seal/seal.h"
#include "sync/vault/entry.h"

#include <functional>
#include <memory>
#include <variant>

namespace tapport::visit {

enum class Screen : std::uint8_t {
    Idle,          ///< tap your badge; see or change my answers; language
    TapToSee,      ///< "see or change my answers" was pressed: waits for the badge
    BadgeProblem,  ///< what to do about a badge that could not be read
    Code,          ///< types the code printed on the badge instead of tapping it
    Loading,       ///< looking for an earlier visit (shown only if it takes long)
    Purposes,      ///< what we ask, with three equal buttons none / choose / all
    Question,      ///< one purpose on one channel
    Contact,       ///< one field that a yes needs and the badge did not bring, or that is wrong
    Summary,       ///< every answer, each changeable
    Saving,
    Saved,       ///< recorded on this device
    NoThanks,    ///< recorded that there was a no, and nothing about the person
    UnderAge,    ///< too young to be asked: nothing was stored
    SaveFailed,  ///< nothing was confirmed; try again
    Recorded,    ///< tapped again: what is recorded here
    Receipt,     ///< a new receipt of it
    Withdrawn,   ///< the withdrawal is recorded
    Erased,      ///< the demand to erase is recorded, and what this kiosk held is gone
    StaffPin,
    StaffForm,  ///< the conversation
    StaffSaved,
    Closed,  ///< the organiser took this kiosk out of use: nobody is asked
};

enum class Answer : std::uint8_t { Unset, No, Yes };

enum class BadgeTrouble : std::uint8_t {
    Unknown,
    Empty,
    Malformed,
    TooSoon,
    Several,
    NotOurs,
    LookUpFailed,  ///< the badge is well; what is recorded about it could not be read
};

/// The first three are how somebody is reached; the others can be corrected, and are never asked
/// for.
enum class ContactField : std::uint8_t { Email, Phone, Address, Name, Company };

/// How hard it is to come by what a badge's identity was derived from.
enum class BadgeStrength : std::uint8_t {
    Secret,     ///< a random token: whoever has it held the badge
    Guessable,  ///< a UID or a typed code: the vault keeps decisions only
};

/// What the attendee's badge stands for; made at the edge from the token (BadgeMessage, seal).
struct BadgeSeen {
    seal::BadgeIdentity identity;
    record::Contact card;  ///< what a vCard on the badge said; looked at only after a yes
    BadgeStrength strength = BadgeStrength::Secret;
};

struct ConversationDraft {
    std::string need;
    std::string readiness;
    std::string note;
    std::string promise;                             ///< empty: none
    std::optional<std::chrono::year_month_day> due;  ///< empty: a week from today
    std::string promiseOwner;                        ///< staff id; empty: the one who logs
    bool operator==(const ConversationDraft&) const = default;
};

// Events. What people do:
struct TapBadge {
    BadgeSeen badge;
};
struct TapStaffBadge {
    record::StaffId staff;
};
struct TapTrouble {
    BadgeTrouble trouble;
};
struct ChooseLanguage {
    std::string language;
};
struct SeeMyAnswers {};
struct TypeCode {};  ///< "No NFC?": on Idle, TapToSee and BadgeProblem
struct EnterCode {
    std::string text;
};  ///< on Code
struct AnswerNone {};
struct AnswerChoose {};
struct AnswerAll {};
struct DeclineUnderAge {};  ///< on Purposes, where Profile::minimumAge asks for it
struct GiveAnswer {
    Answer answer;
};  ///< on Question
struct EnterContact {
    std::string text;
};  ///< on Contact
struct ChangeAnswer {
    std::size_t ask;
};                         ///< on Summary: asks this one again
struct CorrectContact {};  ///< on Summary: goes through the details that a yes stores
struct Confirm {};         ///< on Summary
struct Back {};
struct Cancel {};       ///< leave without storing anything new
struct Done {};         ///< finished reading: clears the screen
struct WithdrawAll {};  ///< on Recorded
struct WithdrawOne {
    std::size_t ask;
};                     ///< on Recorded
struct Erase {};       ///< on Recorded: everything about me, everywhere
struct ChangeMine {};  ///< on Recorded: go through the questions again
struct NewReceipt {};  ///< on Recorded: a receipt of what is recorded now
struct Retry {};       ///< on SaveFailed
struct StayLonger {};  ///< answers the time-out warning
struct OpenStaff {};
struct EnterPin {
    std::string pin;
};
/// On StaffForm: staff press for somebody who cannot use the screen; every answer from here to the
/// end of that visit is marked as spoken (Method::Oral, Evidence::staff).
struct Assist {};
struct SubmitConversation {
    ConversationDraft draft;
};                ///< on StaffForm; ignored unless `need` is in the event's list
struct Typed {};  ///< a key or a choice inside a screen: somebody is there, nothing else changes
// What adapters answer:
struct VaultAnswered {
    std::optional<vault::Entry> entry;
    /// Decisions of other kiosks that stand beside the entry's (vault::Merged).
    std::vector<record::ConsentEvent> beside{};
    /// What the organiser said of the badge's holder; looked at only after a yes.
    std::optional<record::Contact> roster{};
    std::uint64_t hubState = 0;  ///< version of the hub's state in which all this stood
};
/// What the organiser says through the hub: out of use, or in use again.
struct Closed {
    bool isClosed = true;
};
struct LookUpFailed {};  ///< what is known could not be read: nobody is asked afresh over it
struct Committed {
    std::string receiptLink{};  ///< of what was committed; empty: nothing to take along
};
struct ReceiptIssued {
    std::string receiptLink;  ///< empty: none could be made
};
struct CommitFailed {};
struct PinChecked {
    std::optional<record::StaffId> staff;
};
struct Tick {};

using Event =
    std::variant<TapBadge, TapStaffBadge, TapTrouble, ChooseLanguage, SeeMyAnswers, TypeCode,
                 EnterCode, AnswerNone, AnswerChoose, AnswerAll, DeclineUnderAge, GiveAnswer,
                 EnterContact, ChangeAnswer, CorrectContact, Confirm, Back, Cancel, Done,
                 WithdrawAll, WithdrawOne, Erase, ChangeMine, NewReceipt, Retry, StayLonger,
                 OpenStaff, EnterPin, Assist, SubmitConversation, Typed, Closed, VaultAnswered,
                 LookUpFailed, Committed, ReceiptIssued, CommitFailed, PinChecked, Tick>;

// Effects, carried out by the composition root in this order. A LookUpVault, Commit, IssueReceipt
// or CheckPin is answered exactly once: Loading and Saving wait for it without a time-out.
struct LookUpVault {
    record::VaultAccess access;
};  ///< answered by VaultAnswered or LookUpFailed
/// What a typed code stands for, as a Guessable badge. Answered by TapBadge.
struct DeriveBadge {
    std::string code;  ///< as badgeCode() gives it
};
/// One transaction: units get their positions there. Answered by Committed or CommitFailed.
struct Commit {
    std::vector<record::Unit> units;
    std::optional<record::VaultAccess> access;  ///< with `entry`: written in the same transaction
    std::optional<vault::Entry> entry;
};
/// A signed summary of what the entry holds; nothing is recorded. Answered by ReceiptIssued.
struct IssueReceipt {
    vault::Entry entry;
};
struct CheckPin {
    std::string pin;
};  ///< answered by PinChecked
enum class Guessed : std::uint8_t { Pin, Code };
/// On the disk before an effect after it is carried out, so that a try counts even when the plug is
/// pulled before its answer.
struct KeepTries {
    Guessed what;
    record::Tries tries;
};
/// The visit is over: fields, keyboard, clipboard and everything derived from the badge must go.
struct Forget {};
enum class Sound : std::uint8_t { Accepted, Problem };
struct Signal {
    Sound sound;
};

using Effect = std::variant<LookUpVault, DeriveBadge, Commit, IssueReceipt, CheckPin, KeepTries,
                            Forget, Signal>;

/// How the buttons stand, kept with every answer as evidence: the pages lay them out in this order.
inline constexpr std::string_view kPurposesOrder = "none,choose,all";
inline constexpr std::string_view kQuestionOrder = "no,yes";
inline constexpr std::string_view kWithdrawOrder = "withdraw";
inline constexpr std::string_view kEraseOrder = "back,erase";

/// Everything the screens show. Indices are those of Event::asks.
struct View {
    Screen screen = Screen::Idle;
    std::string language;
    std::vector<Answer> answers;   ///< one an ask: the visit's current answer
    std::vector<Answer> recorded;  ///< one an ask: what was recorded before (Recorded screen)
    std::size_t ask = 0;           ///< on Question
    bool isChangingOne = false;    ///< Question was opened from Summary
    ContactField contactField = ContactField::Email;
    bool isContactInvalid = false;  ///< the last entry was refused; the input is kept
    record::Contact contact;        ///< of this visit: from the badge after a yes, and as typed
    std::vector<record::Conversation>
        conversations;  ///< on Recorded: earlier ones, with this badge
    /// What the attendee may take along from Saved, NoThanks, Withdrawn and Receipt, shown as a QR
    /// code; empty: none to show. Nothing else of it is kept.
    std::string receiptLink;
    BadgeTrouble trouble = BadgeTrouble::Unknown;
    bool isPinWrong = false;
    record::Millis pinBlockedFor{};  ///< > 0 while PIN entry waits after wrong tries
    bool isCodeInvalid = false;  ///< on Code: the last entry cannot be a code; the input is kept
    record::Millis codeBlockedFor{};  ///< > 0 while typed codes wait, after many of them
    /// On Recorded: the hub knows this person, and so there is something to erase.
    bool isErasable = false;
    bool isErased = false;  ///< on Recorded: erased at the person's own wish, nothing since
    /// A UID or a typed code: neither contact nor conversations were kept for it.
    bool isGuessable = false;
    std::optional<record::StaffId> assistedBy;  ///< who presses for the attendee
    std::optional<record::StaffId> staff;
    /// StaffForm: note and promise are open, because the person said yes or has not answered yet
    /// (then a no drops them).
    bool isConversationNamed = false;
    bool hasVisitToLog = false;   ///< StaffForm: there is a current or last visit
    bool isWarning = false;       ///< time-out warning is showing
    record::Millis untilClear{};  ///< while isWarning: time left
};

struct Timing {
    record::Millis idle = std::chrono::seconds(45);
    record::Millis warning = std::chrono::seconds(20);
    /// Saved, NoThanks and the like clear after this; with a receipt to scan after `idle`.
    record::Millis done = std::chrono::seconds(12);
    record::Millis lastVisitKept = std::chrono::minutes(10);
    record::Millis inputGuard =
        std::chrono::milliseconds(500);  ///< presses ignored after a screen change
    int extensions = 10;
};

/// As the last KeepTries of each said.
struct KeptTries {
    record::Tries pin;
    record::Tries code;
};

class VisitSession {
  public:
    /// `newId` gives UUIDv7s (also used for one-off subjects), `newReceipt` 128 random bits;
    /// `event` must outlive the session.
    VisitSession(const event::Event& event, Timing timing, std::string build,
                 std::function<record::RecordId()> newId,
                 std::function<record::ReceiptId()> newReceipt, const KeptTries& kept = {});
    ~VisitSession();

    /// Events that do not fit the current screen are ignored (a late press, a second tap).
    /// `now` never goes back on the monotonic clock.
    [[nodiscard]] std::vector<Effect> step(const Event& what, const record::ClockReading& now);
    [[nodiscard]] const View& view() const;
    /// Idle or closed, and staff have had a minute to log about whoever was here last: nothing is
    /// lost if the session is replaced by another one now.
    [[nodiscard]] bool isAtRest(record::Millis now) const;
    /// When step(Tick) has something to do next, on the monotonic clock; nothing while idle with no
    /// last visit kept.
    [[nodiscard]] std::optional<record::Millis> nextDeadline() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace tapport::visit
