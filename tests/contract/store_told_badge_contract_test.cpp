// SPDX-License-Identifier: GPL-3.0-or-later
// What filing a record has kiosks told of its badge.
#include "sync/seal/seal.h"
#include "sync/vault/entry.h"
#include "sync/vault/withdrawn.h"
#include "tests/contract/store_contract.h"

namespace tapport::hub {
namespace {

using namespace samples;
using record::ConsentState;
using testing::ElementsAre;
using testing::IsEmpty;

/// What another kiosk would know of the badge.
std::optional<vault::Entry> told(Store& store, std::uint8_t who, const record::VaultKey& key) {
    const auto found =
        store.findDown(wire::ItemKind::Vault, {}, badgeOf(who).lookup.view()).value();
    return found ? std::optional(
                       vault::open({badgeOf(who).lookup, *found->item.payload}, key).value())
                 : std::nullopt;
}
std::optional<vault::Entry> told(Store& store, std::uint8_t who) {
    return told(store, who, badgeOf(who).key);
}

TEST_P(StoreContract, TellsKiosksOfABadgeWhatOnlyItOpens) {
    ASSERT_TRUE(seal::initialise());
    takeAndFile(withBadge(visit(1, 7), 7));

    const auto entry = told(*store_, 7);

    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->subject, subject(7));
    ASSERT_EQ(entry->decisions.size(), 1U);
    EXPECT_EQ(entry->decisions[0], visit(1, 7).unit.consents[0]);
    EXPECT_EQ(entry->contact, contact(7));
    const auto item = store_->findDown(wire::ItemKind::Vault, {}, badgeOf(7).lookup.view()).value();
    EXPECT_FALSE(vault::open({badgeOf(7).lookup, *item->item.payload}, badgeOf(8).key));
}

TEST_P(StoreContract, TellsNothingOfABadgeWithoutItsKey) {
    takeAndFile(visit(1, 7));

    EXPECT_EQ(store_->downVersion(), (wire::DownVersion{0, 0}));
}

TEST_P(StoreContract, TellsOfAWithdrawalWithoutWhatItTookBack) {
    ASSERT_TRUE(seal::initialise());
    takeAndFile(withBadge(visit(1, 7), 7));
    takeAndFile(withBadge(withdrawal(2, 7, {recordId(1001)}), 7));

    const auto entry = told(*store_, 7);

    ASSERT_TRUE(entry);
    ASSERT_EQ(entry->decisions.size(), 1U);
    EXPECT_EQ(entry->decisions[0].state, ConsentState::Withdrawn);
    EXPECT_FALSE(entry->contact);
}

TEST_P(StoreContract, TellsOfAYesAndANoThatDidNotKnowEachOther) {
    ASSERT_TRUE(seal::initialise());
    takeAndFile(withBadge(visit(1, 7), 7));
    takeAndFile(withBadge(withdrawal(2, 7, {}), 7));

    const auto entry = told(*store_, 7);

    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->decisions.size(), 2U);
}

TEST_P(StoreContract, TellsOfAnErasureThatItHappenedAndNothingElse) {
    ASSERT_TRUE(seal::initialise());
    takeAndFile(withBadge(visit(1, 7), 7));
    takeAndFile(withBadge(erasure(2, 7, {recordId(1001)}), 7));

    const auto entry = told(*store_, 7);

    ASSERT_TRUE(entry);
    ASSERT_EQ(entry->decisions.size(), 1U);
    EXPECT_EQ(entry->decisions[0].state, ConsentState::Erased);
    EXPECT_FALSE(entry->contact);
}

TEST_P(StoreContract, AnErasureWithoutTheBadgesKeyTakesBackWhatWasTold) {
    takeAndFile(withBadge(visit(1, 7), 7));
    takeAndFile(erasure(2, 7, {recordId(1001)}));

    EXPECT_FALSE(told(*store_, 7));
    EXPECT_FALSE(store_->downPage(kKiosk, {1, 0})->items.back().payload);
}

TEST_P(StoreContract, OfWhoIsForgottenOnlyTheDecisionsAreTold) {
    ASSERT_TRUE(seal::initialise());
    takeAndFile(withBadge(visit(1, 7), 7));

    ASSERT_TRUE(store_->forget({{subject(7)}}));
    const auto version = store_->downVersion();
    ASSERT_TRUE(store_->forget({{subject(7)}}));

    const auto entry = told(*store_, 7);
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->decisions.size(), 1U);
    EXPECT_FALSE(entry->contact);
    EXPECT_EQ(store_->downVersion(), version) << "once";
}

