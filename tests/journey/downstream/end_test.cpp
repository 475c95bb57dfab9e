// SPDX-License-Identifier: GPL-3.0-or-later
// The end of the event: told, taken back, and done once a backup holds everything.
#include "sync/wire/topics.h"
#include "tests/journey/downstream/looker_on.h"
#include "tests/journey/downstream/two_kiosks.h"

#include <gmock/gmock.h>

namespace tapport::journey {
namespace {

using support::waitUntil;
using testing::HasSubstr;
using testing::Not;

TEST_F(TwoKiosks, AKioskMayForgetOnceTheHubHasBackedUpAndNotBefore) {
    one_->plugIn();
    two_->plugIn();
    sayYesAtOne();
    ASSERT_TRUE(waitUntil([&] { return one_->isDrained() && site_.figure("visits") == 1; }));

    const auto ended = site_.command({"end-event", "--kiosk", "kiosk-1"});
    ASSERT_EQ(ended.status, 0) << ended.err;
    ASSERT_TRUE(
        waitUntil([&] { return one_->told().command(wire::kEndOfEvent).value().has_value(); }));
    ASSERT_TRUE(waitUntil([&] { return two_->told().downState() == one_->told().downState(); }));
    LookerOn lookerOn(site_.broker().port(), wire::ackTopic(hub::samples::kKiosk));
    int answers = 0;
    ASSERT_TRUE(waitUntil([&] { return lookerOn.next() && ++answers == 3; })) << "it asks again";
    EXPECT_FALSE(one_->mayForget());
    EXPECT_FALSE(two_->told().command(wire::kEndOfEvent).value()) << "it was not meant";
    const auto backup = site_.command({"backup", "--out", site_.path("backup.db").string()});
    ASSERT_EQ(backup.status, 0) << backup.err;

    EXPECT_TRUE(waitUntil([&] { return one_->mayForget(); }));
    EXPECT_FALSE(two_->mayForget());
}

TEST_F(TwoKiosks, TheEndIsTakenBackUntilTheKioskHasActed) {
    const auto endEvent = [&](std::vector<std::string> more) {
        more.insert(more.begin(), {"end-event", "--kiosk", "kiosk-1"});
        return site_.command(more);
    };
    const auto isTold = [&] { return one_->told().command(wire::kEndOfEvent)->has_value(); };
    one_->plugIn();
    sayYesAtOne();
    ASSERT_TRUE(waitUntil([&] { return one_->isDrained() && site_.figure("visits") == 1; }));
    EXPECT_THAT(endEvent({"--cancel"}).err, HasSubstr("was not told"));
    EXPECT_THAT(site_.command({"end-event", "--kiosk", "all"}).err, HasSubstr("never heard"))
        << "a name like any other";
    ASSERT_EQ(endEvent({}).status, 0);
    ASSERT_TRUE(waitUntil(isTold));
    EXPECT_THAT(site_.command({"status"}).out, HasSubstr("; told that the event is over\n"));

    const auto cancelled = endEvent({"--cancel"});
    EXPECT_EQ(cancelled.out, "kiosk-1: has heard it and goes on\n") << cancelled.err;
    EXPECT_FALSE(isTold());
    EXPECT_THAT(site_.command({"status"}).out, Not(HasSubstr("is over")));
    ASSERT_EQ(site_.command({"backup", "--out", site_.path("backup.db").string()}).status, 0);
    one_->unplug();
    one_->plugIn();
    ASSERT_TRUE(waitUntil([&] { return one_->status().isHubOnline; }));
    EXPECT_FALSE(one_->mayForget());

    ASSERT_EQ(endEvent({}).status, 0);
    ASSERT_TRUE(waitUntil([&] { return one_->mayForget(); }));
    one_->leave();
    ASSERT_TRUE(waitUntil([&] { return site_.figure("kiosks_connected") == 0; }));
    EXPECT_THAT(site_.command({"status"}).out, HasSubstr("; the event is over there since 20"));
    const auto late = endEvent({"--cancel"});
    EXPECT_EQ(late.status, 1);
    EXPECT_THAT(late.err, HasSubstr("kiosk-1 has destroyed its keys and data at 20"));
}

}  // namespace
}  // namespace tapport::journey
