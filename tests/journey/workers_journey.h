// SPDX-License-Identifier: GPL-3.0-or-later
// A site whose hub may be several workers, on one PostgreSQL database and one broker, and kiosks
// that record.
#pragma once

#include "sync/receipt/unit_signature.h"
#include "sync/seal/chain.h"
#include "tests/journey/hub_site.h"
#include "tests/support/postgres.h"
#include "tests/support/wait_until.h"
#include "tests/sync/hub/samples.h"

#include <array>
#include <set>

#include <fmt/core.h>
#include <gtest/gtest.h>

namespace tapport::journey {

inline constexpr int kKiosks = 8;
// As the pump's shortest.
inline constexpr std::chrono::milliseconds kTimeOut{3000};

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

}  // namespace tapport::journey
