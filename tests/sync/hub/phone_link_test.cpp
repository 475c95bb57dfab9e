// SPDX-License-Identifier: GPL-3.0-or-later
// What an attendee takes back on their page: a record like any other, from the hub's own sequence.
#include "sync/hub/run/hub_desk.h"
#include "sync/seal/chain.h"
#include "sync/vault/withdrawn.h"
#include "tests/sync/hub/opener_fixture.h"

#include <gmock/gmock.h>

namespace tapport::hub {
namespace {

using record::ConsentState;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const ledger::Scope kNews{{"newsletter"}, record::Channel::Email};
const ledger::Scope kCall{{"sales-follow-up"}, record::Channel::Phone};

/// Fails when a test says so.
class ShakyStore final : public ArrivalStore {
  public:
    explicit ShakyStore(Store& store) : store_(store) {}
    enum class Fault : std::uint8_t { None, NotCommitted, AnswerLost };

    wire::HubEpoch hubEpoch() override { return store_.hubEpoch(); }
    Result<std::vector<Verdict>> take(const Intake& intake, record::WallTime at) override {
        if (onTake) {
            onTake();
        }
        if (fault == Fault::NotCommitted) {
            return fail(Code::StorageFull, "take records");
        }
        auto verdicts = store_.take(intake, at);
        return fault == Fault::AnswerLost ? fail(Code::Storage, "take records") : verdicts;
    }
    Result<std::vector<KeptParcel>> parcels(Whose whose, std::size_t most) override {
        return store_.parcels(whose, most);
    }
    Result<std::vector<KeptParcel>> parcelsOf(const record::KioskId& kiosk,
                                              std::size_t most) override {
        return store_.parcelsOf(kiosk, most);
    }
    Result<std::int64_t> newestParcel() override { return store_.newestParcel(); }
    Result<Held> held(const Sequence& sequence) override { return store_.held(sequence); }
    Result<std::vector<record::Epoch>> epochsOf(const record::KioskId& kiosk) override {
        return store_.epochsOf(kiosk);
    }
    Result<std::map<std::string, std::uint64_t>> quarantinedBytes() override {
        return store_.quarantinedBytes();
    }
    Result<std::uint64_t> watermark(const Sequence& sequence) override {
        return canReadMarks ? store_.watermark(sequence) : fail(Code::Storage, "read a watermark");
    }

    Fault fault = Fault::None;
    bool canReadMarks = true;
    std::function<void()> onTake;  ///< before anything is written

  private:
    Store& store_;
};

/// A journal's bytes; fails when a test says so.
class ShakyJournal final : public JournalDisk {
  public:
    struct File {
        std::string text;
        bool isFull = false;
    };
    explicit ShakyJournal(File& file) : file_(file) {}
    Result<std::string> read() override { return file_.text; }
    Result<> append(std::string_view text) override {
        if (file_.isFull) {
            return fail(Code::StorageFull, "write the journal");
        }
        file_.text += text;
        return {};
    }
    Result<> replace(std::string_view text) override {
        file_.text = text;
        return {};
    }

  private:
    File& file_;
};

class PhoneLinkTest : public OpenerTest {
  protected:
    bool settle() { return OpenerTest::settle(ownFiling_); }
    /// Before anything looks at the event.
    bool nameKeys() {
        event_.hubKey = hub_.publicKey;
        event_.sealingKey = keys_.publicKey;
        return true;
    }
    /// The kiosk's visit with these yeses, proven and filed.
    record::PositionedUnit receiveYes(std::uint64_t seq, std::uint8_t who,
                                      const std::vector<Answer>& answers,
                                      const std::vector<record::RecordId>& causes = {}) {
        record::PositionedUnit unit = visitFor(event_, seq, who, answers);
        for (record::ConsentEvent& consent : unit.unit.consents) {
            consent.causes = causes;
        }
        unit.proof = receipt::prove(unit, event_, kiosk_);
        unit.signature = receipt::signUnit(unit, kiosk_);
        receive(unit);
        EXPECT_TRUE(settle());
        return unit;
    }
    std::vector<KeptConsent> eventsOf(std::uint8_t who) {
        return store_->dossier(subject(who))->consents;
    }
    /// What the hub itself recorded of somebody.
    KeptConsent ownOf(std::uint8_t who) {
        const std::vector<KeptConsent> all = eventsOf(who);
        const auto own = std::find_if(all.begin(), all.end(), [](const KeptConsent& one) {
            return one.origin.position.kiosk == record::kHubLink;
        });
        EXPECT_NE(own, all.end());
        return own == all.end() ? KeptConsent{} : *own;
    }
    std::size_t leads() {
        return releaseLeads(*store_, event_, {}, 100, record::TrustedNow(clockAt(kNow)))
            ->leads.size();
    }
    Withdrawal withdraw(const record::PositionedUnit& visit, const WithdrawalWish& wish = {}) {
        auto done = desk_.withdraw(*visit.unit.receipt, wish);
        EXPECT_TRUE(done && *done);
        return done && *done ? std::move(**done) : Withdrawal{};
    }

