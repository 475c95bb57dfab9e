// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/vault/merge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::vault {
namespace {

using record::ConsentEvent;
using record::ConsentState;
using testing::ElementsAre;
using testing::IsEmpty;

record::RecordId idOf(std::uint8_t n) {
    record::RecordId id;
    id.bytes[0] = n;
    return id;
}

ConsentEvent decision(std::uint8_t n, ConsentState state, const std::vector<std::uint8_t>& causes,
                      const std::string& purpose = "newsletter") {
    ConsentEvent event;
    event.id = idOf(n);
    event.purpose = {purpose};
    event.state = state;
    for (const std::uint8_t cause : causes) {
        event.causes.push_back(idOf(cause));
    }
    return event;
}

ConsentEvent erasure(std::uint8_t n, const std::vector<std::uint8_t>& causes) {
    return decision(n, ConsentState::Erased, causes, std::string(record::kEveryPurpose));
}

Entry entryOf(std::vector<ConsentEvent> decisions) {
    Entry entry;
    entry.decisions = std::move(decisions);
    return entry;
}

std::vector<int> idsOf(const std::vector<ConsentEvent>& events) {
    std::vector<int> ids;
    for (const ConsentEvent& event : events) {
        ids.push_back(event.id.bytes[0]);
    }
    return ids;
}

TEST(VaultMerge, WhatOthersRecordedIsKnownHere) {
    Entry others = entryOf({decision(1, ConsentState::Given, {})});
    others.contact = record::Contact{"Test Attendee", "", "test@example.com", "", ""};

    const Merged merged = merge(entryOf({}), others);

    EXPECT_EQ(merged.entry, others);
    EXPECT_THAT(merged.beside, IsEmpty());
}

TEST(VaultMerge, AWithdrawalSupersedesTheYesItNames) {
    const Entry yes = entryOf({decision(1, ConsentState::Given, {})});
    const Entry no = entryOf({decision(2, ConsentState::Withdrawn, {1})});

    EXPECT_THAT(idsOf(merge(yes, no).entry.decisions), ElementsAre(2));
    EXPECT_EQ(merge(yes, no), merge(no, yes));
    EXPECT_THAT(merge(yes, no).beside, IsEmpty());
}

TEST(VaultMerge, AYesSupersedesTheWithdrawalItNames) {
    const Entry no = entryOf({decision(2, ConsentState::Withdrawn, {1})});
    const Entry again = entryOf({decision(3, ConsentState::Given, {1, 2})});

    EXPECT_THAT(idsOf(merge(no, again).entry.decisions), ElementsAre(3));
}

TEST(VaultMerge, OfTwoThatDidNotKnowEachOtherTheNoStands) {
    const Entry yes = entryOf({decision(9, ConsentState::Renewed, {1})});
    const Entry no = entryOf({decision(2, ConsentState::Withdrawn, {1})});

    const Merged merged = merge(yes, no);

    EXPECT_THAT(idsOf(merged.entry.decisions), ElementsAre(2)) << "whatever the clocks say";
    EXPECT_THAT(idsOf(merged.beside), ElementsAre(9));
    EXPECT_EQ(merge(no, yes).entry, merged.entry);
}

TEST(VaultMerge, TwoYesesCountAsOneAndBothAreToBeNamed) {
    const Merged merged = merge(entryOf({decision(1, ConsentState::Given, {})}),
                                entryOf({decision(2, ConsentState::Given, {})}));

    EXPECT_THAT(idsOf(merged.entry.decisions), ElementsAre(2));
    EXPECT_THAT(idsOf(merged.beside), ElementsAre(1));
}

TEST(VaultMerge, ARefusalHidesNoYesThatTheHubCounts) {
    const Merged merged = merge(entryOf({decision(9, ConsentState::Refused, {})}),
                                entryOf({decision(1, ConsentState::Given, {})}));

    EXPECT_THAT(idsOf(merged.entry.decisions), ElementsAre(1));
}

TEST(VaultMerge, PurposesDoNotMix) {
    const Merged merged =
        merge(entryOf({decision(1, ConsentState::Given, {})}),
              entryOf({decision(2, ConsentState::Withdrawn, {1}, "sales-follow-up")}));

    EXPECT_THAT(idsOf(merged.entry.decisions), ElementsAre(1, 2));
}

TEST(VaultMerge, AnErasureElsewhereLeavesNothingThatItKnew) {
    Entry own = entryOf({decision(1, ConsentState::Given, {})});
    own.contact = record::Contact{"Test Attendee", "", "test@example.com", "", ""};
    own.conversations.resize(1);

    const Merged merged = merge(own, entryOf({erasure(3, {1})}));

    EXPECT_THAT(idsOf(merged.entry.decisions), ElementsAre(3));
    EXPECT_FALSE(merged.entry.contact);
    EXPECT_THAT(merged.entry.conversations, IsEmpty());
    EXPECT_THAT(merged.beside, IsEmpty());
}

TEST(VaultMerge, AnErasureStandsAgainstAYesThatDidNotKnowIt) {
    const Merged merged =
        merge(entryOf({decision(4, ConsentState::Given, {})}), entryOf({erasure(3, {})}));

    EXPECT_THAT(idsOf(merged.entry.decisions), ElementsAre(3));
    EXPECT_THAT(idsOf(merged.beside), ElementsAre(4));
}

TEST(VaultMerge, AYesThatKnewTheErasureStandsBesideIt) {
    const Merged merged =
        merge(entryOf({erasure(3, {1})}), entryOf({decision(4, ConsentState::Given, {1, 3})}));

    EXPECT_THAT(idsOf(merged.entry.decisions), ElementsAre(3, 4));
}

TEST(VaultMerge, AWithdrawalStandsAgainstAYesThatKnewTheErasureOnly) {
    const Entry again = entryOf({erasure(3, {1}), decision(4, ConsentState::Given, {1, 3})});
    const Entry no = entryOf({decision(5, ConsentState::Withdrawn, {1})});

    const Merged merged = merge(no, again);

    EXPECT_THAT(idsOf(merged.entry.decisions), ElementsAre(3, 5)) << "neither knew the other";
    EXPECT_THAT(idsOf(merged.beside), ElementsAre(4));
    const Entry refusal = entryOf({decision(5, ConsentState::Refused, {1})});
    EXPECT_THAT(idsOf(merge(refusal, again).entry.decisions), ElementsAre(3, 4));
}

TEST(VaultMerge, TheContactIsThatOfWhoKnewTheOther) {
    Entry own = entryOf({decision(1, ConsentState::Given, {})});
    own.contact = record::Contact{"Test Attendee", "", "old@example.com", "+49", ""};
    Entry later = entryOf({decision(2, ConsentState::Renewed, {1})});
    later.contact = record::Contact{"Test Attendee", "", "new@example.com", "", ""};
    Entry apart = entryOf({decision(3, ConsentState::Given, {}, "sales-follow-up")});
    apart.contact = record::Contact{"", "", "other@example.com", "", "Street 1"};

    EXPECT_EQ(merge(own, later).entry.contact, later.contact);
    EXPECT_EQ(merge(later, own).entry.contact, later.contact);
    EXPECT_EQ(merge(own, apart).entry.contact,
              (record::Contact{"Test Attendee", "", "old@example.com", "+49", "Street 1"}));
}

TEST(VaultMerge, ConversationsStandSideBySide) {
    Entry own = entryOf({decision(1, ConsentState::Given, {})});
    own.conversations.resize(2);
    own.conversations[0].id = idOf(10);
    own.conversations[1].id = idOf(12);
    Entry others = own;
    others.conversations[0].id = idOf(11);

    const auto merged = merge(own, others).entry.conversations;

    ASSERT_EQ(merged.size(), 3U);
    EXPECT_EQ(merged[1].id, idOf(11));
}

}  // namespace
}  // namespace tapport::vault
