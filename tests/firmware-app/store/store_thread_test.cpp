// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/store/store_thread.h"

#include "tests/firmware-app/store/store_fixture.h"

namespace tapport::store {
namespace {

using StoreThreadTest = StoreFixture;

TEST_F(StoreThreadTest, AnswersOnItsOwnThread) {
    std::promise<std::pair<bool, std::thread::id>> answer;
    StoreThread thread(open());

    thread.post([](KioskStore& store) { return store.commit(std::vector{unitNumber(1)}, {}); },
                [&](const Result<ReceiptLink>& result) {
                    answer.set_value({result.has_value(), std::this_thread::get_id()});
                });

    const auto [isStored, where] = answer.get_future().get();
    EXPECT_TRUE(isStored);
    EXPECT_NE(where, std::this_thread::get_id());
}

TEST_F(StoreThreadTest, FinishesEverythingPostedInOrderBeforeItEnds) {
    std::vector<std::uint32_t> done;
    {
        StoreThread thread(open());
        for (std::uint32_t n = 1; n <= 20; ++n) {
            thread.post(
                [n](KioskStore& store) { return store.commit(std::vector{unitNumber(n)}, {}); },
                [&done, n](const Result<ReceiptLink>& result) {
                    if (result) {
                        done.push_back(n);
                    }
                });
        }
    }

    EXPECT_EQ(done.size(), 20U);
    EXPECT_TRUE(std::is_sorted(done.begin(), done.end()));
    EXPECT_EQ(open()->counts()->waiting, 20U);
}

TEST_F(StoreThreadTest, TheOutboxOfThePumpWaitsForTheStore) {
    StoreThread thread(open());
    ThreadedOutbox outbox(thread);
    ASSERT_TRUE(thread.run([](KioskStore& store) {
        return store.commit(std::vector{unitNumber(1), unitNumber(2)}, {});
    }));

    EXPECT_EQ(outbox.epochs()->back().last, 2U);
    EXPECT_EQ(outbox.waiting({})->size(), 2U);
    EXPECT_TRUE(outbox.markReceived(std::vector<agent::SeqRange>{{1, 1}}));
    EXPECT_TRUE(outbox.markQuarantined(std::vector<agent::SeqRange>{{2, 2}}));
    EXPECT_EQ(outbox.counts()->received, 1U);
    EXPECT_EQ(outbox.counts()->quarantined, 1U);
    EXPECT_TRUE(outbox.markWaiting(std::vector<agent::SeqRange>{{1, 2}}));
    EXPECT_EQ(outbox.counts()->waiting, 2U);
}

}  // namespace
}  // namespace tapport::store
