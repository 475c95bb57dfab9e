// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/vault/withdrawn.h"

#include "sync/vault/merge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::vault {
namespace {

using record::ConsentEvent;
using record::ConsentState;

constexpr std::size_t kRoom = 48 * 1024;

record::RecordId idOf(std::uint8_t n) {
    record::RecordId id;
    id.bytes[0] = n;
    return id;
}

ConsentEvent withdrawal(std::uint8_t n, std::vector<record::RecordId> causes) {
    ConsentEvent event;
    event.id = idOf(n);
    event.purpose = {"newsletter"};
    event.channel = record::Channel::Phone;
    event.state = ConsentState::Withdrawn;
    event.method = record::Method::ReceiptLink;
    event.at.wall = record::WallTime(record::Millis(1'795'608'000'000));
    event.validUntil = event.at.wall + std::chrono::days(730);
    event.causes = std::move(causes);
    return event;
}

TEST(Withdrawn, ComesBackAsADecisionThatNamesNobody) {
    ConsentEvent full = withdrawal(3, {idOf(1), idOf(2)});
    full.notice.language = "de";
    full.evidence.screen = "receipt-page";

    const auto decoded = decodeWithdrawn(encodeWithdrawn({full}, kRoom));

    ASSERT_TRUE(decoded);
    EXPECT_THAT(*decoded, testing::ElementsAre(withdrawal(3, {idOf(1), idOf(2)})));
}

TEST(Withdrawn, LetsAYesThatItNamesFall) {
    Entry own;
    own.decisions = {withdrawal(1, {})};
    own.decisions[0].state = ConsentState::Given;
    own.contact = record::Contact{"Test Attendee", "", "test@example.com", "", ""};
    Entry told;
    told.decisions = decodeWithdrawn(encodeWithdrawn({withdrawal(2, {idOf(1)})}, kRoom)).value();

    const Merged merged = merge(own, told);

    ASSERT_EQ(merged.entry.decisions.size(), 1U);
    EXPECT_EQ(merged.entry.decisions[0].state, ConsentState::Withdrawn);
    EXPECT_FALSE(merged.entry.contact);
}

TEST(Withdrawn, OfManyTheLatestAreToldInTheRoomThereIs) {
    std::vector<ConsentEvent> many;
    for (std::uint8_t n = 0; n < 100; ++n) {
        many.push_back(withdrawal(n, std::vector<record::RecordId>(200, idOf(1))));
    }

    const auto most = decodeWithdrawn(encodeWithdrawn(many, 1 << 20));
    const Bytes little = encodeWithdrawn(many, kRoom);

    ASSERT_TRUE(most);
    EXPECT_EQ(most->size(), kMostWithdrawn);
    EXPECT_EQ(most->back(), many.back());
    EXPECT_LE(little.size(), kRoom);
    EXPECT_EQ(decodeWithdrawn(little)->back(), many.back());
}

TEST(Withdrawn, NothingElseIsTakenForIt) {
    const Bytes good = encodeWithdrawn({withdrawal(2, {idOf(1)})}, kRoom);

    for (std::size_t length = 0; length < good.size(); ++length) {
        EXPECT_FALSE(decodeWithdrawn(ByteView(good).first(length))) << length;
    }
    Bytes later = good;
    later[1] = 2;
    EXPECT_FALSE(decodeWithdrawn(later)) << "a schema that is not known here";
}

TEST(Withdrawn, ATimeThatNoCalendarShowsIsRefused) {
    using record::Millis;
    constexpr std::int64_t kEndOfTime = 253'402'300'800'000;
    for (const std::int64_t time : {std::int64_t{-1}, kEndOfTime, INT64_MIN, INT64_MAX}) {
        ConsentEvent early = withdrawal(2, {});
        early.at.wall = record::WallTime(Millis(time));
        ConsentEvent late = withdrawal(2, {});
        late.validUntil = record::WallTime(Millis(time));

        EXPECT_FALSE(decodeWithdrawn(encodeWithdrawn({early}, kRoom))) << time;
        EXPECT_FALSE(decodeWithdrawn(encodeWithdrawn({late}, kRoom))) << time;
    }
}

}  // namespace
}  // namespace tapport::vault
