// SPDX-License-Identifier: GPL-3.0-or-later
// A site over TLS, and devices that try what they may and may not there.
#pragma once

#include "firmware-app/store/kiosk_store.h"
#include "sync/event/event.h"
#include "sync/receipt/keys.h"
#include "sync/receipt/unit_signature.h"
#include "sync/seal/chain.h"
#include "sync/seal/seal.h"
#include "sync/wire/messages.h"
#include "sync/wire/topics.h"
#include "tests/journey/identity/tls_site.h"
#include "tests/support/wait_until.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::journey {

class Identity : public testing::Test {
  protected:
    template <typename Wanted>
    static std::optional<Wanted> await(mqtt::Client& client) {
        const auto deadline = std::chrono::steady_clock::now() + support::kPatience;
        while (const auto event = client.next(deadline)) {
            if (std::holds_alternative<Wanted>(*event)) {
                return std::get<Wanted>(*event);
            }
        }
        return std::nullopt;
    }
    static bool connects(mqtt::Client& client) {
        client.connect(std::nullopt);
        const auto event = client.next(std::chrono::steady_clock::now() + support::kPatience);
        return event && std::holds_alternative<mqtt::Connected>(*event);
    }
    /// The kiosk's one record, acknowledged, in an epoch of zeros.
    void sendOne(const std::filesystem::path& folder) {
        const auto event = event::parse(support::readFile(folder / "event.json")).value();
        const auto keys = keysOf(folder);
        wire::Batch batch{event.id, {"kiosk-1"}, {}, {}, wire::Codec::None, {}};
        record::PositionedUnit unit{{{"kiosk-1"}, {}, 1}, {}};
        unit.unit.event = event.id;
        unit.signature = receipt::signUnit(unit, keys);
        batch.runs.push_back(
            {1, seal::kChainStart, {{unit.unit.id, seal::sealUnit(unit, event.sealingKey)}}});
        mqtt::Client kiosk(site_.optionsOf(folder));
        ASSERT_TRUE(connects(kiosk));
        ASSERT_TRUE(kiosk.subscribe(wire::ackTopic({"kiosk-1"})));
        ASSERT_TRUE(kiosk.publish(
            {wire::upTopic({"kiosk-1"}),
             wire::encode(batch,
                          [&](ByteView covered) { return receipt::signMessage(covered, keys); }),
             mqtt::Retain::No}));
        ASSERT_TRUE(await<mqtt::Arrived>(kiosk));
        kiosk.disconnect(std::chrono::seconds(1));
    }
    /// So many units on its disk.
    static void keepRecords(const std::filesystem::path& folder, std::uint8_t count) {
        const auto event = event::parse(support::readFile(folder / "event.json")).value();
        auto store = store::KioskStore::open(
            {folder / "kiosk/kiosk.db", {"kiosk-1"}, event, keysOf(folder)});
        ASSERT_TRUE(store) << store.error().context;
        for (std::uint8_t n = 1; n <= count; ++n) {
            record::Unit unit;
            unit.id = *record::RecordId::from(Bytes(record::RecordId::kSize, n));
            unit.event = event.id;
            ASSERT_TRUE((*store)->commit(std::vector{unit}, {}));
        }
    }
    static receipt::SigningKeys keysOf(const std::filesystem::path& folder) {
        return receipt::signingKeysFrom(
                   *fromHex(support::readFile(folder / "kiosk/signing.key").substr(0, 64)))
            .value();
    }
    static int reasonOfPublish(mqtt::Client& client, const std::string& topic) {
        EXPECT_TRUE(client.publish({topic, {1, 2, 3}, mqtt::Retain::No}));
        const auto published = await<mqtt::Published>(client);
        return published ? published->reason : -1;
    }

    TlsSite site_;
};

}  // namespace tapport::journey
