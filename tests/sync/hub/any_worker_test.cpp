// SPDX-License-Identifier: GPL-3.0-or-later
// What an operator asks of a worker is done there, whichever worker serves the kiosk.
#include "sync/hub/run/custody.h"
#include "sync/hub/run/hub_desk.h"
#include "sync/hub/run/retention.h"
#include "sync/hub/store/pg_leases.h"
#include "sync/hub/store/pg_store.h"
#include "sync/seal/chain.h"
#include "sync/wire/topics.h"
#include "tests/support/postgres.h"
#include "tests/support/temp_dir.h"
#include "tests/sync/hub/example_answers.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::hub {
namespace {

using namespace samples;

record::Signature noSignature(ByteView) {
    return {};
}

class AnyWorker : public testing::Test {
  protected:
    AnyWorker() { EXPECT_TRUE(serving_.renew()->all()) << "the other one serves every kiosk"; }
    Bytes sealed(const record::PositionedUnit& unit) const {
        return seal::sealUnit(unit, keys_.publicKey);
    }
    void makeDiskWith(const record::PositionedUnit& unit) const {
        std::filesystem::create_directories(dir_ / "disk");
        SQLite::Database kiosk(dir_ / "disk" / "kiosk.db",
                               SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        kiosk.exec(
            "PRAGMA application_id = 0x54505254; PRAGMA user_version = 1;"
            "CREATE TABLE meta (id INTEGER PRIMARY KEY, kiosk TEXT, epoch BLOB, last_seq INTEGER);"
            "INSERT INTO meta VALUES (1, 'kiosk-1', x'" +
            epoch().hex() +
            "', 1);"
            "CREATE TABLE outbox (seq INTEGER PRIMARY KEY, record_id BLOB, sealed BLOB);"
            "INSERT INTO outbox VALUES (1, x'" +
            unit.unit.id.hex() + "', x'" + toHex(sealed(unit)) + "')");
    }
    Bytes batchOf(const record::PositionedUnit& unit) const {
        wire::Batch batch;
        batch.event = kScope.event;
        batch.kiosk = kKiosk;
        batch.epoch = epoch();
        batch.base = kNow;
        batch.runs.push_back({1, seal::kChainStart, {{unit.unit.id, sealed(unit)}}});
        return wire::encode(batch, noSignature);
    }

    bool isReady_ = seal::initialise().has_value();
    support::TempDir dir_;
    support::Postgres server_;
    std::string url_ = server_.url("hub");
    std::unique_ptr<Store> store_ = openPgStore(url_, kScope, kKey, Worker{"asked", {{1}}}).value();
    PgLeases serving_{url_, kScope, Worker{"serving", {{2}}}};
    seal::SealingKeys keys_ = seal::makeSealingKeys();
    event::Event event_ = exampleEvent();
    LocalOpener opener_{keys_, kScope.event};
    ProofKeys published_{dir_ / "keys.json", dir_ / "kiosks.register", event_, {}};
    Filing filing_{*store_, opener_, published_};
    Retention retention_{*store_, event_};
    Ingest ingest_{*store_, kScope.event, {noSignature, [](const auto&...) { return true; }}};
};

TEST_F(AnyWorker, ReadsAKiosksDisk) {
    makeDiskWith(visit(1, 7));
    HubDesk desk(
        {*store_, ingest_.sorting(), filing_, published_, retention_, event_, {}},
        [] { return clockAt(kNow); }, [](const auto& work) { work(); });

    const auto recovered = desk.recover(dir_ / "disk");

    ASSERT_TRUE(recovered) << recovered.error().context;
    EXPECT_EQ(recovered->fresh, 1U);
}

TEST_F(AnyWorker, TriesAMessageAgain) {
    const Bytes payload = batchOf(visit(1, 7));
    Intake intake;
    intake.suspects.push_back({wire::upTopic(kKiosk), payload, Reason::NotSigned, "no key"});
    ASSERT_TRUE(store_->take(intake, kNow));
    Custody custody(
        {*store_, filing_, ingest_, dir_ / "suppression.key"}, [] { return clockAt(kNow); },
        [](const auto& work) { work(); });

    const auto retried = custody.retryAll();

    ASSERT_TRUE(retried) << retried.error().context;
    EXPECT_THAT(retried->notes, testing::IsEmpty());
    EXPECT_EQ(retried->tried, 1U);
    EXPECT_EQ(store_->counts()->quarantined, 0U);
}

TEST_F(AnyWorker, TakesWhatAnAttendeeTakesBackEachInASequenceOfItsOwn) {
    event_.sealingKey = keys_.publicKey;
    const auto unit =
        visitFor(event_, 1, 7, {{"newsletter"}, {"sales-follow-up", record::Channel::Phone}});
    const Bytes bytes = sealed(unit);
    Intake intake;
    intake.whose = Whose::Anybodys;
    intake.arrivals.push_back(
        {unit.unit.id, unit.position, seal::digestOf(bytes), bytes, chain(0), chain(1)});
    ASSERT_TRUE(store_->take(intake, kNow));
    ASSERT_TRUE(filing_.finish(kNow).value());
    const receipt::SigningKeys hub = receipt::makeSigningKeys();
    const auto withdraw = [&](const ledger::Scope& scope) {
        PhoneLink link({*store_, *store_, filing_, event_, PhoneLink::Making::with(hub, event_),
                        "0.0.0"});  // as of another process
        HubDesk desk(
            {*store_,
             ingest_.sorting(),
             filing_,
             published_,
             retention_,
             event_,
             {},
             nullptr,
             &link},
            [] { return clockAt(kNow); }, [](const auto& work) { work(); });
        const auto done = desk.withdraw(*unit.unit.receipt, {scope});
        ASSERT_TRUE(done) << done.error().context;
        EXPECT_EQ((*done)->withdrawn, std::vector{scope});
    };

    withdraw({{"newsletter"}, record::Channel::Email});
    withdraw({{"sales-follow-up"}, record::Channel::Phone});

    EXPECT_EQ(store_->epochsOf(record::kHubLink)->size(), 2U);
    EXPECT_EQ(store_->counts()->waiting, 0U) << "filed, whoever serves the shard";
    EXPECT_EQ(store_->counts()->forks, 0U);
    EXPECT_TRUE(store_->dossier(subject(7))->contacts.empty());
}

}  // namespace
}  // namespace tapport::hub
