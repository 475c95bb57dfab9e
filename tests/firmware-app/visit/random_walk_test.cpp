// SPDX-License-Identifier: GPL-3.0-or-later
// Thousands of seeded booth days of random presses, taps, waits and failures: rules that no order
// of events may break.
#include "tests/firmware-app/visit/booth.h"

#include <random>
#include <set>

namespace tapport::visit {
namespace {

using namespace std::chrono_literals;
using record::UnitKind;

BadgeSeen guessable() {
    BadgeSeen badge = badgeOf(9);
    badge.strength = BadgeStrength::Guessable;
    return badge;
}

class Walk {
  public:
    explicit Walk(unsigned seed) : random_(seed) {}

    void run(int steps) {
        for (int i = 0; i < steps && !::testing::Test::HasFailure(); ++i) {
            booth_.wait(record::Millis(pick(8) == 0 ? pick(70'000) : pick(1'500)));
            const Event what = nextEvent();
            const Screen before = booth_.screen();
            const auto effects = booth_.step(what);
            check(what, before, effects);
        }
    }

    std::set<Screen> screens;
    std::set<UnitKind> kinds;

  private:
    unsigned pick(unsigned bound) { return random_() % bound; }

    Event nextEvent() {
        if (lookUps_ > 0 && pick(3) != 0) {
            --lookUps_;
            if (pick(8) == 0) {
                return LookUpFailed{};
            }
            const auto known = booth_.entries.find(asked_);
            return VaultAnswered{known == booth_.entries.end() ? std::nullopt
                                                               : std::optional(known->second)};
        }
        if (saving_ && pick(3) != 0) {
            const bool succeeds = pick(4) != 0;
            if (succeeds) {
                booth_.keep(*saving_);
            }
            saving_.reset();
            return succeeds ? Event(Committed{"https://hub.example.com/r/2#a.b.c"})
                            : Event(CommitFailed{});
        }
        if (receipts_ > 0 && pick(3) != 0) {
            --receipts_;
            return ReceiptIssued{pick(4) == 0 ? "" : "https://hub.example.com/r/1#a.b.c"};
        }
        if (pins_ > 0 && pick(3) != 0) {
            --pins_;
            return PinChecked{pick(2) == 0 ? std::nullopt : std::optional(record::StaffId{"kim"})};
        }
        const auto badge = static_cast<std::uint8_t>(1 + pick(3));
        if (codes_ > 0) {
            --codes_;
            return TapBadge{guessable()};
        }
        switch (pick(28)) {
            case 0:
            case 1:
            case 2:
                return TapBadge{badgeOf(badge, pick(2) == 0 ? kAdasCard : record::Contact{})};
            case 26:
                return pick(2) == 0 ? Event(TypeCode{}) : Event(EnterCode{"AB-1234"});
            case 27:
                return pick(3) == 0   ? Event(Erase{})
                       : pick(2) == 0 ? Event(Assist{})
                                      : Event(DeclineUnderAge{});
            case 3:
                return TapStaffBadge{{"kim"}};
            case 4:
                return TapTrouble{BadgeTrouble::Malformed};
            case 5:
                return ChooseLanguage{pick(2) == 0 ? "de" : "en"};
            case 6:
                return SeeMyAnswers{};
            case 7:
                return AnswerNone{};
            case 8:
                return AnswerChoose{};
            case 9:
                return AnswerAll{};
            case 10:
            case 11:
            case 12:
                return GiveAnswer{static_cast<Answer>(pick(3))};
            case 13:
                return EnterContact{pick(4) == 0 ? "?" : "030 901820 x@example.com"};
            case 14:
                return EnterContact{"x@example.com"};
            case 15:
                return EnterContact{"030 901820"};
            case 16:
                return ChangeAnswer{pick(4)};
            case 17:
            case 18:
                return Confirm{};
            case 19:
                return Back{};
            case 20:
                return pick(2) == 0 ? Event(Cancel{}) : Event(Done{});
            case 21:
                return pick(2) == 0 ? Event(WithdrawAll{}) : Event(WithdrawOne{pick(4)});
            case 22:
                return pick(3) == 0   ? Event(ChangeMine{})
                       : pick(2) == 0 ? Event(NewReceipt{})
                                      : Event(Retry{});
            case 23:
                return pick(2) == 0 ? Event(StayLonger{}) : Event(Typed{});
            case 24:
                return pick(2) == 0 ? Event(OpenStaff{}) : Event(EnterPin{"0000"});
            default:
                return pick(2) == 0 ? Event(Tick{})
                                    : Event(SubmitConversation{
                                          {"just-looking", "", "A note.", "Call", {}, ""}});
        }
    }

