// SPDX-License-Identifier: GPL-3.0-or-later
// Which contact is released with a yes, of all that several units brought.
#include "tests/sync/ledger/ledger_fixture.h"

namespace tapport::ledger {
namespace {

using record::ConsentState;

class ContactChoiceTest : public LedgerFixture {
  protected:
    /// A ledger of what was recorded so far, and of these contacts, in this order of arrival.
    ConsentLedger ledgerWith(std::vector<ContactGiven> contacts) const {
        ConsentLedger ledger(event_, nobody_, {{}, std::move(contacts), {}});
        ledger.merge(ledger_.history());
        return ledger;
    }
    static ContactGiven given(const std::string& email, std::vector<record::RecordId> with,
                              const std::string& phone = "") {
        return {{"Test Attendee", "", email, phone, ""}, std::move(with)};
    }
    static record::Contact firstReleased(const ConsentLedger& ledger) {
        return ledger.releaseAll(kToday).at(0).contact();
    }
};

TEST_F(ContactChoiceTest, ContactThatCameWithoutAYesIsNotTrusted) {
    const auto yes = record(kSalesEmail, ConsentState::Given);
    const auto no = record(kNewsletter, ConsentState::Refused, {yes});
    const auto ledger = ledgerWith({given("own@example.com", {yes}), given("b@example.com", {}),
                                    given("c@example.com", {no})});

    EXPECT_EQ(firstReleased(ledger).email, "own@example.com");
}

TEST_F(ContactChoiceTest, ContactOfAYesThatIsInDoubtIsNotTrusted) {
    const auto yes = record(kSalesEmail, ConsentState::Given);
    Recorded later = make(kNewsletter, ConsentState::Given, {yes});
    later.credence = Credence::Doubted;
    add(later);
    const auto ledger =
        ledgerWith({given("own@example.com", {yes}), given("b@example.com", {later.event.id})});

    EXPECT_EQ(firstReleased(ledger).email, "own@example.com");
}

TEST_F(ContactChoiceTest, ALaterYesBringsTheNewAddressInAnyOrderOfArrival) {
    const auto yes = record(kSalesEmail, ConsentState::Given);
    const auto later = record(kNewsletter, ConsentState::Given, {yes});
    const ContactGiven before = given("old@example.com", {yes});
    const ContactGiven after = given("new@example.com", {later});

    EXPECT_EQ(firstReleased(ledgerWith({before, after})).email, "new@example.com");
    EXPECT_EQ(firstReleased(ledgerWith({after, before})).email, "new@example.com");
}

TEST_F(ContactChoiceTest, ALaterYesThatWasWithdrawnTakesItsAddressAlong) {
    const auto yes = record(kSalesEmail, ConsentState::Given);
    const auto later = record(kNewsletter, ConsentState::Given, {yes});
    record(kNewsletter, ConsentState::Withdrawn, {later});
    const auto ledger =
        ledgerWith({given("own@example.com", {yes}), given("b@example.com", {later})});

    EXPECT_EQ(firstReleased(ledger).email, "own@example.com");
}

TEST_F(ContactChoiceTest, AYesMadeElsewhereMeanwhileKeepsItsAddressToItself) {
    const auto sales = record(kSalesEmail, ConsentState::Given);
    const auto newsletter = record(kNewsletter, ConsentState::Given);
    const auto leads =
        ledgerWith({given("a@example.com", {sales}), given("b@example.com", {newsletter})})
            .releaseAll(kToday);

    EXPECT_EQ(leads.at(0).contact().email, "a@example.com");
    EXPECT_EQ(leads.at(1).contact().email, "b@example.com");
}

TEST_F(ContactChoiceTest, WhatALaterYesLeavesEmptyStands) {
    const auto mail = record(kSalesEmail, ConsentState::Given);
    const auto phone = record(kSalesPhone, ConsentState::Given, {mail});
    ContactGiven number = given("", {phone}, "+49301234567");
    number.contact.name.clear();
    const auto leads = ledgerWith({given("own@example.com", {mail}), number}).releaseAll(kToday);

    EXPECT_EQ(leads.at(0).contact().email, "own@example.com");
    EXPECT_EQ(leads.at(1).contact().phone, "+49301234567");
    EXPECT_EQ(leads.at(1).contact().name, "Test Attendee");
}

TEST_F(ContactChoiceTest, AnAddressNobodyReleasesSuppressesNothing) {
    const auto yes = record(kSalesEmail, ConsentState::Given);
    for (const ContactMark& mark : nobody_.marksOf({"", "", "gone@example.com", "", ""})) {
        nobody_.add(mark, eventId(99));
    }

    EXPECT_EQ(ledgerWith({given("own@example.com", {yes}), given("gone@example.com", {})})
                  .releaseAll(kToday)
                  .size(),
              1U);
    EXPECT_TRUE(ledgerWith({given("gone@example.com", {yes})}).releaseAll(kToday).empty());
}

}  // namespace
}  // namespace tapport::ledger
