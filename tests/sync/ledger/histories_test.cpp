// SPDX-License-Identifier: GPL-3.0-or-later
// The ledger against 100,000 random histories, judged by an oracle that knows what really happened;
// and the proof that the histories are worth something: every wrong rule is caught by them.
#include "tests/sync/ledger/mutants.h"
#include "tests/sync/ledger/oracle.h"

#include <iostream>

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace tapport::ledger::world {
namespace {

constexpr std::uint64_t kHistories = 100'000;
constexpr std::size_t kHistoriesForAMutant = 20'000;
constexpr std::size_t kHistoriesToShuffle = 2'000;

/// Another one from outside: TAPPORT_SEED=... searches elsewhere.
std::uint64_t seed() {
    const char* given = std::getenv("TAPPORT_SEED");
    return given ? std::strtoull(given, nullptr, 10) : 20'261'122;
}

Tape tapeFor(std::size_t history) {
    constexpr int kLength = 150;
    const auto tapes = rc::gen::arbitrary<Tape>();
    return tapes(rc::Random(seed() + history), kLength).value();
}

struct Finding {
    enum class Kind : std::uint8_t { None, Leak, Loss } kind = Kind::None;
    std::string story{};
};

std::string storyOf(const World& world, std::size_t badge, const Scope& scope) {
    std::string story = "badge " + std::to_string(badge) + ", " + scope.purpose.value + '/' +
                        std::string(record::nameOf(scope.channel)) + " at " +
                        record::isoText(world.hubKnowsItIs()) + '\n';
    for (std::size_t i = 0; i < world.happenings().size(); ++i) {
        const Happening& one = world.happenings()[i];
        const record::ConsentEvent& event = one.recorded.event;
        story += std::to_string(i) + ((world.arrived() & World::bit(i)) != 0 ? ": " : " (away): ") +
                 record::isoText(one.trulyAt) + ' ' + one.recorded.kiosk.value + ", badge " +
                 std::to_string(one.badge) + ": " + std::string(record::nameOf(event.state)) + ' ' +
                 event.purpose.value + '/' + std::string(record::nameOf(event.channel)) + " by " +
                 std::string(record::nameOf(event.by)) + ", clock " +
                 std::string(record::nameOf(event.at.quality)) + ' ' +
                 record::isoText(event.at.wall) + ", knew";
        for (std::size_t earlier = 0; earlier < i; ++earlier) {
            story += (one.knew & World::bit(earlier)) != 0 ? ' ' + std::to_string(earlier) : "";
        }
        story += '\n';
    }
    return story;
}

/// Compares at every look of the hub; the first difference counts.
template <typename Releases>
Finding examine(const Tape& tape, Releases releases) {
    using Kind = Finding::Kind;
    Finding finding;
    const World world(tape, [&](const World& now) {
        for (std::size_t badge = 0; badge < kBadges && finding.kind == Kind::None; ++badge) {
            const HubView view = now.hubView(badge);
            for (const Scope& scope : scopes()) {
                const Verdict verdict = mayRelease(now, badge, scope);
                const bool isReleased = releases(view, scope);
                if (isReleased && verdict == Verdict::No) {
                    finding = {Kind::Leak, storyOf(now, badge, scope)};
                } else if (!isReleased && verdict == Verdict::Yes) {
                    finding = {Kind::Loss, storyOf(now, badge, scope)};
                }
            }
        }
    });
    return finding;
}

TEST(Histories, ReleaseNobodyWhoseLatestKnownDecisionIsNo) {
    const std::string parameters = "seed=" + std::to_string(seed()) +
                                   " max_success=" + std::to_string(kHistories) + " max_size=200";
    setenv("RC_PARAMS", parameters.c_str(), 1);
    std::cout << parameters << '\n';
    std::uint64_t released = 0;
    std::uint64_t withheld = 0;

    const bool isKept = rc::check("0 leaks, 0 losses", [&](const Tape& tape) {
        const Finding finding = examine(tape, [&](const HubView& view, const Scope& scope) {
            const bool isReleased = world::releases(view, scope);
            ++(isReleased ? released : withheld);
            return isReleased;
        });
        if (finding.kind != Finding::Kind::None) {
            RC_FAIL((finding.kind == Finding::Kind::Leak ? "leak: " : "loss: ") + finding.story);
        }
    });

    EXPECT_TRUE(isKept);
    std::cout << kHistories << " histories: " << released << " releases, " << withheld
              << " refusals to release\n";
    EXPECT_GT(released, kHistories / 10) << "the histories are too sad";
}

TEST(Histories, CatchEveryWrongRule) {
    std::cout << "seed " << seed() << "\n";
    for (const Mutant& mutant : mutants()) {
        Finding finding;
        std::size_t tried = 0;
        while (finding.kind == Finding::Kind::None && tried < kHistoriesForAMutant) {
            finding = examine(tapeFor(tried++), mutant.releases);
        }

        EXPECT_NE(finding.kind, Finding::Kind::None) << mutant.name << " was not caught";
        std::cout << mutant.name << ": " << (finding.kind == Finding::Kind::Leak ? "leak" : "loss")
                  << " in history " << tried << "\n";
    }
}

TEST(Histories, MeanTheSameInAnyOrder) {
    for (std::size_t i = 0; i < kHistoriesToShuffle; ++i) {
        const World world(tapeFor(i), [&](const World& now) {
            const HubView view = now.hubView(0);
            ConsentLedger inOrder(*view.event, view.suppressions, view.person);
            ConsentLedger merged = inOrder;
            History rest;
            const auto& all = view.arrivals;
            for (std::size_t arrival = 0; arrival < all.size(); ++arrival) {
                inOrder.add(all[arrival]);
                rest.add(all[all.size() - 1 - arrival]);
                merged.add(all[(arrival * 31 + i) % all.size()]);
            }
            merged.merge(rest);

            ASSERT_EQ(merged.history(), inOrder.history());
            for (const Scope& scope : scopes()) {
                ASSERT_EQ(merged.decide(scope, view.now()).standing,
                          inOrder.decide(scope, view.now()).standing);
            }
        });
    }
}

}  // namespace
}  // namespace tapport::ledger::world
