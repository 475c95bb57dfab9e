// SPDX-License-Identifier: GPL-3.0-or-later
#include "hardware/reader/presence.h"

#include <gtest/gtest.h>

namespace tapport::reader {
namespace {

using Task = Presence::Task;
using tag::Finished;
using tag::Outcome;

const SeenTag kBadge{{4, 1, 2, 3, 4, 5, 6}, true};
const SeenTag kOther{{4, 9, 9, 9, 9, 9, 9}, true};
const SeenTag kClassic{{1, 2, 3, 4}, false};
const Bytes kMessage = *fromHex("d101045500666f6f");
const Bytes kOtherMessage = *fromHex("d101045500626172");

/// One word an event.
std::string said(const Presence::Events& events) {
    std::string out;
    for (const auto& event : events) {
        out += out.empty() ? "" : " ";
        if (const auto* read = std::get_if<BadgeRead>(&event)) {
            out += "read:" + std::string(textOf(read->message).substr(5));
        } else if (const auto* unusable = std::get_if<BadgeUnusable>(&event)) {
            out += "unusable:" + std::to_string(static_cast<int>(unusable->reason));
        } else if (const auto* written = std::get_if<BadgeWritten>(&event)) {
            out += written->succeeded ? "written" : "unwritten";
        } else {
            out += "removed";
        }
    }
    return out;
}

class PresenceOfABadge : public testing::Test {
  protected:
    /// Lays it down and reads it; what was said when it was found to be alone.
    std::string lay(const SeenTag& tag = kBadge, const Bytes& message = kMessage) {
        const auto atFirst = said(presence_.found(tag));
        EXPECT_EQ(presence_.task(), Task::Read);
        EXPECT_EQ(said(presence_.readEnded({Outcome::Done, message})), "");
        EXPECT_EQ(presence_.task(), Task::CheckAlone);
        const auto then = said(presence_.alone(true));
        return atFirst.empty() ? then : atFirst + " " + then;
    }