TEST_P(StoreContract, ADecisionWithoutTheBadgesKeyTakesBackWhatIsNoLongerAll) {
    ASSERT_TRUE(seal::initialise());
    takeAndFile(withBadge(visit(1, 7), 7));

    takeAndFile(withdrawal(2, 7, {recordId(1001)}));
    EXPECT_FALSE(told(*store_, 7));
    takeAndFile(withBadge(visit(3, 7), 7));

    EXPECT_TRUE(told(*store_, 7));
}

record::PositionedUnit byLink(record::PositionedUnit positioned) {
    positioned.position.kiosk = record::kHubLink;
    positioned.unit.consents.front().method = record::Method::ReceiptLink;
    return positioned;
}

/// What kiosks are told in the clear; nothing when there is no such item.
std::optional<std::vector<record::ConsentEvent>> withdrawn(Store& store, std::uint8_t who) {
    const auto found =
        store.findDown(wire::ItemKind::Vault, {}, vault::withdrawnKey(badgeOf(who).lookup)).value();
    return found ? std::optional(vault::decodeWithdrawn(*found->item.payload).value())
                 : std::nullopt;
}

TEST_P(StoreContract, TellsOfAWithdrawalByLinkInTheClearBesideTheEntryUntilThatHasIt) {
    ASSERT_TRUE(seal::initialise());
    takeAndFile(byLink(withdrawal(1, 8, {})));
    EXPECT_EQ(store_->downVersion(), (wire::DownVersion{0, 0})) << "of no badge";
    takeAndFile(withBadge(visit(2, 7), 7));
    EXPECT_FALSE(withdrawn(*store_, 7));

    takeAndFile(byLink(withdrawal(3, 7, {recordId(2001)})));

    ASSERT_TRUE(withdrawn(*store_, 7));
    ASSERT_EQ(withdrawn(*store_, 7)->size(), 1U);
    EXPECT_EQ(withdrawn(*store_, 7)->front().id, recordId(3001));
    EXPECT_THAT(withdrawn(*store_, 7)->front().causes, ElementsAre(recordId(2001)));
    ASSERT_TRUE(told(*store_, 7)) << "other kiosks learn there what it took back";
    EXPECT_FALSE(told(*store_, 7)->contact) << "nobody needs it any more";

    record::PositionedUnit again = withBadge(visit(4, 7), 7);
    again.unit.consents.front().causes = {recordId(2001), recordId(3001)};
    takeAndFile(again);

    EXPECT_FALSE(withdrawn(*store_, 7)) << "it would stand against a yes that no longer names it";
    ASSERT_EQ(told(*store_, 7)->decisions.size(), 1U);
    EXPECT_EQ(told(*store_, 7)->decisions[0].id, recordId(4001));
}

TEST_P(StoreContract, TheHubsOwnSequenceIsNoKiosk) {
    takeAndFile(byLink(withdrawal(1, 7, {})));
    takeAndFile(visit(2, 8));

    const auto kiosks = store_->kiosks().value();

    ASSERT_EQ(kiosks.size(), 1U);
    EXPECT_EQ(kiosks[0].sequence.kiosk, kKiosk);
}

TEST_P(StoreContract, OfVeryMuchItTellsTheLatest) {
    ASSERT_TRUE(seal::initialise());
    record::PositionedUnit much = withBadge(visit(1, 7), 7);
    for (std::uint64_t i = 0; i < 200; ++i) {
        much.unit.conversations.push_back(conversation(5000 + i, std::string(280, 'x')));
        record::ConsentEvent withdrawn =
            consent(7000 + i, "newsletter", record::Channel::Phone, ConsentState::Withdrawn);
        withdrawn.causes.assign(128, recordId(1));
        much.unit.consents.push_back(withdrawn);
    }
    takeAndFile(much);

    const auto found = store_->findDown(wire::ItemKind::Vault, {}, badgeOf(7).lookup.view());

    ASSERT_TRUE(found && *found);
    EXPECT_LE((*found)->item.payload->size(), wire::kMostItemBytes);
    EXPECT_EQ(told(*store_, 7)->decisions.back().id, recordId(7199));
}

}  // namespace
}  // namespace tapport::hub
