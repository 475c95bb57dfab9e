// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/opener/opener_listener.h"

#include "sync/hub/opener/opener_process.h"
#include "tests/support/temp_dir.h"
#include "tests/support/wait_until.h"
#include "tests/sync/hub/samples.h"

#include <cstdlib>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace tapport::hub {
namespace {

using namespace samples;
using testing::HasSubstr;

program::User me() {
    return {::geteuid(), ::getegid(), program::userName(::geteuid())};
}
program::User somebodyElse() {
    return {::geteuid() + 1, ::getegid() + 1, "somebody-else"};
}

/// An opener that serves on a thread of the test.
class Service {
  public:
    Service(Result<OpenerListener> listener, const LocalOpener& opener, program::User hub)
        : listener_(std::move(listener.value())), thread_([this, &opener, user = std::move(hub)] {
              EXPECT_TRUE(listener_.serve(opener, user, stop_.get()));
          }) {}
    ~Service() {
        (void)::eventfd_write(stop_.get(), 1);
        thread_.join();
    }
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

  private:
    OpenerListener listener_;
    program::FileDescriptor stop_{::eventfd(0, EFD_CLOEXEC)};
    std::thread thread_;
};

class OpenerListenerTest : public testing::Test {
  protected:
    OpenerProcess::Settings settings() const {
        OpenerProcess::Settings settings;
        settings.socket = socket_;
        settings.event = kScope.event;
        settings.leastPause = settings.mostPause = std::chrono::milliseconds(1);
        return settings;
    }
    /// Listening when it returns.
    std::unique_ptr<Service> serve(const program::User& hub) const {
        auto service = std::make_unique<Service>(OpenerListener::open(socket_), opener_, hub);
        EXPECT_TRUE(support::waitUntil(
            [&] { return OpenerLine::connect(socket_, std::nullopt).has_value(); }));
        return service;
    }
    /// Whether a hub gets a unit opened there within the patience of tests.
    bool opens(OpenerProcess& hub) const {
        const record::PositionedUnit unit = visit(1, 7);
        const std::vector<Waiting> one{
            {unit.unit.id, unit.position, seal::sealUnit(unit, keys_.publicKey)}};
        return support::waitUntil([&] {
            const auto opened = hub.open(one);
            return opened && opened->front().content && opened->front().content->unit == unit.unit;
        });
    }

    bool isReady_ = seal::initialise().has_value();
    support::TempDir dir_;
    std::filesystem::path socket_ = dir_ / "opener.sock";
    seal::SealingKeys keys_ = seal::makeSealingKeys();
    LocalOpener opener_{keys_, kScope.event};
};

TEST_F(OpenerListenerTest, OpensForSeveralProcessesOfTheHubsUser) {
    const auto service = serve(me());
    OpenerProcess one(settings());
    OpenerProcess other(settings());

    const auto started = one.start();

    EXPECT_TRUE(started) << started.error().context;
    EXPECT_TRUE(opens(one));
    EXPECT_TRUE(opens(other));
    EXPECT_TRUE(opens(one));
    EXPECT_EQ(one.trouble(), std::nullopt);
}

TEST_F(OpenerListenerTest, TellsAnyOtherUserThatItIsNotServed) {
    const auto service = serve(somebodyElse());
    OpenerProcess hub(settings());

    const auto started = hub.start();

    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, Code::InvalidConfig);
    EXPECT_THAT(started.error().context, HasSubstr("it serves user 'somebody-else', not"));
    EXPECT_THAT(hub.trouble().value_or(""), HasSubstr("somebody-else"));
}

TEST_F(OpenerListenerTest, AHubHandsNothingToAnotherUsersProcess) {
    if (::geteuid() == 0) {
        GTEST_SKIP() << "root may listen for anybody: journey/opener_test shows it with two users";
    }
    const auto service = serve(me());
    OpenerProcess::Settings wary = settings();
    wary.user = somebodyElse();
    OpenerProcess hub(wary);

    const auto started = hub.start();

    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, Code::InvalidConfig);
    EXPECT_THAT(started.error().context, HasSubstr("listens there, not 'somebody-else'"));
}

TEST_F(OpenerListenerTest, AHubHandsNothingToTheOpenerOfAnotherEvent) {
    const auto service = serve(me());
    OpenerProcess::Settings other = settings();
    other.event = {"another-2026"};
    OpenerProcess hub(other);

    const auto started = hub.start();

    ASSERT_FALSE(started);
    EXPECT_THAT(started.error().context, HasSubstr("has the key of event '" + kScope.event.value));
}

TEST_F(OpenerListenerTest, AHubWaitsForOneThatIsNotThereAndFindsItAgain) {
    OpenerProcess hub(settings());
    const auto started = hub.start();
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, Code::Busy) << "no unit is to be blamed for it";
    EXPECT_THAT(hub.trouble().value_or(""), HasSubstr("opener.sock"));

    auto service = serve(me());
    EXPECT_TRUE(opens(hub));
    service.reset();
    EXPECT_TRUE(support::waitUntil([&] {
        hub.keepReady();
        return hub.trouble().has_value();
    }));
    service = serve(me());

    EXPECT_TRUE(opens(hub));
    EXPECT_EQ(hub.trouble(), std::nullopt);
}

TEST_F(OpenerListenerTest, TwoDoNotShareAPathButASocketThatWasLeftIsReplaced) {
    {
        const auto service = serve(me());
        OpenerProcess hub(settings());
        ASSERT_TRUE(opens(hub));

        const auto second = OpenerListener::open(socket_);

        ASSERT_FALSE(second);
        EXPECT_EQ(second.error().code, Code::Busy);
    }
    ASSERT_TRUE(std::filesystem::exists(socket_));

    EXPECT_TRUE(OpenerListener::open(socket_));
}

TEST_F(OpenerListenerTest, AFileThatIsNoSocketIsLeftAlone) {
    support::writeFile(socket_, "notes");

    EXPECT_FALSE(OpenerListener::open(socket_));

    EXPECT_EQ(support::readFile(socket_), "notes");
}

TEST_F(OpenerListenerTest, TakesTheSocketThatAServiceManagerHandsOver) {
    constexpr int kHandedOver = 3;
    const program::FileDescriptor before(::dup(kHandedOver));
    const program::FileDescriptor made(::socket(AF_UNIX, SOCK_STREAM, 0));
    const sockaddr_un address = addressOf(socket_).value();
    ASSERT_EQ(::bind(made.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(::listen(made.get(), 1), 0);
    ASSERT_EQ(::dup2(made.get(), kHandedOver), kHandedOver);
    ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
    ::setenv("LISTEN_FDS", "1", 1);
    {
        Service service(OpenerListener::open("/nowhere/opener.sock"), opener_, me());
        ::unsetenv("LISTEN_PID");
        ::unsetenv("LISTEN_FDS");
        OpenerProcess hub(settings());

        EXPECT_TRUE(opens(hub));
    }
    if (before.isOpen()) {
        ::dup2(before.get(), kHandedOver);
    }
}

}  // namespace
}  // namespace tapport::hub
