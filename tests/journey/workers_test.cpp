// SPDX-License-Identifier: GPL-3.0-or-later
// Two hub processes on one PostgreSQL database and one broker: each serves its share of the kiosks;
// one that is killed or frozen loses its share to the other within seconds, and nothing is lost or
// doubled.
#include "sync/agent/runner.h"
#include "sync/receipt/unit_signature.h"
#include "sync/seal/chain.h"
#include "sync/wire/topics.h"
#include "tests/journey/hub_site.h"
#include "tests/support/fake_outbox.h"
#include "tests/support/postgres.h"
#include "tests/support/wait_until.h"
#include "tests/sync/hub/samples.h"

#include <csignal>

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
    /// Each kiosk records one visit more, and repeats it until it is acknowledged.
    void recordOneEach() {
        ++recorded_;
        for (int i = 0; i < kKiosks; ++i) {
            const record::KioskId kiosk = kiosks_[static_cast<std::size_t>(i)];
            const wire::Batch batch = batchOf(i);
            KioskEnd end(site_, kiosk, keys_[static_cast<std::size_t>(i)]);
            const bool isHere = support::waitUntil(
                [&] {
                    end.send(batch);
                    const auto ack = end.ack(kTimeOut);
                    return ack && end.received(*ack).contains(recorded_);
                },
                std::chrono::seconds(40));
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
    /// What a worker tells monitoring.
    std::string metricsOf(const std::string& worker) {
        std::string url = support::readFile(site_.path(worker) / "hub_url");
        url.pop_back();
        return support::run({"curl", "--silent", url + "/metrics"}).out;
    }
    void expectEverythingOnce() {
        const auto records = static_cast<std::int64_t>(kKiosks * recorded_);
        EXPECT_TRUE(support::waitUntil([&] {
            return query("SELECT count(*) FROM unit") == records;
        })) << "all is opened, whoever took it";
        EXPECT_EQ(query("SELECT count(*) FROM sealed_unit"), records);
        EXPECT_EQ(query("SELECT count(*) FROM fork"), 0);
        EXPECT_EQ(query("SELECT count(*) FROM quarantine"), 0);
        EXPECT_EQ(
            query("SELECT count(*) FROM (SELECT seq < lag(seq) OVER (PARTITION BY kiosk ORDER "
                  "BY received_at, seq) AS is_late FROM sealed_unit) AS pairs WHERE is_late"),
            0)
            << "each kiosk's records came in their order";
    }

    support::Postgres server_;
    std::string url_ = server_.url("hub");
    HubSite site_;
    std::vector<record::KioskId> kiosks_;
    std::vector<receipt::SigningKeys> keys_;
    std::uint64_t recorded_ = 0;

  private:
    wire::Batch batchOf(int kiosk) {
        record::PositionedUnit visit =
            hub::samples::visit(static_cast<std::uint64_t>(kiosk + 1) * 1000 + recorded_,
                                static_cast<std::uint8_t>(kiosk));
        visit.unit.event = site_.event().id;
        visit.unit.receipt.reset();
        visit.unit.consents.clear();
        visit.unit.contact.reset();
        visit.position = {kiosks_[static_cast<std::size_t>(kiosk)], hub::samples::epoch(),
                          recorded_};
        wire::Batch batch;
        batch.event = site_.event().id;
        batch.kiosk = visit.position.kiosk;
        batch.epoch = visit.position.epoch;
        batch.base = hub::samples::kNow;
        visit.proof.reset();
        visit.signature = receipt::signUnit(visit, keys_[static_cast<std::size_t>(kiosk)]);
        const wire::BatchUnit unit{visit.unit.id, seal::sealUnit(visit, site_.publicKey())};
        record::ChainHash& chain = chains_[static_cast<std::size_t>(kiosk)];
        batch.runs.push_back({recorded_, chain, {unit}});
        chain =
            seal::chainAfter(chain, batch.epoch, recorded_, unit.id, seal::digestOf(unit.sealed));
        return batch;
    }

    std::array<record::ChainHash, kKiosks> chains_{};
};

TEST_F(WorkersJourney, AKilledWorkersKiosksAreServedByTheOtherWithinSeconds) {
    const auto one = start("one");
    auto two = start("two");
    ASSERT_TRUE(isShared());
    recordOneEach();

    two->kill();
    recordOneEach();

    EXPECT_EQ(held("one"), 64);
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

    EXPECT_TRUE(support::waitUntil(
        [&] { return connected("one") == kKiosks - 1 && connected("two") == kKiosks - 1; }));
}

TEST_F(WorkersJourney, AFrozenWorkerDoesNoHarmWhenItGoesOn) {
    const auto one = start("one");
    const auto two = start("two");
    ASSERT_TRUE(isShared());
    recordOneEach();

    two->signal(SIGSTOP);
    recordOneEach();
    EXPECT_EQ(held("one"), 64);
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

    EXPECT_TRUE(support::waitUntil([&] { return held("one") == 64; }, std::chrono::seconds(4)))
        << "nobody waits for a lease to expire";
    recordOneEach();
    expectEverythingOnce();
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
