// SPDX-License-Identifier: GPL-3.0-or-later
#include "hardware/reader/badge_loop.h"

#include <gtest/gtest.h>

namespace tapport::reader {
namespace {

/// One NTAG-like tag in an array; the device fails when told to.
class ArrayDevice : public TagDevice {
  public:
    ArrayDevice() : memory_(64) {
        const Bytes start = *fromHex("e11006000308d101045500666f6ffe");
        std::copy(start.begin(), start.end(), memory_.begin() + 12);
    }
    Result<std::optional<SeenTag>> search() override { return isBroken_ ? broken() : field(); }
    Result<std::optional<SeenTag>> reselect() override { return search(); }
    Result<std::optional<SeenTag>> searchAnother() override { return std::optional<SeenTag>(); }
    Result<std::optional<Bytes>> exchange(const tag::Exchange& what) override {
        if (isBroken_) {
            return fail(Code::Reader, "broken");
        }
        const std::size_t at = what.command[1] * 4;
        if (what.command[0] == 0xA2) {
            if (keeps_) {
                std::copy(what.command.begin() + 2, what.command.end(),
                          memory_.begin() + static_cast<std::ptrdiff_t>(at));
            }
            return Bytes{};
        }
        Bytes pages;
        for (std::size_t i = 0; i < 16; ++i) {
            pages.push_back(memory_[(at + i) % memory_.size()]);
        }
        return pages;
    }

    Bytes memory_;
    bool isThere_ = true;
    bool isBroken_ = false;
    bool keeps_ = true;

  private:
    [[nodiscard]] Result<std::optional<SeenTag>> field() const {
        return isThere_ ? std::optional(SeenTag{{4, 1, 2, 3, 4, 5, 6}, true}) : std::nullopt;
    }
    static Result<std::optional<SeenTag>> broken() { return fail(Code::Reader, "broken"); }
};

class ABadgeLoop : public testing::Test {
  protected:
    /// What this many turns said.
    std::vector<FromChild> turns(int count) {
        std::vector<FromChild> out;
        for (; count > 0; --count) {
            auto said = loop_.turn(device_).value();
            for (auto& message : said) {
                out.push_back(std::move(message));
            }
        }
        return out;
    }

    ArrayDevice device_;
    BadgeLoop loop_{{}};
};

TEST_F(ABadgeLoop, ReadsABadgeAndSeesItLeave) {
    const auto coming = turns(3);
    device_.isThere_ = false;
    const auto leaving = turns(2);

    ASSERT_EQ(coming.size(), 1U);
    EXPECT_EQ(toHex(std::get<BadgeRead>(coming[0]).message), "d101045500666f6f");
    ASSERT_EQ(leaving.size(), 1U);
    EXPECT_TRUE(std::holds_alternative<BadgeRemoved>(leaving[0]));
}

TEST_F(ABadgeLoop, PassesAFailedDeviceOnAndGoesOnWithTheNext) {
    (void)turns(1);
    device_.isBroken_ = true;
    EXPECT_FALSE(loop_.turn(device_));

    device_.isBroken_ = false;
    loop_.deviceReopened();
    const auto said = turns(3);

    ASSERT_EQ(said.size(), 1U);
    EXPECT_TRUE(std::holds_alternative<BadgeRead>(said[0]));
}

TEST_F(ABadgeLoop, WritesAndReadsBack) {
    loop_.write({7, *fromHex("d101045500626172")});

    const auto said = turns(4);

    ASSERT_EQ(said.size(), 1U);
    EXPECT_EQ(std::get<WriteEnded>(said[0]).request, 7U);
    EXPECT_TRUE(std::get<WriteEnded>(said[0]).succeeded);
    EXPECT_EQ(toHex(ByteView(device_.memory_).subspan(16, 11)), "0308d101045500626172fe");
}

TEST_F(ABadgeLoop, DoesNotBelieveATagThatForgets) {
    device_.keeps_ = false;
    loop_.write({7, *fromHex("d101045500626172")});

    const auto said = turns(4);

    ASSERT_EQ(said.size(), 1U);
    EXPECT_FALSE(std::get<WriteEnded>(said[0]).succeeded);
}

}  // namespace
}  // namespace tapport::reader
