// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/opening_thread.h"

#include "sync/hub/opener/opener_service.h"
#include "sync/hub/opener/opener_talk.h"
#include "tests/support/wait_until.h"
#include "tests/sync/hub/example_answers.h"

#include <array>
#include <atomic>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

namespace tapport::hub {
namespace {

using namespace samples;
using namespace std::chrono_literals;

Waiting waitingAt(std::uint64_t seq, ByteView publicKey) {
    const record::PositionedUnit unit = visit(seq, 7);
    return {unit.unit.id, unit.position, seal::sealUnit(unit, publicKey)};
}

/// Ends over certain units, like a program with a fault that one of them triggers.
class FragileOpener final : public UnitOpener {
  public:
    explicit FragileOpener(seal::SealingKeys keys) : opener_(std::move(keys), kScope.event) {}

    Result<std::vector<Opened>> open(std::span<const Waiting> units) override {
        if (isAway) {
            return fail(Code::Busy, "away");
        }
        for (const Waiting& unit : units) {
            if (isKilled || unit.position.seq == poison) {
                ++deaths;
                return fail(Code::Internal, "ended");
            }
        }
        return opener_.open(units);
    }
    void keepReady() override { ++looks; }

    std::atomic<bool> isAway{false};
    std::atomic<bool> isKilled{false};  ///< as a machine without memory does
    std::atomic<int> deaths{0};
    std::atomic<int> looks{0};
    std::uint64_t poison = 0;

  private:
    LocalOpener opener_;
};

class OpeningThreadTest : public testing::Test {
  protected:
    std::vector<Waiting> units(std::uint64_t count) const {
        std::vector<Waiting> units;
        for (std::uint64_t seq = 1; seq <= count; ++seq) {
            units.push_back(waitingAt(seq, keys_.publicKey));
        }
        return units;
    }

