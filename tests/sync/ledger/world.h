// SPDX-License-Identifier: GPL-3.0-or-later
// A show as somebody who sees everything would write it down: one person with two badges, three
// kiosks, the person's phone, and the hub, with clocks that lie, copies that get lost and old
// copies that come back. A tape of bytes decides what happens, so that RapidCheck can make, shrink
// and repeat it.
#pragma once

#include "tests/sync/ledger/ledger_fixture.h"

#include <functional>

namespace tapport::ledger::world {

using Tape = std::vector<std::uint8_t>;
/// Happenings by their number, one bit each.
using Set = std::uint64_t;

inline constexpr std::size_t kMostHappenings = 48;
inline constexpr std::size_t kBadges = 2;
inline constexpr std::size_t kHub = 4;
inline constexpr std::size_t kActors = 5;  ///< three kiosks, the phone, the hub

enum class Kind : std::uint8_t { Yes, No, LastWord, Confirmation };

/// One consent event, and the truth about it.
struct Happening {
    Kind kind = Kind::Yes;
    std::size_t badge = 0;
    Recorded recorded;
    Set knew = 0;  ///< all that its maker knew of when making it
    record::WallTime trulyAt;
    bool isExpress = true;                 ///< somebody really answered
    std::uint32_t noticeVersion = 3;       ///< 1 was changed materially, 2 in wording only
    std::optional<std::size_t> confirmed;  ///< a confirmation: the number of the yes it names
    bool isProperlyConfirmed = true;       ///< a confirmation: on its channel, by a set clock
    bool isErasure = false;
};

/// What the hub has in hand when it looks.
struct HubView {
    const event::Event* event = nullptr;
    Person person;
    std::vector<Recorded> arrivals;  ///< in order, with repetitions
    Suppressions suppressions{SuppressionKey{}};
    record::ClockReading clock;
    record::WallTime floor;

    [[nodiscard]] record::TrustedNow now() const { return record::TrustedNow(clock, floor); }
};

/// Of a notice's text in this version.
[[nodiscard]] record::NoticeHash hashOfVersion(std::uint32_t version);
/// The sample event in its third wording, with double opt-in or without.
[[nodiscard]] const event::Event& eventOf(bool isDoubleOptIn);
/// The scopes of this world: sales by e-mail, sales by phone, newsletter by e-mail.
[[nodiscard]] const std::vector<Scope>& scopes();

class World {
  public:
    /// Called whenever the hub is asked for its leads.
    using Look = std::function<void(const World&)>;

    /// Plays the tape to its end, delivers what is still on its way, and looks once more.
    World(const Tape& tape, Look look);

    [[nodiscard]] const std::vector<Happening>& happenings() const { return happenings_; }
    [[nodiscard]] const event::Event& event() const { return event_; }
    [[nodiscard]] HubView hubView(std::size_t badge) const;
    /// What has arrived at the hub, and was not lost again.
    [[nodiscard]] Set arrived() const { return setOf(arrivals_); }
    /// Everything has arrived.
    [[nodiscard]] bool isComplete() const { return isComplete_; }
    /// Somebody sent another content under an id of this badge.
    [[nodiscard]] bool isForged(std::size_t badge) const;
    /// No later than the present, as far as the hub can know it.
    [[nodiscard]] record::WallTime hubKnowsItIs() const;
    static Set bit(std::size_t happening) { return Set{1} << happening; }

  private:
    enum class Clock : std::uint8_t { Synced, Slow, Ahead, Reset, Wild, Jumped };
    struct Forgery {
        std::size_t after;  ///< so many arrivals
        std::size_t badge;
        Recorded recorded;
    };

    std::size_t pick(std::size_t below);
    void step();

    // world_happenings.cpp
    void answer();
    void withdraw();
    void sayLastWord();
    void confirm();
    void endByController();
    void share();
    void deliver();
    void loseAndRestore();
    void forge();
    void passTime();
    [[nodiscard]] bool knowsYes(std::size_t actor, std::size_t badge, const Scope& scope) const;

    [[nodiscard]] bool isShowOver() const;
    [[nodiscard]] std::size_t somewhere();
    [[nodiscard]] record::ClockReading readClock(std::size_t actor) const;
    [[nodiscard]] Happening make(std::size_t actor, std::size_t badge, const Scope& scope,
                                 record::ConsentState state);
    void happen(std::size_t actor, Happening happening);
    void arrive(std::size_t happening);
    void learn(std::size_t actor, Set what);
    [[nodiscard]] Set ofBadge(std::size_t badge, Set from) const;
    [[nodiscard]] Set setOf(const std::vector<std::size_t>& numbers) const;

    const Tape& tape_;
    std::size_t at_ = 0;
    Look look_;
    const event::Event& event_;
    record::WallTime now_;
    std::vector<Happening> happenings_;
    std::array<Set, kActors> knows_{};
    std::array<Set, kActors> copy_{};
    std::array<Clock, kActors> clocks_{};
    std::vector<std::size_t> arrivals_;
    std::size_t hubCopy_ = 0;
    std::vector<Forgery> forgeries_;
    record::WallTime hubFloor_;
    bool isComplete_ = false;
};

}  // namespace tapport::ledger::world
