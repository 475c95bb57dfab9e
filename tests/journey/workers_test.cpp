// SPDX-License-Identifier: GPL-3.0-or-later
// Two hub processes on one PostgreSQL database and one broker: each serves its share of the kiosks;
// one that is killed or frozen loses its share to the other within seconds, and nothing is lost or
// doubled.
#include "sync/agent/runner.h"
#include "sync/hub/store/leases.h"
#include "sync/receipt/unit_signature.h"
#include "sync/seal/chain.h"
#include "sync/wire/topics.h"
#include "tests/journey/hub_site.h"
#include "tests/support/fake_outbox.h"
#include "tests/support/postgres.h"
#include "tests/support/wait_until.h"
#include "tests/sync/hub/samples.h"

#include <csignal>
#include <future>
#include <set>

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::journey {
namespace {

constexpr int kKiosks = 8;
// As the pump's shortest.
constexpr std::chrono::milliseconds kTimeOut{3000};

class WorkersJourney : public testing::Test {
  protected:
    WorkersJourney() {
        std::vector<receipt::KioskKey> published;
        for (int i = 0; i < kKiosks; ++i) {
            kiosks_.push_back({fmt::format("kiosk-{}", i)});
            keys_.push_back(receipt::makeSigningKeys());
            published.push_back({kiosks_.back(), keys_.back().publicKey});
        }
        site_.publish(published);
    }
    std::unique_ptr<support::ChildProcess> start(const std::string& name) {
        return site_.startWorker(name, url_);
    }
    /// Once both have renewed, each has half.
    bool isShared() {
        return support::waitUntil([&] { return held("one") == 32 && held("two") == 32; });
    }
    bool holdsAll(const std::string& worker,
                  std::chrono::milliseconds patience = support::kPatience) {
        return support::waitUntil([&] { return held(worker) == 64; }, patience);
    }
    /// Each kiosk records one visit more, and repeats it until it is acknowledged.
    void recordOneEach() {
        ++recorded_;
        for (int i = 0; i < kKiosks; ++i) {
            const record::KioskId kiosk = kiosks_[static_cast<std::size_t>(i)];
            const wire::Batch batch = batchOf(i, recorded_);
            KioskEnd end(site_, kiosk, keys_[static_cast<std::size_t>(i)]);
            const bool isHere = support::waitUntil([&] {
                end.send(batch);
                const auto ack = end.ack(kTimeOut);
                return ack && end.received(*ack).contains(recorded_);
            });
            ASSERT_TRUE(isHere) << kiosk.value;
        }
    }
    std::int64_t query(const std::string& sql) {
        const auto answer = support::run({"/usr/lib/postgresql/15/bin/psql", "--no-psqlrc",
                                          "--tuples-only", "--no-align", url_, "--command", sql});
        return answer.status == 0 && !answer.out.empty() ? std::stoll(answer.out) : -1;
    }
    std::int64_t held(const std::string& worker) {
        return query("SELECT count(*) FROM shard_lease WHERE held_until > now() AND worker = '" +
                     worker + "'");
    }
    std::string pageOf(const std::string& worker, const std::string& page) {
        std::string url = support::readFile(site_.path(worker) / "hub_url");
        url.pop_back();
        return support::run({"curl", "--silent", url + page}).out;
    }
    /// What a worker tells monitoring.
    std::string metricsOf(const std::string& worker) { return pageOf(worker, "/metrics"); }
    /// Everything came once, and what was not sent again came in its order.
    void expectEverythingOnce(const std::set<record::RecordId>& again = {}) {
        const auto records = static_cast<std::int64_t>(kKiosks * recorded_);
        EXPECT_TRUE(support::waitUntil([&] {
            return query("SELECT count(*) FROM unit") == records;
        })) << "all is opened, whoever took it";
        EXPECT_EQ(query("SELECT count(*) FROM sealed_unit"), records);
        EXPECT_EQ(query("SELECT count(*) FROM fork"), 0);
        EXPECT_EQ(query("SELECT count(*) FROM quarantine"), 0);
        EXPECT_EQ(late(again), 0) << "each kiosk's records came in their order";
    }
    /// Records that came behind a later one of their kiosk's, not counting those of these ids.
    std::int64_t late(const std::set<record::RecordId>& leftOut) {
        std::string ids = "''";
        for (const record::RecordId& id : leftOut) {
            ids += ",'\\x" + id.hex() + "'";
        }
        return query(
            "SELECT count(*) FROM (SELECT seq < lag(seq) OVER (PARTITION BY kiosk ORDER BY "
            "received_at, seq) AS is_late FROM sealed_unit WHERE unit_id NOT IN (" +
            ids + ")) AS pairs WHERE is_late");
    }

    support::Postgres server_;
    std::string url_ = server_.url("hub");
    HubSite site_;
    std::vector<record::KioskId> kiosks_;
    std::vector<receipt::SigningKeys> keys_;
    std::uint64_t recorded_ = 0;

    /// Its next record, sealed; each seq once, in their order.
    wire::Batch batchOf(int kiosk, std::uint64_t seq) {
        record::PositionedUnit visit = hub::samples::visit(
            static_cast<std::uint64_t>(kiosk + 1) * 1000 + seq, static_cast<std::uint8_t>(kiosk));
        visit.unit.event = site_.event().id;
        visit.unit.receipt.reset();
        visit.unit.consents.clear();
        visit.unit.contact.reset();
        visit.position = {kiosks_[static_cast<std::size_t>(kiosk)], hub::samples::epoch(), seq};
        wire::Batch batch;
        batch.event = site_.event().id;
        batch.kiosk = visit.position.kiosk;
        batch.epoch = visit.position.epoch;
        batch.base = hub::samples::kNow;
        visit.proof.reset();
        visit.signature = receipt::signUnit(visit, keys_[static_cast<std::size_t>(kiosk)]);
        const wire::BatchUnit unit{visit.unit.id, seal::sealUnit(visit, site_.publicKey())};
        record::ChainHash& chain = chains_[static_cast<std::size_t>(kiosk)];
        batch.runs.push_back({seq, chain, {unit}});
        chain = seal::chainAfter(chain, batch.epoch, seq, unit.id, seal::digestOf(unit.sealed));
        return batch;
    }

  private:
    std::array<record::ChainHash, kKiosks> chains_{};
};

TEST_F(WorkersJourney, AKilledWorkersKiosksAreServedByTheOtherWithinSeconds) {
    const auto one = start("one");
    auto two = start("two");
    ASSERT_TRUE(isShared());
    recordOneEach();

    two->kill();
    auto recording = std::async(std::launch::async, [this] { recordOneEach(); });

    EXPECT_TRUE(holdsAll("one", hub::Leases::kLease + support::kSoon));
    recording.get();
    two = start("two");
    EXPECT_TRUE(isShared()) << "and shared again when it is back";
    recordOneEach();
    EXPECT_TRUE(support::waitUntil(
        [&] { return metricsOf("two").find("tapport_hub_shards 32\n") != std::string::npos; }));
    EXPECT_THAT(metricsOf("one"), testing::HasSubstr("tapport_kiosk_backlog_records"));
    expectEverythingOnce();
}

TEST_F(WorkersJourney, EachWorkerKnowsWhichKiosksAreConnectedWhoeverServesThem) {
    const auto one = start("one");
    std::vector<support::FakeOutbox> outboxes(kKiosks);
    std::vector<std::unique_ptr<agent::AgentRunner>> agents;
    for (std::size_t i = 0; i < kKiosks; ++i) {
        agent::AgentOptions options;
        options.broker.port = site_.broker().port();
        options.pump.event = site_.event().id;
        options.pump.kiosk = kiosks_[i];
        options.pump.bootSpread = {};
        options.pump.sign = [keys = keys_[i]](ByteView covered) {
            return receipt::signMessage(covered, keys);
        };
        options.isHubs = [](const auto&, ByteView) { return true; };
        agents.push_back(
            std::make_unique<agent::AgentRunner>(options, outboxes[i], [](const auto&) {}));
    }
    const auto connected = [&](const std::string& worker) {
        return site_.figure("kiosks_connected", worker);
    };
    ASSERT_TRUE(support::waitUntil([&] { return connected("one") == kKiosks; }));

    const auto two = start("two");
    ASSERT_TRUE(isShared());
    EXPECT_TRUE(support::waitUntil([&] { return connected("two") == kKiosks; }));
    agents.pop_back();

    EXPECT_TRUE(support::waitUntil([&] {
        return connected("one") == kKiosks - 1 && connected("two") == kKiosks - 1;
    })) << connected("one")
        << " and " << connected("two");
}

TEST_F(WorkersJourney, AFrozenWorkerDoesNoHarmWhenItGoesOn) {
    const auto one = start("one");
    const auto two = start("two");
    ASSERT_TRUE(isShared());
    recordOneEach();

    two->signal(SIGSTOP);
    recordOneEach();
    EXPECT_TRUE(holdsAll("one"));
    two->signal(SIGCONT);
    recordOneEach();

    EXPECT_TRUE(isShared());
    recordOneEach();
    expectEverythingOnce();
}

TEST_F(WorkersJourney, AWorkerThatEndsHandsOverAtOnce) {
    const auto one = start("one");
    const auto two = start("two");
    ASSERT_TRUE(isShared());

    EXPECT_EQ(two->terminate(), 0);

    EXPECT_EQ(held("two"), 0) << "nobody waits for a lease to expire";
    EXPECT_TRUE(holdsAll("one"));
    recordOneEach();
    expectEverythingOnce();
}

/// Kiosks that send on without waiting for an answer, each over a connection of its own, and know
/// what they had to send again: only that may come late.
class KiosksThatSendOn : public WorkersJourney {
  protected:
    void connect() {
        for (std::size_t i = 0; i < kKiosks; ++i) {
            ends_.push_back(std::make_unique<KioskEnd>(site_, kiosks_[i], keys_[i]));
        }
        sendOn(1);
        ASSERT_TRUE(support::waitUntil([&] { return isAnswered(1, 1); }));
    }
    /// So many records more of each kiosk, each in a message of its own, all under way at once.
    void sendOn(int count) {
        for (int n = 0; n < count; ++n) {
            ++recorded_;
            for (std::size_t i = 0; i < kKiosks; ++i) {
                wire::Batch batch = batchOf(static_cast<int>(i), recorded_);
                ends_[i]->send(batch);
                sent_[i].push_back(batch);
                unanswered_[i].insert(recorded_);
            }
        }
    }
    /// Hears what has come; true when all of these records are answered.
    bool isAnswered(std::uint64_t from, std::uint64_t through) {
        bool isAll = true;
        for (std::size_t i = 0; i < kKiosks; ++i) {
            while (const auto ack = ends_[i]->ack(std::chrono::milliseconds(1))) {
                const record::SeqRanges received = ends_[i]->received(*ack);
                std::erase_if(unanswered_[i], [&](auto seq) { return received.contains(seq); });
            }
            const auto next = unanswered_[i].lower_bound(from);
            isAll = isAll && (next == unanswered_[i].end() || *next > through);
        }
        return isAll;
    }
    /// Sends what is not answered up to there, as kiosks do after their time-out, until it is.
    bool sendAgain(std::uint64_t through) {
        return support::waitUntil([&] {
            (void)isAnswered(1, through);  // hears first what has come
            for (std::size_t i = 0; i < kKiosks; ++i) {
                for (const std::uint64_t seq : unanswered_[i]) {
                    if (seq <= through) {
                        const wire::Batch& batch = sent_[i][seq - 1];
                        ends_[i]->send(batch);
                        again_.insert(batch.runs.front().units.front().id);
                    }
                }
            }
            return support::waitUntil([&] { return isAnswered(1, through); }, kTimeOut);
        });
    }
    /// Until each kiosk is served by somebody: known by the answer to a record that has long been
    /// there, which changes the order of nothing.
    bool isServed() {
        for (auto& unanswered : unanswered_) {
            unanswered.insert(1);
        }
        return sendAgain(1);
    }

    std::vector<std::unique_ptr<KioskEnd>> ends_;
    std::array<std::vector<wire::Batch>, kKiosks> sent_;
    std::array<std::set<std::uint64_t>, kKiosks> unanswered_;
    std::set<record::RecordId> again_;
};

TEST_F(KiosksThatSendOn, WhatAFrozenWorkerHasInItsHandsDoesNotComeBehindWhatCameSince) {
    const auto one = start("one");
    const auto two = start("two");
    ASSERT_TRUE(isShared());
    connect();

    two->signal(SIGSTOP);
    sendOn(4);
    ASSERT_TRUE(holdsAll("one"));
    ASSERT_TRUE(isServed());
    ASSERT_FALSE(isAnswered(2, 5)) << "the frozen one has them";
    sendOn(4);
    ASSERT_TRUE(support::waitUntil([&] { return isAnswered(6, 9); }));
    two->signal(SIGCONT);

    ASSERT_TRUE(isShared()) << "by now it has done with them what it will";
    EXPECT_TRUE(sendAgain(recorded_));
    expectEverythingOnce(again_);
}

TEST_F(KiosksThatSendOn, WhatIsUnderWayWhileShardsMoveComesInItsOrder) {
    const auto one = start("one");
    auto two = start("two");
    ASSERT_TRUE(isShared());
    connect();

    for (int turn = 0; turn < 4; ++turn) {
        sendOn(4);
        if (turn % 2 == 0) {
            EXPECT_EQ(two->terminate(), 0);
        } else {
            two = start("two");
        }
        sendOn(4);
        ASSERT_TRUE(turn % 2 == 0 ? holdsAll("one") : isShared());
        EXPECT_TRUE(sendAgain(recorded_));
    }

    expectEverythingOnce(again_);
}

TEST_F(WorkersJourney, OfTwoUnderOneNameTheLaterServesAndTheOtherStaysAwayUntilThatEnds) {
    const auto thrownOut = [&] {
        const std::string log = support::readFile(site_.path("broker") / "mosquitto.log");
        const std::string line = "Client hub-one already connected, closing old connection";
        std::size_t times = 0;
        for (auto at = log.find(line); at != std::string::npos; at = log.find(line, at + 1)) {
            ++times;
        }
        return times;
    };
    const auto one = start("one");
    recordOneEach();

    const auto other = site_.startWorker("copy", url_, "one");
    ASSERT_TRUE(support::waitUntil([&] {
        return support::readFile(site_.path("one.log"))
                   .find("another one connects as hub-one too") != std::string::npos;
    }));
    recordOneEach();
    const std::size_t settled = thrownOut();
    recordOneEach();
    recordOneEach();

    EXPECT_EQ(thrownOut(), settled) << "they do not throw each other out in turn";
    EXPECT_EQ(other->terminate(), 0);
    recordOneEach();
    EXPECT_LE(thrownOut(), settled + 1) << "at most one that has not closed yet";
    expectEverythingOnce();
}

TEST_F(WorkersJourney, AnEditionIsTakenOnceTheDatabaseLetsTheHubInAgain) {
    const auto one = start("one");
    recordOneEach();
    // Who is connected stays so: the hub sees the edition, and cannot open anything anew.
    const auto letIn = [&](const char* whether) {
        std::string elsewhere = url_;
        elsewhere.replace(elsewhere.find("/postgres?"), 10, "/template1?");
        return support::run({"/usr/lib/postgresql/15/bin/psql", "--no-psqlrc", elsewhere,
                             "--command",
                             std::string("ALTER DATABASE postgres ALLOW_CONNECTIONS ") + whether})
            .status;
    };
    ASSERT_EQ(letIn("false"), 0);
    std::string file = support::readFile(site_.path("event.json"));
    file.replace(file.find("Example Expo"), 12, "Renamed Expo");
    support::writeFile(site_.path("event.json"), file);
    site_.publishEdition(2);

    EXPECT_TRUE(support::waitUntil([&] {
        return support::readFile(site_.path("one.log")).find("and tries again") !=
               std::string::npos;
    }));
    EXPECT_TRUE(one->isRunning());
    ASSERT_EQ(letIn("true"), 0);

    recordOneEach();
    EXPECT_THAT(pageOf("one", "/login"), testing::HasSubstr("Renamed Expo"));
    expectEverythingOnce();
    EXPECT_EQ(one->terminate(), 0);
}

TEST_F(WorkersJourney, ADatabaseThatCrashesIsWaitedFor) {
    const auto one = start("one");
    recordOneEach();

    server_.crash();
    server_.start();
    recordOneEach();

    expectEverythingOnce();
}

}  // namespace
}  // namespace tapport::journey
