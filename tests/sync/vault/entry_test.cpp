// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/vault/entry.h"

#include "sync/seal/seal.h"

#include <gtest/gtest.h>

namespace tapport::vault {
namespace {

Entry entryOf(const seal::BadgeIdentity& badge) {
    record::ConsentEvent decision;
    decision.id = *record::RecordId::from(Bytes(16, 1));
    decision.purpose = {"newsletter"};
    decision.state = record::ConsentState::Given;
    decision.causes = {*record::RecordId::from(Bytes(16, 2))};
    record::Conversation conversation;
    conversation.staff = {"kim"};
    conversation.note = "line 3";
    Entry entry;
    entry.subject = badge.subject;
    entry.decisions = {decision};
    entry.contact = record::Contact{"Test Attendee", "", "test@example.com", "", ""};
    entry.conversations = {conversation};
    return entry;
}

class VaultEntry : public testing::Test {
  protected:
    static void SetUpTestSuite() { ASSERT_TRUE(seal::initialise()); }
    seal::BadgeIdentity badge_ = seal::deriveBadge(viewOf("token-1"), Bytes(32, 1));
    seal::BadgeIdentity other_ = seal::deriveBadge(viewOf("token-2"), Bytes(32, 1));
};

TEST_F(VaultEntry, OpensForTheBadgeItWasClosedFor) {
    const Entry entry = entryOf(badge_);

    const auto opened = open(close(entry, badge_.vault), badge_.vault.key);

    ASSERT_TRUE(opened) << opened.error().context;
    EXPECT_EQ(*opened, entry);
}

TEST_F(VaultEntry, StaysClosedForAnotherBadge) {
    const auto opened = open(close(entryOf(badge_), badge_.vault), other_.vault.key);

    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Code::Crypto);
}

TEST_F(VaultEntry, CannotBeMovedToAnotherPlace) {
    SealedEntry sealed = close(entryOf(badge_), badge_.vault);
    sealed.lookup = other_.vault.lookup;

    EXPECT_FALSE(open(sealed, badge_.vault.key));
}

TEST_F(VaultEntry, StaysClosedWhenAnyByteWasChangedOrIsMissing) {
    const SealedEntry sealed = close(entryOf(badge_), badge_.vault);

    for (std::size_t i = 0; i < sealed.sealed.size(); ++i) {
        SealedEntry changed = sealed;
        changed.sealed[i] ^= 1U;
        ASSERT_FALSE(open(changed, badge_.vault.key)) << i;
        changed.sealed.assign(sealed.sealed.begin(),
                              sealed.sealed.begin() + static_cast<std::ptrdiff_t>(i));
        ASSERT_FALSE(open(changed, badge_.vault.key)) << i;
    }
}

TEST_F(VaultEntry, RefusesAnotherSchemaWithoutQuotingIt) {
    const Bytes future{0x86, 0x09, 0x40, 0x80, 0xF6, 0x80, 0xF6};  // [9, h'', [], null, [], null]
    const SealedEntry sealed{badge_.vault.lookup, seal::closeForBadge(future, badge_.vault)};

    const auto opened = open(sealed, badge_.vault.key);

    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Code::InvalidInput);
    EXPECT_NE(opened.error().context.find("schema"), std::string::npos);
}

TEST_F(VaultEntry, TellsNothingByItsSizeBelowABlock) {
    Entry refusal;
    refusal.subject = badge_.subject;
    Entry named = refusal;
    named.contact = record::Contact{"Test Attendee", "", "test@example.com", "", ""};

    EXPECT_EQ(close(refusal, badge_.vault).sealed.size(), close(named, badge_.vault).sealed.size());
}

}  // namespace
}  // namespace tapport::vault
