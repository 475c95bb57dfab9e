// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sync/hub/example_answers.h"

#include "tests/support/sample_event.h"

namespace tapport::hub::samples {

event::Event exampleEvent() {
    event::Event event = support::sampleEvent();
    event.id = kScope.event;
    // A golden file must not depend on the wording of the example.
    for (event::Ask& ask : event.asks) {
        for (auto& [language, notice] : ask.notices) {
            notice.hash.bytes.fill(0xEE);
        }
    }
    return event;
}

record::PositionedUnit visitFor(const event::Event& event, std::uint64_t seq, std::uint8_t who,
                                const std::vector<Answer>& answers) {
    record::PositionedUnit positioned = visit(seq, who);
    positioned.unit.event = event.id;
    positioned.unit.consents.clear();
    for (const Answer& answer : answers) {
        record::ConsentEvent one = consent(1000 * seq + 1 + positioned.unit.consents.size(),
                                           answer.purpose, answer.channel, answer.state);
        one.notice = event.find({answer.purpose}, answer.channel)->noticeRef("en");
        positioned.unit.consents.push_back(one);
    }
    return positioned;
}

}  // namespace tapport::hub::samples
