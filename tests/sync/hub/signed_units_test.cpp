// SPDX-License-Identifier: GPL-3.0-or-later
// The kiosk's signature inside a seal: whoever has the sealing key and a way past the envelope can
// still not say anything in a kiosk's name.
#include "tests/sync/hub/opener_fixture.h"

#include <gmock/gmock.h>

namespace tapport::hub {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class SignedUnits : public OpenerTest {
  protected:
    /// A conversation with this attendee, as staff log it: it carries no proof.
    static record::PositionedUnit talk(std::uint64_t seq, std::uint8_t who) {
        record::PositionedUnit unit = visit(seq, who);
        unit.unit.kind = record::UnitKind::Conversation;
        unit.unit.consents.clear();
        unit.unit.contact.reset();
        unit.unit.receipt.reset();
        unit.unit.conversations = {conversation(1000 * seq + 5, "wants an offer")};
        unit.proof.reset();
        return unit;
    }
    static record::PositionedUnit signedBy(const receipt::SigningKeys& keys,
                                           record::PositionedUnit unit) {
        unit.signature = receipt::signUnit(unit, keys);
        return unit;
    }
    std::uint64_t conversations() { return store_->counts()->conversations; }

    const receipt::SigningKeys kiosk_ = receipt::makeSigningKeys();
};

TEST_F(SignedUnits, AConversationIsFiledWhenItsKioskSignedIt) {
    publish({{kKiosk, kiosk_.publicKey}});
    receive(signedBy(kiosk_, talk(1, 7)));

    ASSERT_TRUE(settle());

    EXPECT_EQ(conversations(), 1U);
    EXPECT_THAT(quarantined(), IsEmpty());
}

TEST_F(SignedUnits, AnEnrolledKeyDoesBeforeItIsPublished) {
    enrol(kiosk_);
    receive(signedBy(kiosk_, talk(1, 7)));
    receive(talk(2, 8));

    ASSERT_TRUE(settle());

    EXPECT_EQ(conversations(), 1U);
    EXPECT_THAT(quarantined(), ElementsAre(Reason::NotProven));
}

TEST_F(SignedUnits, OneThatNobodySignedIsQuarantinedWithItsReasonAndHoldsUpNoOther) {
    publish({{kKiosk, kiosk_.publicKey}});
    receive(talk(1, 7));
    receive(signedBy(receipt::makeSigningKeys(), talk(2, 8)));
    receive(signedBy(kiosk_, talk(3, 9)));

    ASSERT_TRUE(settle());

    EXPECT_EQ(conversations(), 1U);
    EXPECT_THAT(quarantined(), ElementsAre(Reason::NotProven, Reason::NotProven));
    for (const QuarantineEntry& entry : store_->quarantine({}, 10).value()) {
        EXPECT_THAT(entry.detail, HasSubstr("no key that is known for its kiosk"));
        EXPECT_THAT(entry.detail, testing::Not(HasSubstr("offer")));
    }
    EXPECT_EQ(store_->counts()->waiting, 0U);
}

TEST_F(SignedUnits, OneIsNotMovedToAnotherPositionNorChanged) {
    publish({{kKiosk, kiosk_.publicKey}, {{"kiosk-2"}, receipt::makeSigningKeys().publicKey}});
    record::PositionedUnit later = signedBy(kiosk_, talk(1, 7));
    later.position.seq = 5;
    record::PositionedUnit elsewhere = signedBy(kiosk_, talk(2, 7));
    elsewhere.position.kiosk = {"kiosk-2"};
    record::PositionedUnit renamed = signedBy(kiosk_, talk(3, 7));
    renamed.unit.id = recordId(9999);
    record::PositionedUnit changed = signedBy(kiosk_, talk(4, 7));
    changed.unit.conversations.front().note = "wants two offers";
    for (const auto& unit : {later, elsewhere, renamed, changed}) {
        receive(unit);  // sealed anew: the header inside is the envelope's
    }

    ASSERT_TRUE(settle());

    EXPECT_EQ(conversations(), 0U);
    EXPECT_THAT(quarantined(), testing::SizeIs(4));
    EXPECT_THAT(quarantined(), testing::Each(Reason::NotProven));
}

TEST_F(SignedUnits, AVisitIsNotTakenWithAnotherContactThoughItsProofHolds) {
    publish({{kKiosk, kiosk_.publicKey}});
    record::PositionedUnit unit = proven(1, 7, kiosk_);
    unit.unit.contact->email = "eve@example.com";
    receive(unit);

    ASSERT_TRUE(settle());

    EXPECT_THAT(quarantined(), ElementsAre(Reason::NotProven));
    EXPECT_TRUE(store_->dossiers({}, 10)->empty());
}

TEST_F(SignedUnits, AKioskOfWhichNoKeyIsKnownCanSayNothing) {
    publish({{{"kiosk-2"}, receipt::makeSigningKeys().publicKey}});
    receive(signedBy(kiosk_, talk(1, 7)));
    receive(proven(2, 8, kiosk_));
    ASSERT_TRUE(settle());
    ASSERT_THAT(quarantined(), ElementsAre(Reason::NotProven, Reason::NotProven));

    publish({{{"kiosk-2"}, receipt::makeSigningKeys().publicKey}, {kKiosk, kiosk_.publicKey}});
    ASSERT_TRUE(settle());

    EXPECT_THAT(quarantined(), IsEmpty()) << "once its key is published both are filed";
    EXPECT_EQ(conversations(), 1U);
    EXPECT_EQ(proofAt(2), ProofState::Proven);
}

TEST_F(SignedUnits, WhatARevokedKeySignedIsFiledAndUnconfirmedBeyondWhatWasHeld) {
    enrol(kiosk_);
    revoke(1);
    publish({{kKiosk, kiosk_.publicKey}});
    const record::PositionedUnit before = signedBy(kiosk_, talk(1, 7));
    const record::PositionedUnit behind = signedBy(kiosk_, talk(2, 8));
    ASSERT_TRUE(published_.refresh());

    EXPECT_EQ(published_.checkSignature(before), ProofState::Proven);
    EXPECT_EQ(published_.checkSignature(behind), ProofState::Unconfirmed);
    receive(before);
    receive(behind);
    ASSERT_TRUE(settle());
    EXPECT_THAT(quarantined(), IsEmpty()) << "nothing that was confirmed is lost";
    EXPECT_EQ(conversations(), 2U);
}

TEST_F(SignedUnits, OfANoThatNobodySignedNothingButTheNoCounts) {
    publish({{kKiosk, kiosk_.publicKey}});
    receive(proven(1, 7, kiosk_));
    record::PositionedUnit no = visitFor(
        event_, 2, 7, {{"newsletter", record::Channel::Email, record::ConsentState::Withdrawn}});
    no.unit.consents.front().causes = {recordId(1001)};
    no.unit.contact->email = "eve@example.com";
    no.unit.conversations = {conversation(2005, "said so")};
    no.unit.vault = record::VaultAccess{};
    receive(no);

    ASSERT_TRUE(settle());

    EXPECT_THAT(quarantined(), IsEmpty());
    const Dossier dossier = store_->dossier(subject(7)).value();
    EXPECT_EQ(dossier.consents.size(), 2U);
    EXPECT_TRUE(dossier.conversations.empty());
    EXPECT_EQ(conversations(), 0U);
    for (const ledger::ContactGiven& given : dossier.contacts) {
        EXPECT_NE(given.contact.email, "eve@example.com");
    }
    EXPECT_EQ(store_->downVersion(), wire::DownVersion{})
        << "nobody is told under a key that anybody named";
}

TEST_F(SignedUnits, WithoutAnyKeyNothingIsChecked) {
    receive(talk(1, 7));

    ASSERT_TRUE(settle());

    EXPECT_EQ(conversations(), 1U);
}

}  // namespace
}  // namespace tapport::hub