    bool isReady_ = seal::initialise().has_value();
    seal::SealingKeys keys_ = seal::makeSealingKeys();
    FragileOpener opener_{keys_};
    std::atomic<bool> isDone_{false};
    OpeningThread thread_{opener_, waitingAt(100, keys_.publicKey), 1ms};
};

TEST_F(OpeningThreadTest, GivesOneAnswerAUnitAndIsIdleAgainOnceTheyAreTaken) {
    ASSERT_TRUE(thread_.isIdle());
    ASSERT_FALSE(thread_.take());

    thread_.start(units(3), [&] { isDone_ = true; });

    ASSERT_TRUE(support::waitUntil([&] { return isDone_.load(); }));
    EXPECT_FALSE(thread_.isIdle());
    const auto batch = thread_.take();
    ASSERT_TRUE(batch);
    ASSERT_EQ(batch->opened.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(batch->opened[i].id, batch->units[i].id);
        EXPECT_TRUE(batch->opened[i].content);
    }
    EXPECT_TRUE(thread_.isIdle());
}

TEST_F(OpeningThreadTest, WaitsForAnOpenerThatIsAway) {
    opener_.isAway = true;
    thread_.start(units(2), [&] { isDone_ = true; });
    ASSERT_FALSE(thread_.take());

    opener_.isAway = false;

    EXPECT_TRUE(support::waitUntil([&] { return isDone_.load(); }));
}

TEST_F(OpeningThreadTest, GivesUpAUnitThatEndsTheOpenerEachTimeAndOpensTheOthers) {
    opener_.poison = 2;
    thread_.start(units(4), [&] { isDone_ = true; });

    ASSERT_TRUE(support::waitUntil([&] { return isDone_.load(); }));

    const auto batch = thread_.take();
    ASSERT_EQ(batch->opened.size(), 4U);
    EXPECT_TRUE(batch->opened[0].content);
    ASSERT_FALSE(batch->opened[1].content);
    EXPECT_EQ(batch->opened[1].content.error().reason, Reason::DoesNotOpen);
    EXPECT_TRUE(batch->opened[2].content);
    EXPECT_TRUE(batch->opened[3].content);
    EXPECT_EQ(opener_.deaths, 1 + OpeningRound::kMostDeaths);
}

TEST_F(OpeningThreadTest, AnOpenerThatIsKilledWhateverItGetsGivesNoUnitUp) {
    opener_.isKilled = true;
    thread_.start(units(2), [&] { isDone_ = true; });
    ASSERT_TRUE(support::waitUntil([&] { return opener_.deaths > 10; }));
    ASSERT_FALSE(isDone_);

    opener_.isKilled = false;

    ASSERT_TRUE(support::waitUntil([&] { return isDone_.load(); }));
    const auto batch = thread_.take();
    EXPECT_TRUE(batch->opened[0].content);
    EXPECT_TRUE(batch->opened[1].content);
}

TEST(OpeningRoundTest, OnlyDeathsCountBetweenWhichTheProbeWasOpened) {
    const Waiting deadly{*record::RecordId::from(Bytes(record::RecordId::kSize, 1)), {}, {}};
    const Waiting probe{*record::RecordId::from(Bytes(record::RecordId::kSize, 2)), {}, {}};
    const auto death = [] { return fail(Code::Internal, "ended"); };
    const auto opens = [&] { return std::vector<Opened>{{probe.id, tl::unexpected(NotOpened{})}}; };
    OpeningRound round({deadly}, probe);

    for (int time = 1; time < OpeningRound::kMostDeaths; ++time) {
        ASSERT_EQ(round.next().front().id, deadly.id);
        ASSERT_FALSE(round.answered(death()));
        for (int other = 0; other < 5; ++other) {
            ASSERT_EQ(round.next().front().id, probe.id);
            ASSERT_FALSE(round.answered(death()));
        }
        ASSERT_TRUE(round.answered(opens()));
    }
    ASSERT_EQ(round.next().front().id, deadly.id);
    ASSERT_FALSE(round.answered(death()));

    EXPECT_TRUE(round.next().empty());
    const auto opened = round.takeOpened();
    ASSERT_EQ(opened.size(), 1U);
    EXPECT_EQ(opened[0].id, deadly.id);
    EXPECT_EQ(opened[0].content.error().reason, Reason::DoesNotOpen);
}

TEST_F(OpeningThreadTest, TheProbeIsOneThatOpens) {
    event::Event event = exampleEvent();
    event.sealingKey = toBytes(keys_.publicKey);
    LocalOpener opener(keys_, event.id);
    const Waiting probe = makeProbe(event);

    const auto opened = opener.open({&probe, 1});

    EXPECT_TRUE(opened->front().content);
}

TEST_F(OpeningThreadTest, EndsWhileItWaits) {
    opener_.isAway = true;
    thread_.start(units(1), [&] { isDone_ = true; });

    thread_.stop();

    EXPECT_FALSE(isDone_);
}

TEST_F(OpeningThreadTest, LooksAfterTheOpenerWhenThereIsNothingToOpen) {
    EXPECT_TRUE(support::waitUntil([&] { return opener_.looks > 2; }));
}

/// Two ends of a socket pair.
struct Line {
    Line() { EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0); }
    ~Line() {
        closeEnd(0);
        closeEnd(1);
    }
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;
    void closeEnd(std::size_t which) { ::close(std::exchange(ends.at(which), -1)); }
    std::array<int, 2> ends{-1, -1};
};

talk::Deadline soon() {
    return std::chrono::steady_clock::now() + support::kPatience;
}

class OpenerTalk : public testing::Test {
  protected:
    bool isReady_ = seal::initialise().has_value();
    seal::SealingKeys keys_ = seal::makeSealingKeys();
    Line line_;
};

TEST_F(OpenerTalk, CarriesEveryPartOfAUnitAndEveryRefusal) {
    std::vector<Waiting> asked{waitingAt(1, keys_.publicKey),
                               waitingAt(2, seal::makeSealingKeys().publicKey),
                               waitingAt(3, keys_.publicKey)};
    asked[2].position.seq = 4;
    std::thread service(
        [&] { EXPECT_TRUE(serveOpener(line_.ends[1], LocalOpener(keys_, kScope.event))); });

    const auto greeting = talk::readFrame(line_.ends[0], soon()).value();
    ASSERT_EQ(talk::decodeGreeting(greeting), kScope.event);
    ASSERT_TRUE(talk::writeFrame(line_.ends[0], talk::encodeRequest(asked), soon()));
    const auto answer =
        talk::decodeAnswer(talk::readFrame(line_.ends[0], soon()).value(), asked).value();
    line_.closeEnd(0);
    service.join();

    ASSERT_EQ(answer.size(), 3U);
    EXPECT_EQ(answer[0].content->unit, visit(1, 7).unit);
    EXPECT_EQ(answer[0].content->proof, visit(1, 7).proof);
    EXPECT_EQ(answer[1].content.error().reason, Reason::DoesNotOpen);
    EXPECT_EQ(answer[2].content.error().reason, Reason::HeaderMismatch);
}

TEST_F(OpenerTalk, SaysWhyItCannotOpen) {
    const auto served =
        serveOpener(line_.ends[1], fail(Code::InvalidConfig, "event key k: cannot be read"));

    const auto said = talk::decodeGreeting(talk::readFrame(line_.ends[0], soon()).value());

    ASSERT_FALSE(said);
    EXPECT_EQ(said.error(), (Error{Code::InvalidConfig, "event key k: cannot be read"}));
    EXPECT_FALSE(served);
}

TEST_F(OpenerTalk, AnAnswerToSomethingElseIsRefused) {
    const std::vector<Waiting> asked{waitingAt(1, keys_.publicKey)};
    const std::vector<Waiting> others{waitingAt(2, keys_.publicKey)};
    LocalOpener opener(keys_, kScope.event);
    const Bytes answer = talk::encodeAnswer(opener.open(others).value(), others);

    EXPECT_FALSE(talk::decodeAnswer(answer, asked));
    EXPECT_FALSE(talk::decodeAnswer(ByteView(answer).first(answer.size() - 1), others));
    EXPECT_TRUE(talk::decodeAnswer(answer, others));
}

TEST_F(OpenerTalk, SilenceAndABrokenFrameAreErrorsAndAnEndIsNone) {
    const auto silent = talk::readFrame(line_.ends[0], std::chrono::steady_clock::now() + 1ms);
    ASSERT_EQ(::send(line_.ends[1], "\0\0\0\5abc", 7, 0), 7);
    line_.closeEnd(1);
    const auto half = talk::readFrame(line_.ends[0], soon());
    const auto end = talk::readFrame(line_.ends[0], soon());

    EXPECT_EQ(silent.error().code, Code::Network);
    EXPECT_EQ(half.error().code, Code::Network);
    EXPECT_EQ(end.error().code, Code::NotFound);
}

}  // namespace
}  // namespace tapport::hub
