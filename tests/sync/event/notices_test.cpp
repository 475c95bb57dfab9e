// SPDX-License-Identifier: GPL-3.0-or-later
// The published half of an event file.
#include "tests/sync/event/problems.h"

#include <gmock/gmock.h>

namespace tapport::event {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Notices, HoldWhatAReceiptIsCheckedAgainst) {
    const Event event = support::sampleEvent();

    const auto notices = noticesOf(support::sampleEventJson());
    ASSERT_TRUE(notices) << notices.error().context;
    const auto published = parseNotices(*notices);

    ASSERT_TRUE(published) << published.error().context;
    EXPECT_EQ(published->id, event.id);
    EXPECT_EQ(published->rootKey, event.rootKey);
    EXPECT_EQ(published->controller.address, event.controller.address);
    ASSERT_EQ(published->asks.size(), event.asks.size());
    for (std::size_t i = 0; i < event.asks.size(); ++i) {
        EXPECT_EQ(published->asks[i].noticeRef("de"), event.asks[i].noticeRef("de"));
        EXPECT_EQ(published->asks[i].terms.purposeType, event.asks[i].terms.purposeType);
    }
}

TEST(Notices, HoldNothingSecretAndNobodysName) {
    const std::string notices = noticesOf(support::sampleEventJson()).value();

    for (const char* absent :
         {"staff", "Kim", "pinHash", "argon2", "badgeHosts", "Salt", "sealingKey"}) {
        EXPECT_THAT(notices, Not(HasSubstr(absent)));
    }
}

TEST(Notices, AreNoEventFileAndTheOtherWayRound) {
    const std::string notices = noticesOf(support::sampleEventJson()).value();

    EXPECT_THAT(parse(notices).error().context, HasSubstr("'schema' must be 'tapport-event-2'"));
    EXPECT_THAT(parseNotices(support::sampleEventJson()).error().context,
                HasSubstr("'schema' must be 'tapport-notices-2'"));
}

TEST(Notices, AreMadeOfAWholeEventFileOnly) {
    const auto notices = noticesOf("{}");

    ASSERT_FALSE(notices);
    EXPECT_EQ(notices.error().code, Code::InvalidConfig);
}

}  // namespace
}  // namespace tapport::event
