// SPDX-License-Identifier: GPL-3.0-or-later
// What is said in a kiosk's name, with the real store, agent, broker and hub: what its key signed
// inside the seal is filed, and what came past the envelope without that waits in quarantine.
#include "firmware-app/store/kiosk_store.h"
#include "tests/journey/site_agent.h"
#include "tests/support/wait_until.h"
#include "tests/sync/hub/samples.h"

#include <mutex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::journey {
namespace {

using hub::samples::kKiosk;
using testing::HasSubstr;

class SignedUnitsJourney : public testing::Test {
  protected:
    SignedUnitsJourney() { site_.startHub(); }

    /// A visit, a conversation and a count of a conversation without a yes.
    std::vector<record::Unit> oneOfEach(std::uint64_t n) {
        const record::Unit visit = site_.visit(n).unit;
        record::Unit talk = site_.visit(n + 1).unit;
        talk.kind = record::UnitKind::Conversation;
        talk.subject = visit.subject;
        talk.consents.clear();
        talk.contact.reset();
        talk.receipt.reset();
        talk.conversations = {hub::samples::conversation(1000 * n + 5, "wants an offer")};
        record::Unit count = talk;
        count.id = hub::samples::recordId(1000 * (n + 2));
        count.kind = record::UnitKind::Count;
        count.subject = {};
        count.conversations = {hub::samples::conversation(1000 * n + 6, "")};
        return {visit, talk, count};
    }
    /// A store that signs what it seals with `keys` records these and delivers them, in messages
    /// that the kiosk's own key signs.
    void deliver(const std::string& card, const receipt::SigningKeys& keys,
                 const std::vector<record::Unit>& units) {
        std::filesystem::create_directories(site_.path(card));
        auto store =
            store::KioskStore::open({site_.path(card) / "kiosk.db", kKiosk, site_.event(), keys});
        ASSERT_TRUE(store) << store.error().context;
        ASSERT_TRUE((*store)->commit(units, std::nullopt));
        std::mutex mutex;
        agent::AgentStatus seen;
        agent::AgentRunner runner(agentOptions(site_), **store,
                                  [&](const agent::AgentStatus& status) {
                                      const std::lock_guard lock(mutex);
                                      seen = status;
                                  });
        EXPECT_TRUE(support::waitUntil([&] {
            const std::lock_guard lock(mutex);
            return seen.isHubOnline && seen.counts.received > 0 && seen.counts.waiting == 0;
        }));
        runner.stop();
    }
    bool areFiled(std::int64_t visits, std::int64_t conversations, std::int64_t quarantined) {
        return support::waitUntil([&] {
            return site_.figure("unopened") == 0 && site_.figure("visits") == visits &&
                   site_.figure("conversations") == conversations &&
                   site_.figure("quarantined") == quarantined;
        });
    }

    HubSite site_;
};

TEST_F(SignedUnitsJourney, WhatTheKioskDidNotSignWaitsUntilItsKeyIsPublished) {
    const receipt::SigningKeys others = receipt::makeSigningKeys();
    deliver("card", site_.kioskKeys(), oneOfEach(1));
    EXPECT_TRUE(areFiled(1, 2, 0)) << site_.command({"status"}).out;

    deliver("injected", others, oneOfEach(11));
    deliver("card", site_.kioskKeys(), oneOfEach(21));

    EXPECT_TRUE(areFiled(2, 4, 3)) << site_.command({"status"}).out;
    const std::string listed = site_.command({"quarantine", "list"}).out;
    EXPECT_THAT(listed, HasSubstr("not-proven"));
    EXPECT_THAT(listed, HasSubstr("no key that is known for its kiosk"));

    site_.publish({{kKiosk, site_.kioskKeys().publicKey}, {kKiosk, others.publicKey}});

    EXPECT_TRUE(areFiled(3, 6, 0)) << site_.command({"quarantine", "list"}).out;
}

}  // namespace
}  // namespace tapport::journey
