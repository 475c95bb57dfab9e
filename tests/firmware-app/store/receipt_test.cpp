// SPDX-License-Identifier: GPL-3.0-or-later
// What the store signs: every unit as a whole and the proof of one with decisions, both inside its
// seal, and the receipt that the attendee takes along.
#include "sync/receipt/explain.h"
#include "sync/receipt/full_receipt.h"
#include "sync/receipt/unit_signature.h"
#include "tests/firmware-app/store/store_fixture.h"
#include "tests/sync/receipt/samples.h"

#include <gmock/gmock.h>

namespace tapport::store {
namespace {

using receipt::samples::mixedVisit;
using record::ConsentState;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class KioskReceipts : public StoreFixture {
  protected:
    [[nodiscard]] std::vector<record::Unit> mixedUnits() const {
        std::vector<record::Unit> units;
        for (const record::PositionedUnit& placed : mixedVisit(event)) {
            units.push_back(placed.unit);
        }
        return units;
    }
    [[nodiscard]] receipt::Finding explain(const std::string& link) const {
        const receipt::KeySet published(event.id, "2026-11-20T08:00:00.000Z",
                                        {{{"kiosk-1"}, signingKeys.publicKey}});
        return receipt::explain(link, {published, &event}, "en");
    }
    [[nodiscard]] record::PositionedUnit opened(KioskStore& store, std::size_t row) const {
        return seal::openUnit(store.waiting({}).value().at(row).sealed, keys).value();
    }

    const event::Event event = support::sampleEvent();
};

TEST_F(KioskReceipts, ProveEveryUnitThatHasDecisionsInsideItsSeal) {
    const auto store = open();

    ASSERT_TRUE(store->commit(mixedUnits(), {}));

    EXPECT_TRUE(receipt::fullJws(opened(*store, 0), event, signingKeys.publicKey));
    EXPECT_TRUE(receipt::fullJws(opened(*store, 1), event, signingKeys.publicKey));
}

TEST_F(KioskReceipts, StandBesideASignatureOverAllOfEachUnitAtItsPosition) {
    const auto store = open();
    std::vector<record::Unit> units = mixedUnits();
    units.push_back(unitNumber(7, record::UnitKind::Conversation));
    units.push_back(unitNumber(8, record::UnitKind::Count));
    units.push_back(unitNumber(9, record::UnitKind::Withdrawal));

    ASSERT_TRUE(store->commit(units, {}));

    for (std::size_t row = 0; row < units.size(); ++row) {
        record::PositionedUnit unit = opened(*store, row);
        EXPECT_TRUE(receipt::fits(unit.signature, receipt::signedPart(unit), signingKeys.publicKey))
            << row;
        ++unit.position.seq;
        EXPECT_FALSE(
            receipt::fits(unit.signature, receipt::signedPart(unit), signingKeys.publicKey));
    }
}

TEST_F(KioskReceipts, LeaveAConversationWithoutProof) {
    const auto store = open();

    const auto link = store->commit(std::vector{unitNumber(1)}, {});

    EXPECT_EQ(link.value(), std::nullopt);
    EXPECT_EQ(opened(*store, 0).proof, std::nullopt);
}

TEST_F(KioskReceipts, AreALinkToAllDecisionsOfTheVisit) {
    const auto store = open();

    const ReceiptLink link = store->commit(mixedUnits(), {}).value();

    ASSERT_TRUE(link);
    EXPECT_THAT(*link, HasSubstr("/r/" + mixedUnits().front().receipt->hex() + "#"));
    const receipt::Finding finding = explain(*link);
    EXPECT_EQ(finding.standing, receipt::Standing::Valid) << finding.reason;
    EXPECT_THAT(finding.text, HasSubstr("Sales (e-mail): Yes"));
    EXPECT_THAT(finding.text, HasSubstr("Newsletter (e-mail): No"));
    EXPECT_THAT(finding.text, HasSubstr("record 1, 2"));
}

TEST_F(KioskReceipts, AreGivenForANoToo) {
    const auto store = open();
    const std::vector<record::Unit> refusal{mixedUnits().back()};

    const ReceiptLink link = store->commit(refusal, {}).value();

    ASSERT_TRUE(link);
    EXPECT_THAT(*link, HasSubstr(refusal.front().receipt->hex()));
    EXPECT_THAT(explain(*link).text, HasSubstr("stands for nobody"));
}

TEST_F(KioskReceipts, AreTheSameOnARetry) {
    const auto store = open();
    const std::vector<record::Unit> units = mixedUnits();
    const auto first = store->commit(units, {});
    ASSERT_TRUE(store->commit(std::vector{unitNumber(7)}, {}));

    const auto again = store->commit(units, {});

    EXPECT_EQ(again, first);
    EXPECT_EQ(store->epochs()->back().last, 3U);
}

TEST_F(KioskReceipts, AreMadeAnewFromTheBadgesEntry) {
    const auto store = open();
    const std::vector<record::Unit> units = mixedUnits();
    vault::Entry entry;
    entry.receipt = units.front().receipt;
    entry.decisions = units.front().consents;
    entry.decisions.front().state = ConsentState::Withdrawn;
    ASSERT_TRUE(store->commit(units, {}));

    const ReceiptLink link = store->newReceipt(entry, units.front().at).value();

    ASSERT_TRUE(link);
    EXPECT_THAT(*link, HasSubstr("/r/" + entry.receipt->hex() + "#"));
    EXPECT_THAT(explain(*link).text, HasSubstr("Sales (e-mail): Withdrawn"));
    EXPECT_THAT(explain(*link).text, HasSubstr("record 2)"));
    EXPECT_EQ(store->epochs()->back().last, 2U);
}

TEST_F(KioskReceipts, AreNotMadeAnewWhereNothingNamesThePerson) {
    const auto store = open();
    vault::Entry refused;
    refused.decisions = mixedUnits().back().consents;
    vault::Entry empty;
    empty.receipt = mixedUnits().front().receipt;

    EXPECT_EQ(store->newReceipt(refused, {}).value(), std::nullopt);
    EXPECT_EQ(store->newReceipt(empty, {}).value(), std::nullopt);
}

}  // namespace
}  // namespace tapport::store