    Presence presence_;
};

TEST_F(PresenceOfABadge, IsAnnouncedOnceUntilItHasLeft) {
    EXPECT_EQ(presence_.task(), Task::Search);
    EXPECT_EQ(lay(), "read:foo");
    EXPECT_EQ(presence_.task(), Task::Recheck);
    EXPECT_EQ(presence_.pause(), std::chrono::milliseconds(125));

    EXPECT_EQ(said(presence_.found(kBadge)), "");
    EXPECT_EQ(said(presence_.found(std::nullopt)), "");
    EXPECT_EQ(said(presence_.found(kBadge)), "");  // one miss is none
    EXPECT_EQ(said(presence_.found(std::nullopt)), "");
    EXPECT_EQ(said(presence_.found(std::nullopt)), "removed");

    EXPECT_EQ(presence_.task(), Task::Search);
    EXPECT_EQ(lay(), "read:foo");
}

TEST_F(PresenceOfABadge, SwappedForAnotherEndsTheFirst) {
    lay();

    EXPECT_EQ(lay(kOther, kOtherMessage), "removed read:bar");
}

TEST_F(PresenceOfABadge, IsTriedThreeTimesBeforeItCountsAsPulledAway) {
    (void)presence_.found(kBadge);

    EXPECT_EQ(said(presence_.readEnded({Outcome::Lost, {}})), "");
    EXPECT_EQ(presence_.task(), Task::Recheck);
    EXPECT_EQ(said(presence_.found(std::nullopt)), "");
    EXPECT_EQ(said(presence_.found(std::nullopt)), "unusable:3 removed");
    EXPECT_EQ(presence_.task(), Task::Search);
}

TEST_F(PresenceOfABadge, ThatNeverAnswersButStaysIsUnknown) {
    (void)presence_.found(kBadge);
    (void)presence_.readEnded({Outcome::Lost, {}});
    (void)presence_.found(kBadge);
    (void)presence_.readEnded({Outcome::Lost, {}});
    (void)presence_.found(kBadge);
    (void)presence_.readEnded({Outcome::Lost, {}});

    EXPECT_EQ(presence_.task(), Task::CheckAlone);
    EXPECT_EQ(said(presence_.alone(true)), "unusable:0");
}

TEST_F(PresenceOfABadge, GivesAReasonForEachKindOfTrouble) {
    const auto saidOf = [](const Finished& result) {
        Presence presence;
        (void)presence.found(kBadge);
        (void)presence.readEnded(result);
        return said(presence.alone(true));
    };

    EXPECT_EQ(saidOf({Outcome::NotOurs, {}}), "unusable:0");
    EXPECT_EQ(saidOf({Outcome::Empty, {}}), "unusable:1");
    EXPECT_EQ(saidOf({Outcome::Done, *fromHex("d00000")}), "unusable:1");
    EXPECT_EQ(saidOf({Outcome::Malformed, {}}), "unusable:2");
    EXPECT_EQ(saidOf({Outcome::Done, *fromHex("d1")}), "unusable:2");
    EXPECT_EQ(saidOf({Outcome::Done, *fromHex("d1010255040a")}), "unusable:2");
}

TEST_F(PresenceOfABadge, OfAnotherKindIsNotRead) {
    EXPECT_EQ(said(presence_.found(kClassic)), "");
    EXPECT_EQ(presence_.task(), Task::CheckAlone);
    EXPECT_EQ(said(presence_.alone(true)), "unusable:0");
}

TEST_F(PresenceOfABadge, WithAnotherBesideItIsNotTakenUntilBothAreGone) {
    (void)presence_.found(kBadge);
    (void)presence_.readEnded({Outcome::Done, kMessage});

    EXPECT_EQ(said(presence_.alone(false)), "unusable:4");
    EXPECT_EQ(said(presence_.found(kOther)), "");
    EXPECT_EQ(said(presence_.found(kBadge)), "");
    (void)presence_.found(std::nullopt);
    EXPECT_EQ(said(presence_.found(std::nullopt)), "removed");
    EXPECT_EQ(lay(), "read:foo");
}

TEST_F(PresenceOfABadge, WithARandomIdIsKnownByItsContent) {
    const SeenTag first{{8, 1, 1, 1}, true};
    const SeenTag again{{8, 2, 2, 2}, true};
    EXPECT_EQ(lay(first), "read:foo");

    EXPECT_EQ(said(presence_.found(again)), "");
    EXPECT_EQ(presence_.task(), Task::Read);
    EXPECT_EQ(said(presence_.readEnded({Outcome::Done, kMessage})), "");
    EXPECT_EQ(presence_.task(), Task::Recheck);

    EXPECT_EQ(said(presence_.found(first)), "");
    EXPECT_EQ(said(presence_.readEnded({Outcome::Done, kOtherMessage})), "removed");
    EXPECT_EQ(said(presence_.alone(true)), "read:bar");
}

TEST_F(PresenceOfABadge, IsWrittenInsteadOfReadWhenItComesAfterTheRequest) {
    presence_.wantWrite();

    EXPECT_EQ(said(presence_.found(kBadge)), "");
    EXPECT_EQ(presence_.task(), Task::CheckAlone);
    EXPECT_EQ(said(presence_.alone(true)), "");
    EXPECT_EQ(presence_.task(), Task::Recheck);
    EXPECT_EQ(said(presence_.found(kBadge)), "");
    EXPECT_EQ(presence_.task(), Task::Write);
    EXPECT_EQ(said(presence_.writeEnded(Outcome::Done)), "written");
    (void)presence_.found(std::nullopt);
    EXPECT_EQ(said(presence_.found(std::nullopt)), "");  // was never announced
}

TEST_F(PresenceOfABadge, ThatLiesThereIsWrittenAtOnce) {
    lay();

    presence_.wantWrite();

    EXPECT_EQ(said(presence_.found(kBadge)), "");
    EXPECT_EQ(said(presence_.alone(true)), "");
    EXPECT_EQ(said(presence_.found(kBadge)), "");
    EXPECT_EQ(said(presence_.writeEnded(Outcome::ReadOnly)), "unwritten");
    EXPECT_EQ(said(presence_.found(kBadge)), "");
}

TEST_F(PresenceOfABadge, SeveralKeepTheWriteForASingleOne) {
    presence_.wantWrite();
    (void)presence_.found(kBadge);

    EXPECT_EQ(said(presence_.alone(false)), "unusable:4");
    (void)presence_.found(std::nullopt);
    (void)presence_.found(std::nullopt);
    (void)presence_.found(kOther);
    (void)presence_.alone(true);
    (void)presence_.found(kOther);

    EXPECT_EQ(presence_.task(), Task::Write);
}

TEST_F(PresenceOfABadge, OfAnotherKindEndsTheWrite) {
    presence_.wantWrite();
    (void)presence_.found(kClassic);

    EXPECT_EQ(said(presence_.alone(true)), "unusable:0 unwritten");
    EXPECT_EQ(said(presence_.found(kClassic)), "");
}

TEST_F(PresenceOfABadge, SurvivesAReaderThatFailedMeanwhile) {
    (void)presence_.found(kBadge);
    presence_.interrupted();

    EXPECT_EQ(presence_.task(), Task::Recheck);
    EXPECT_EQ(said(presence_.found(kBadge)), "");
    EXPECT_EQ(presence_.task(), Task::Read);
}

}  // namespace
}  // namespace tapport::reader
