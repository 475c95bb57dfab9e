// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/ledger/suppression.h"

#include "tests/sync/ledger/ledger_fixture.h"

#include <gmock/gmock.h>

namespace tapport::ledger {
namespace {

using event::PersonalData;
using record::ConsentState;
using testing::ElementsAre;

TEST(Suppressions, KnowAnAddressInEverySpelling) {
    EXPECT_EQ(normalised(PersonalData::Email, {"", "", "  Test@Example.COM ", "", ""}),
              "test@example.com");
    EXPECT_EQ(normalised(PersonalData::Phone, {"", "", "", "0049 (30) 123-4567", ""}),
              "+49301234567");
    EXPECT_EQ(normalised(PersonalData::Address, {"", "", "", "", "Test  Street 1,\n Town"}),
              "test street 1, town");
    EXPECT_EQ(normalised(PersonalData::Name, kSomebody), "");
}

TEST(Suppressions, HoldNothingThatCanBeReadOrComparedWithoutTheKey) {
    SuppressionKey other;
    other.bytes[0] = 1;
    const auto marks = Suppressions(SuppressionKey{}).marksOf(kSomebody);

    ASSERT_EQ(marks.size(), 3U);
    EXPECT_NE(marks, Suppressions(other).marksOf(kSomebody));
}

TEST(Suppressions, OneTextOfTwoKindsHasTwoMarks) {
    const Suppressions any{SuppressionKey{}};

    EXPECT_NE(any.marksOf({"", "", "12", "", ""}), any.marksOf({"", "", "", "12", ""}));
}

class SuppressedLedger : public LedgerFixture {
  protected:
    void suppress(const record::RecordId& ending) {
        for (const ContactMark& mark : nobody_.marksOf({"", "", "TEST@example.com", "", ""})) {
            nobody_.add(mark, ending);
        }
    }
};

TEST_F(SuppressedLedger, AnotherBadgeWithAnErasedAddressIsNotReleased) {
    record::RecordId elsewhere;
    elsewhere.bytes[0] = 0xEE;
    suppress(elsewhere);
    record(kNewsletter, ConsentState::Given);
    record(kSalesPhone, ConsentState::Given);

    EXPECT_EQ(standing(kNewsletter), Standing::Withheld);
    EXPECT_EQ(standing(kSalesPhone), Standing::Given) << "only the address is suppressed";
    const auto list = ledger_.needsReconfirmation(kToday);
    ASSERT_EQ(list.size(), 1U);
    EXPECT_EQ(list[0].reason, Reconfirmation::Reason::Suppressed);
    EXPECT_THAT(list[0].toName, ElementsAre(elsewhere));
}

TEST_F(SuppressedLedger, TheSubjectsLaterYesThatNamesTheErasureLiftsIt) {
    record::RecordId elsewhere;
    elsewhere.bytes[0] = 0xEE;
    suppress(elsewhere);
    Recorded guardians = make(kNewsletter, ConsentState::Given, {elsewhere});
    guardians.event.by = record::ExpressedBy::Guardian;
    add(guardians);
    EXPECT_EQ(standing(kNewsletter), Standing::Withheld);

    record(kNewsletter, ConsentState::Renewed, {guardians.event.id});

    EXPECT_EQ(standing(kNewsletter), Standing::Renewed);
}

TEST_F(SuppressedLedger, TheirOwnErasureIsNamedOnce) {
    const auto erased = record(kSalesPhone, ConsentState::Erased);
    suppress(erased);
    record(kNewsletter, ConsentState::Given);
    EXPECT_EQ(standing(kNewsletter), Standing::Erased);
    const auto list = ledger_.needsReconfirmation(kToday);
    ASSERT_EQ(list.size(), 1U);
    EXPECT_THAT(list[0].toName, ElementsAre(erased));

    record(kNewsletter, ConsentState::Given, list[0].toName);

    EXPECT_EQ(standing(kNewsletter), Standing::Given);
}

}  // namespace
}  // namespace tapport::ledger
