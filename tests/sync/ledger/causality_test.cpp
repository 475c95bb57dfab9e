// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/ledger/causality.h"

#include <gtest/gtest.h>

namespace tapport::ledger {
namespace {

record::RecordId id(std::uint8_t n) {
    record::RecordId id;
    id.bytes[0] = n;
    return id;
}

Recorded event(std::uint8_t n, const std::vector<std::uint8_t>& causes) {
    Recorded one;
    one.event.id = id(n);
    for (const std::uint8_t cause : causes) {
        one.event.causes.push_back(id(cause));
    }
    return one;
}

/// 9 <- 5 <- 7 <- 3, and 1 by itself; 9 is only named. Ids tell nothing about order.
class CausalityTest : public testing::Test {
  protected:
    CausalityTest() {
        for (const Recorded& one : {event(3, {7}), event(7, {5}), event(5, {9}), event(1, {})}) {
            history_.add(one);
        }
    }
    Causality::Place place(std::uint8_t n) const { return *causality().find(id(n)); }
    Causality causality() const { return Causality(history_); }
    bool knew(std::uint8_t later, std::uint8_t earlier) const {
        const bool isBackwards = causality().knownBy({place(later)})[place(earlier)];
        EXPECT_EQ(isBackwards, causality().knowing(place(earlier))[place(later)]);
        return isBackwards;
    }

    History history_;
};

TEST_F(CausalityTest, KnowsThroughEventsBetween) {
    EXPECT_TRUE(knew(3, 7));
    EXPECT_TRUE(knew(3, 5));
    EXPECT_TRUE(knew(3, 9)) << "named, not held";
    EXPECT_FALSE(knew(5, 3));
    EXPECT_FALSE(knew(3, 3));
    EXPECT_FALSE(knew(3, 1));
    EXPECT_FALSE(knew(1, 3));
}

TEST_F(CausalityTest, GivesEventsByTheirPlace) {
    const Causality all = causality();

    EXPECT_EQ(all.held(), (std::vector<Causality::Place>{place(1), place(3), place(5), place(7)}));
    EXPECT_EQ(all.at(place(7))->event.id, id(7));
    EXPECT_EQ(all.missing(), (std::vector<Causality::Place>{place(9)}));
    EXPECT_EQ(all.idAt(place(9)), id(9));
    EXPECT_EQ(all.at(place(9)), nullptr);
    EXPECT_FALSE(all.find(id(8)));
}

TEST_F(CausalityTest, WalksACircleOnce) {
    history_.add(event(9, {3}));

    EXPECT_TRUE(knew(5, 3));
    EXPECT_TRUE(knew(3, 3));
    EXPECT_FALSE(knew(3, 1));
}

TEST_F(CausalityTest, NothingIsKnownOfNobody) {
    const Causality none{History{}};

    EXPECT_TRUE(none.held().empty());
    EXPECT_TRUE(none.knownBy({}).empty());
}

}  // namespace
}  // namespace tapport::ledger