    receipt::SigningKeys hub_ = receipt::makeSigningKeys();
    receipt::SigningKeys kiosk_ = receipt::makeSigningKeys();
    bool isNamed_ = nameKeys();
    ProofKeys proofKeys_{dir_ / "keys.json", dir_ / "kiosks.register", event_, {}};
    Filing ownFiling_{*store_, opener_, proofKeys_};
    ShakyStore shaky_{*store_};
    /// As at a hub's start.
    PhoneLink linkWithJournal(ArrivalStore& store, Filing& filing) {
        return PhoneLink({store, *store_, filing, event_, PhoneLink::Making::with(hub_, event_),
                          "0.0.0", WithdrawalJournal::open(dir_ / "withdrawals").value()});
    }
    std::vector<WithdrawalJournal::Entry> journaled() {
        return WithdrawalJournal::open(dir_ / "withdrawals")->entries();
    }
    PhoneLink link_{linkWithJournal(shaky_, ownFiling_)};
    Sorting sorting_{*store_};
    Retention retention_{*store_, event_};
    HubDesk desk_{
        {*store_, sorting_, ownFiling_, proofKeys_, retention_, event_, {}, nullptr, &link_},
        [] { return clockAt(kNow + std::chrono::hours(1)); },
        [](const std::function<void()>& work) { work(); }};
};

TEST_F(PhoneLinkTest, AWithdrawalCountsAtOnceAndIsProvenByTheHubsKey) {
    publish({{kKiosk, kiosk_.publicKey}});
    ownFiling_.refreshKeys();
    const auto visit =
        receiveYes(1, 7, {{"newsletter"}, {"sales-follow-up", record::Channel::Phone}});
    ASSERT_EQ(leads(), 2U);

    const Withdrawal done = withdraw(visit, {kNews});

    EXPECT_THAT(done.withdrawn, ElementsAre(kNews));
    EXPECT_THAT(done.view.withdrawable, ElementsAre(kCall));
    EXPECT_THAT(done.view.now, ElementsAre(ledger::Standing::Withdrawn, ledger::Standing::Given));
    EXPECT_EQ(leads(), 1U);
    const KeptConsent event = ownOf(7);
    EXPECT_EQ(event.event.state, ConsentState::Withdrawn);
    EXPECT_EQ(event.event.method, record::Method::ReceiptLink);
    EXPECT_THAT(event.event.causes, ElementsAre(recordId(1001)));
    EXPECT_EQ(event.origin.position.kiosk, record::kHubLink);
    EXPECT_EQ(event.origin.proof, ProofState::Proven);
    EXPECT_TRUE(desk_.receiptJws(*done.receipt)->has_value()) << "a receipt of its own";
    EXPECT_THAT(quarantined(), IsEmpty());
    EXPECT_EQ(store_->counts()->waiting, 0U);
}

TEST_F(PhoneLinkTest, WithTheLastYesContactGoesAndKiosksAreToldInTheClear) {
    record::PositionedUnit visit = visitFor(event_, 1, 7, {{"newsletter"}});
    visit.unit.vault = record::VaultAccess{{{1}}, {{2}}};
    receive(visit);
    ASSERT_TRUE(settle());

    (void)withdraw(visit);

    EXPECT_TRUE(store_->dossier(subject(7))->contacts.empty());
    const auto told =
        store_->findDown(wire::ItemKind::Vault, {}, vault::withdrawnKey(visit.unit.vault->lookup));
    ASSERT_TRUE(told && *told);
    EXPECT_FALSE((*told)->subject) << "of nobody";
    const auto withdrawn = vault::decodeWithdrawn(*(*told)->item.payload);
    ASSERT_TRUE(withdrawn);
    ASSERT_THAT(*withdrawn, SizeIs(1));
    EXPECT_THAT(withdrawn->front().causes, ElementsAre(recordId(1001)));
    EXPECT_TRUE(*store_->findDown(wire::ItemKind::Vault, {}, visit.unit.vault->lookup.view()))
        << "the closed entry stays beside it";
}

TEST_F(PhoneLinkTest, AgainNothingIsLeftAndNothingIsWritten) {
    const auto visit = receiveYes(1, 7, {{"newsletter"}});
    (void)withdraw(visit);
    const auto state = store_->stateVersion();
    const auto told = store_->downVersion();

    const Withdrawal again = withdraw(visit);

    EXPECT_THAT(again.withdrawn, IsEmpty());
    EXPECT_FALSE(again.receipt);
    EXPECT_EQ(eventsOf(7).size(), 2U);
    EXPECT_EQ(store_->stateVersion(), state);
    EXPECT_EQ(store_->downVersion(), told);
}

TEST_F(PhoneLinkTest, AFreshYesThatKnewItCountsAndCanBeTakenBackOnTheOldReceipt) {
    const auto visit = receiveYes(1, 7, {{"newsletter"}});
    (void)withdraw(visit);
    const record::RecordId first = ownOf(7).event.id;
    receiveYes(2, 7, {{"newsletter"}}, {recordId(1001), first});
    ASSERT_EQ(leads(), 1U);

    (void)withdraw(visit);

    EXPECT_EQ(leads(), 0U);
    EXPECT_THAT(eventsOf(7), SizeIs(4));
}

TEST_F(PhoneLinkTest, SequencesOfTheHubAreWholeAndNoKiosks) {
    const auto one = receiveYes(1, 7, {{"newsletter"}});
    const auto two = receiveYes(2, 8, {{"newsletter"}});
    (void)withdraw(one);
    (void)withdraw(two);
    const std::vector<record::Epoch> epochs = store_->epochsOf(record::kHubLink).value();
    ASSERT_THAT(epochs, SizeIs(1));

    const Held held = store_->held({record::kHubLink, epochs[0]}).value();

    EXPECT_EQ(held.prefix().seq, 2U) << "one after the other, in one chain";
    EXPECT_EQ(store_->counts()->forks, 0U);
    ASSERT_THAT(store_->kiosks().value(), SizeIs(1));
    EXPECT_EQ(store_->kiosks()->front().sequence.kiosk, kKiosk);
    EXPECT_THAT(proofKeys_.kiosks(), IsEmpty());
    const auto marks = store_->openedThrough().value();
    EXPECT_THAT(marks, testing::Contains(Watermark{{record::kHubLink, epochs[0]}, 2}));
}

TEST_F(PhoneLinkTest, WhatIsNotCommittedIsAnErrorAndTheNextTryStandsElsewhere) {
    const auto visit = receiveYes(1, 7, {{"newsletter"}});
    shaky_.fault = ShakyStore::Fault::NotCommitted;
    EXPECT_FALSE(desk_.withdraw(*visit.unit.receipt, {}));
    EXPECT_EQ(leads(), 1U);
    shaky_.fault = ShakyStore::Fault::AnswerLost;
    EXPECT_FALSE(desk_.withdraw(*visit.unit.receipt, {}));

    shaky_.fault = ShakyStore::Fault::None;
    EXPECT_THAT(withdraw(visit).withdrawn, ElementsAre(kNews));
    ASSERT_TRUE(settle());

    EXPECT_EQ(leads(), 0U);
    EXPECT_EQ(store_->counts()->forks, 0U);
    EXPECT_THAT(quarantined(), IsEmpty());
    EXPECT_THAT(eventsOf(7), SizeIs(3)) << "the one whose answer got lost is opened as any other";
}

TEST_F(PhoneLinkTest, ADatabaseThatWasPutBackToABackupGetsItAgain) {
    const auto one = receiveYes(1, 7, {{"newsletter"}});
    const auto two = receiveYes(2, 8, {{"newsletter"}});
    (void)withdraw(one);
    ASSERT_TRUE(store_->copyTo(dir_ / "backup.db"));
    (void)withdraw(two);
    ASSERT_EQ(leads(), 0U);
    store_ = openSqliteStore(dir_ / "backup.db", kScope, kKey).value();
    ASSERT_EQ(leads(), 1U);
    Filing filing(*store_, opener_, proofKeys_);

    EXPECT_EQ(linkWithJournal(*store_, filing).recall(kNow), 1U);
    ASSERT_TRUE(OpenerTest::settle(filing));

    EXPECT_EQ(leads(), 0U);
    EXPECT_EQ(store_->counts()->forks, 0U);
    EXPECT_THAT(quarantined(), IsEmpty());
    EXPECT_EQ(linkWithJournal(*store_, filing).recall(kNow), 0U);
    EXPECT_THAT(WithdrawalJournal::open(dir_ / "withdrawals")->entries(), SizeIs(2));
}

TEST_F(PhoneLinkTest, WhatABackupHoldsLeavesTheJournal) {
    (void)withdraw(receiveYes(1, 7, {{"newsletter"}}));
    (void)withdraw(receiveYes(2, 8, {{"newsletter"}}));
    const record::Epoch epoch = store_->epochsOf(record::kHubLink)->front();
    const std::vector<Watermark> marks{{{record::kHubLink, epoch}, 1}};
    ASSERT_TRUE(store_->setWatermarks(marks, kNow));

    EXPECT_EQ(linkWithJournal(*store_, ownFiling_).recall(kNow), 0U);

    const auto kept = WithdrawalJournal::open(dir_ / "withdrawals").value();
    ASSERT_THAT(kept.entries(), SizeIs(1));
    EXPECT_EQ(kept.entries()[0].seq, 2U);
}

/// The process may end behind the commit, and who asks again hears that nothing is left.
TEST_F(PhoneLinkTest, ItIsInTheJournalBeforeItIsCommitted) {
    const auto visit = receiveYes(1, 7, {{"newsletter"}});
    std::vector<WithdrawalJournal::Entry> before;
    shaky_.onTake = [&] { before = journaled(); };

    (void)withdraw(visit);

    ASSERT_THAT(before, SizeIs(1));
    EXPECT_EQ(before, journaled());
}

TEST_F(PhoneLinkTest, TheJournalHasWhatIsCommittedThoughItsAnswerGotLostAndNotWhatIsNot) {
    const auto visit = receiveYes(1, 7, {{"newsletter"}});
    shaky_.fault = ShakyStore::Fault::NotCommitted;
    EXPECT_FALSE(desk_.withdraw(*visit.unit.receipt, {}));
    EXPECT_THAT(journaled(), IsEmpty());
    shaky_.fault = ShakyStore::Fault::AnswerLost;
    EXPECT_FALSE(desk_.withdraw(*visit.unit.receipt, {}));

    ASSERT_TRUE(settle());

    EXPECT_THAT(withdraw(visit).withdrawn, IsEmpty()) << "nothing is left of it";
    ASSERT_THAT(journaled(), SizeIs(1));
    EXPECT_EQ(journaled()[0].id, ownOf(7).origin.unit);
}

TEST_F(PhoneLinkTest, TheJournalHasItAlsoWhenNobodyKnowsWhatABackupHolds) {
    (void)withdraw(receiveYes(1, 7, {{"newsletter"}}));
    shaky_.canReadMarks = false;

    (void)withdraw(receiveYes(2, 8, {{"newsletter"}}));

    EXPECT_THAT(journaled(), SizeIs(2));
}

TEST_F(PhoneLinkTest, BehindOneThatTheJournalMissesNothingStands) {
    const auto one = receiveYes(1, 7, {{"newsletter"}});
    const auto two = receiveYes(2, 8, {{"newsletter"}});
    ASSERT_TRUE(store_->copyTo(dir_ / "backup.db"));
    ShakyJournal::File file;
    const auto linkOver = [&](Store& store, Filing& filing) {
        return PhoneLink({store, store, filing, event_, PhoneLink::Making::with(hub_, event_),
                          "0.0.0",
                          WithdrawalJournal::open(std::make_unique<ShakyJournal>(file)).value()});
    };
    PhoneLink link = linkOver(*store_, ownFiling_);
    const auto takeBack = [&](std::uint8_t who) {
        return link.withdraw(*store_->dossier(subject(who)), {kNews}, record::Method::ReceiptLink,
                             clockAt(kNow));
    };
    file.isFull = true;
    ASSERT_TRUE(takeBack(7)) << "it is in the database";
    file.isFull = false;
    ASSERT_TRUE(takeBack(8));

    store_ = openSqliteStore(dir_ / "backup.db", kScope, kKey).value();
    Filing filing(*store_, opener_, proofKeys_);
    EXPECT_EQ(linkOver(*store_, filing).recall(kNow), 1U);

    const std::vector<record::Epoch> epochs = store_->epochsOf(record::kHubLink).value();
    ASSERT_THAT(epochs, SizeIs(1));
    EXPECT_EQ(store_->held({record::kHubLink, epochs[0]})->receivedThrough(), 1U)
        << "no hole, which nobody would ever fill";
}

TEST_F(PhoneLinkTest, AnUnknownReceiptIsNone) {
    receiveYes(1, 7, {{"newsletter"}});

    const auto done = desk_.withdraw(record::ReceiptId{{99}}, {});

    ASSERT_TRUE(done);
    EXPECT_FALSE(*done);
}

TEST_F(PhoneLinkTest, OnlyTheHubsKeySignsForTheHub) {
    publish({{kKiosk, kiosk_.publicKey}});
    record::PositionedUnit forged = visitFor(event_, 1, 7, {{"newsletter"}});
    forged.position.kiosk = record::kHubLink;
    forged.proof = receipt::prove(forged, event_, kiosk_);
    forged.signature = receipt::signUnit(forged, kiosk_);
    receive(forged);

    ASSERT_TRUE(settle());

    EXPECT_THAT(quarantined(), ElementsAre(Reason::NotProven));
}

}  // namespace
}  // namespace tapport::hub
