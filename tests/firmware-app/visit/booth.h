// SPDX-License-Identifier: GPL-3.0-or-later
// A kiosk at a booth for these tests: a session, a clock, and a vault that answers at once. Presses
// come one second after another, so that the input guard lets them through.
#pragma once

#include "firmware-app/visit/visit_session.h"

#include <map>

#include <gmock/gmock.h>

namespace tapport::visit {

/// Newsletter by e-mail, a call, a brochure by post; English and German.
[[nodiscard]] event::Event boothEvent();
/// Badge number `n`: subject, lookup and key are made of it.
[[nodiscard]] BadgeSeen badgeOf(std::uint8_t n, record::Contact card = {});

inline const record::Contact kAdasCard{"Ada Example", "Example Works", "ada@example.com", "", ""};

template <typename T>
[[nodiscard]] const T* find(const std::vector<Effect>& effects) {
    for (const Effect& effect : effects) {
        if (const T* const found = std::get_if<T>(&effect)) {
            return found;
        }
    }
    return nullptr;
}

class Booth {
  public:
    explicit Booth(Timing times = {});

    /// One step, now.
    std::vector<Effect> step(const Event& what);
    /// One second later, as a person would.
    std::vector<Effect> press(const Event& what);
    void wait(record::Millis time);
    /// As `wait`, with the ticks that nextDeadline() asks for.
    void waitTicking(record::Millis time);

    /// Tap, look-up and its answer from what was committed here before.
    void tap(const BadgeSeen& badge);
    /// Goes through every question again, from Recorded.
    void changeTo(const std::vector<Answer>& answers);
    /// Press until the effects hold a Commit, have it succeed, and keep what it wrote.
    Commit commit(const Event& what, const std::string& receiptLink = {});
    void keep(const Commit& commit);

    [[nodiscard]] Screen screen() const { return session.view().screen; }
    [[nodiscard]] const View& view() const { return session.view(); }
    [[nodiscard]] const vault::Entry& entryOf(const BadgeSeen& badge) const;

    event::Event event = boothEvent();
    Timing timing;
    record::ClockReading now;
    std::map<record::VaultLookup, vault::Entry> entries;
    std::uint64_t idsMade = 0;
    std::uint8_t receiptsMade = 0;
    VisitSession session;
};

[[nodiscard]] const record::Unit* unitOf(const Commit& commit, record::UnitKind kind);

}  // namespace tapport::visit
