// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/data_dir.h"
#include "sync/hub/run/local_socket.h"
#include "sync/hub/run/store_thread.h"
#include "sync/program/user.h"
#include "tests/support/temp_dir.h"
#include "tests/support/wait_until.h"

#include <atomic>
#include <future>

#include <gtest/gtest.h>
#include <unistd.h>

namespace tapport::hub {
namespace {

TEST(StoreThreadTest, GivesTheResultOfWorkThatRanElsewhere) {
    StoreThread thread([] { return false; });

    const auto where = thread.ask([] { return std::this_thread::get_id(); });

    EXPECT_NE(where, std::this_thread::get_id());
}

TEST(StoreThreadTest, StepsUntilNothingIsLeftAndAgainAfterWork) {
    std::atomic<int> left{3};
    std::atomic<int> steps{0};
    StoreThread thread([&] { return ++steps, --left > 0; });
    ASSERT_TRUE(support::waitUntil([&] { return left == 0; }));

    thread.ask([&] { return left = 2; });

    EXPECT_TRUE(support::waitUntil([&] { return left == 0; }));
    EXPECT_EQ(steps, 5);
}

TEST(StoreThreadTest, StepsAgainAfterARest) {
    std::atomic<int> steps{0};

    const StoreThread thread([&] { return ++steps, false; }, std::chrono::milliseconds(1));

    EXPECT_TRUE(support::waitUntil([&] { return steps >= 3; }));
}

TEST(StoreThreadTest, StepsWhenItIsWoken) {
    std::atomic<int> steps{0};
    StoreThread thread([&] { return ++steps, false; });
    ASSERT_TRUE(support::waitUntil([&] { return steps == 1; }));

    thread.wake();

    EXPECT_TRUE(support::waitUntil([&] { return steps == 2; }));
}

TEST(StoreThreadTest, DoesNotStarveStepsWhileWorkKeepsComing) {
    std::atomic<int> steps{0};
    StoreThread thread([&] { return ++steps, true; });
    const auto keepBusy = [&] { return thread.ask([&] { return steps >= 3; }); };

    EXPECT_TRUE(support::waitUntil(keepBusy));
}

TEST(StoreThreadTest, FinishesWhatWasHandedOverBeforeItEnds) {
    std::atomic<int> done{0};
    {
        StoreThread thread([] { return false; });
        for (int i = 0; i < 100; ++i) {
            thread.post([&] { ++done; });
        }
    }

    EXPECT_EQ(done, 100);
}

TEST(LocalSocket, CarriesAnswersOfAnySizeAndErrorsWithTheirCode) {
    const support::TempDir dir;
    // Longer than a socket's address can be.
    const auto folder = dir / std::string(100, 'x');
    std::filesystem::create_directory(folder);
    const auto server =
        LocalServer::listen(folder / "hub.sock", [](const auto& request) -> Result<std::string> {
            if (request.line == "who") {
                return request.user;
            }
            if (request.line == "big") {
                return std::string(1'000'000, '\n');
            }
            return request.line == "busy" ? fail(Code::Busy, "the opener is not there")
                                          : fail(Code::Conflict, "not this one");
        });
    ASSERT_TRUE(server);

    EXPECT_EQ(askLocal(folder / "hub.sock", "big")->value(), std::string(1'000'000, '\n'));
    EXPECT_EQ(askLocal(folder / "hub.sock", "who")->value(), program::userName(::geteuid()));
    const auto refused = askLocal(folder / "hub.sock", "other");
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->error(), (Error{Code::Conflict, "not this one"}));
    const auto busy = askLocal(folder / "hub.sock", "busy");
    ASSERT_TRUE(busy) << "the hub's own answer, not that there is none";
    EXPECT_EQ(busy->error(), (Error{Code::Busy, "the opener is not there"}));
}

TEST(LocalSocket, NobodyThereIsBusy) {
    const support::TempDir dir;

    const auto answer = askLocal(dir / "hub.sock", "status");

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Code::Busy);
}

TEST(DataFolder, HasOneOwnerAtATimeAndNoOtherReader) {
    const support::TempDir dir;
    const auto data = DataDir::open(dir / "hub");
    {
        const auto first = DataLock::take(*data);
        const auto second = DataLock::take(*data);

        EXPECT_TRUE(first);
        ASSERT_FALSE(second);
        EXPECT_EQ(second.error().code, Code::Busy);
    }
    EXPECT_TRUE(DataLock::take(*data));
    EXPECT_EQ(std::filesystem::status(dir / "hub").permissions(),
              std::filesystem::perms::owner_all);
}

TEST(DataFolder, IsWaitedForWhileACommandIsAtWorkOnIt) {
    const support::TempDir dir;
    const auto data = DataDir::open(dir / "hub");
    auto command = std::optional(DataLock::take(*data));
    ASSERT_TRUE(*command);

    auto hub =
        std::async(std::launch::async, [&] { return DataLock::take(*data, support::kPatience); });
    EXPECT_FALSE(DataLock::take(*data)) << "still at work";
    command.reset();

    EXPECT_TRUE(hub.get());
}

TEST(DataFolder, KeepsOneSuppressionKeyForItsOwnerOnly) {
    const support::TempDir dir;
    const auto data = DataDir::open(dir / "hub");

    const auto first = data->suppressionKey();
    const auto second = data->suppressionKey();

    ASSERT_TRUE(first);
    EXPECT_EQ(first, second);
    EXPECT_NE(*first, ledger::SuppressionKey{});
    EXPECT_EQ(std::filesystem::status(dir / "hub" / "suppression.key").permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST(DataFolder, ADamagedSuppressionKeyIsNotReplaced) {
    const support::TempDir dir;
    const auto data = DataDir::open(dir / "hub");
    support::writeFile(dir / "hub" / "suppression.key", "half\n");

    const auto key = data->suppressionKey();

    ASSERT_FALSE(key);
    EXPECT_EQ(key.error().code, Code::InvalidConfig);
}

}  // namespace
}  // namespace tapport::hub
