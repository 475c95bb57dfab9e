// SPDX-License-Identifier: GPL-3.0-or-later
// The example event with units that answer its questions, for tests of what the ledger releases.
#pragma once

#include "sync/event/event.h"
#include "tests/sync/hub/samples.h"

namespace tapport::hub::samples {

[[nodiscard]] event::Event exampleEvent();

struct Answer {
    std::string purpose;
    record::Channel channel = record::Channel::Email;
    record::ConsentState state = record::ConsentState::Given;
};
/// As visit(), with these answers to the event's own notices. The consent events' ids are
/// recordId(1000 * seq + 1) and the next.
[[nodiscard]] record::PositionedUnit visitFor(const event::Event& event, std::uint64_t seq,
                                              std::uint8_t who, const std::vector<Answer>& answers);

}  // namespace tapport::hub::samples