    void check(const Event& what, Screen before, const std::vector<Effect>& effects) {
        bool isForgotten = false;
        for (const Effect& effect : effects) {
            if (std::holds_alternative<Forget>(effect)) {
                isForgotten = true;
            } else if (const auto* const lookUp = std::get_if<LookUpVault>(&effect)) {
                ++lookUps_;
                EXPECT_EQ(lookUps_, 1) << "two look-ups at once";
                asked_ = lookUp->access.lookup;
            } else if (std::holds_alternative<DeriveBadge>(effect)) {
                ++codes_;
            } else if (std::holds_alternative<IssueReceipt>(effect)) {
                ++receipts_;
                EXPECT_EQ(receipts_, 1) << "two receipts at once";
            } else if (std::holds_alternative<CheckPin>(effect)) {
                ++pins_;
                EXPECT_EQ(pins_, 1) << "two PIN checks at once";
            } else if (const auto* const commit = std::get_if<Commit>(&effect)) {
                EXPECT_FALSE(saving_) << "two transactions at once";
                checkCommit(what, before, *commit);
                saving_ = *commit;
            }
        }
        const Screen after = booth_.screen();
        screens.insert(after);
        if (after == Screen::Idle && before != Screen::Idle) {
            EXPECT_TRUE(isForgotten) << "idle with something left";
        }
        if (after == Screen::Idle) {
            EXPECT_EQ(booth_.view().contact, record::Contact{});
            EXPECT_TRUE(booth_.view().conversations.empty());
            EXPECT_FALSE(booth_.view().staff);
            EXPECT_TRUE(booth_.view().receiptLink.empty());
        }
        if (after == Screen::Summary || after == Screen::Question) {
            checkContactIsNeeded();
        }
        if (const auto deadline = booth_.session.nextDeadline()) {
            EXPECT_GT(*deadline, booth_.now.monotonic) << "a deadline that is never met";
        }
    }

    void checkCommit(const Event& what, Screen before, const Commit& commit) {
        EXPECT_FALSE(commit.units.empty());
        const bool isPressed =
            std::holds_alternative<AnswerNone>(what) || std::holds_alternative<Confirm>(what) ||
            std::holds_alternative<WithdrawAll>(what) ||
            std::holds_alternative<WithdrawOne>(what) || std::holds_alternative<Erase>(what) ||
            std::holds_alternative<Retry>(what) || std::holds_alternative<SubmitConversation>(what);
        const bool isSubmittedBefore =
            std::holds_alternative<VaultAnswered>(what) && before == Screen::Saving;
        EXPECT_TRUE(isPressed || isSubmittedBefore) << "committed without a press";
        const bool isGuessable =
            commit.access && commit.access->lookup == guessable().identity.vault.lookup;
        EXPECT_TRUE(!isGuessable || !commit.entry->contact);
        const bool isSilent = commit.entry && !commit.entry->contact;
        EXPECT_TRUE(!isSilent || commit.entry->conversations.empty());
        for (const record::Unit& unit : commit.units) {
            checkUnit(unit);
        }
    }

    void checkUnit(const record::Unit& unit) {
        kinds.insert(unit.kind);
        const bool isAnonymous = unit.kind == UnitKind::Refusal || unit.kind == UnitKind::Count;
        const bool isBadges = unit.subject.bytes[0] == unit.subject.bytes[1];  // see badgeOf()
        EXPECT_EQ(isAnonymous, !isBadges);
        const bool isGuessable = unit.subject == guessable().identity.subject;
        EXPECT_EQ(isAnonymous || isGuessable, !unit.vault);
        EXPECT_EQ(unit.contact.has_value(), unit.kind == UnitKind::Visit);
        EXPECT_EQ(unit.receipt.has_value(), !unit.consents.empty());
        bool isAnyYes = false;
        for (const record::ConsentEvent& decision : unit.consents) {
            EXPECT_EQ(decision.state == record::ConsentState::Refused,
                      unit.kind == UnitKind::Refusal);
            EXPECT_TRUE(!isAnonymous || decision.causes.empty());
            EXPECT_FALSE(decision.evidence.optionOrder.empty());
            isAnyYes |= decision.state == record::ConsentState::Given ||
                        decision.state == record::ConsentState::Renewed;
        }
        EXPECT_EQ(isAnyYes, unit.kind == UnitKind::Visit);
        for (const record::Conversation& conversation : unit.conversations) {
            EXPECT_EQ(conversation.note.empty(), isAnonymous);
            EXPECT_EQ(conversation.promise.has_value(), !isAnonymous);
        }
    }

    void checkContactIsNeeded() {
        const View& view = booth_.view();
        for (std::size_t i = 0; i < view.answers.size(); ++i) {
            const bool isYes = view.answers[i] == Answer::Yes;
            const bool isEmail = booth_.event.asks[i].channel == record::Channel::Email;
            const bool isPhone = booth_.event.asks[i].channel == record::Channel::Phone;
            EXPECT_TRUE(isYes || !isEmail || view.contact.email.empty());
            EXPECT_TRUE(isYes || !isPhone || view.contact.phone.empty());
            if (isYes && view.screen == Screen::Summary) {
                EXPECT_TRUE(!isEmail || !view.contact.email.empty());
                EXPECT_TRUE(!isPhone || !view.contact.phone.empty());
            }
        }
    }

    std::mt19937 random_;
    Booth booth_;
    int lookUps_ = 0;
    int codes_ = 0;
    int pins_ = 0;
    int receipts_ = 0;
    record::VaultLookup asked_;
    std::optional<Commit> saving_;
};

TEST(RandomWalk, NoOrderOfEventsBreaksTheRules) {
    std::set<Screen> screens;
    std::set<UnitKind> kinds;
    for (unsigned seed = 0; seed < 1'000 && !HasFailure(); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Walk walk(seed);
        walk.run(500);
        screens.merge(walk.screens);
        kinds.merge(walk.kinds);
    }

    EXPECT_EQ(screens.size(), 21U) << "a screen that was never reached proves nothing";
    EXPECT_EQ(kinds.size(), 5U);
}

}  // namespace
}  // namespace tapport::visit
