// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/plain_json.h"

#include <nlohmann/json.hpp>

namespace tapport::bench {
namespace {

using nlohmann::json;

json jsonOf(const record::ClockReading& clock) {
    return {{"wall", record::isoText(clock.wall)},
            {"quality", record::nameOf(clock.quality)},
            {"bootId", clock.boot.hex()},
            {"monotonicMs", clock.monotonic.count()}};
}

json jsonOf(const record::ConsentEvent& consent) {
    return {{"id", record::uuidText(consent.id)},
            {"purpose", consent.purpose.value},
            {"channel", record::nameOf(consent.channel)},
            {"state", record::nameOf(consent.state)},
            {"method", record::nameOf(consent.method)},
            {"expressedBy", record::nameOf(consent.by)},
            {"notice",
             {{"id", consent.notice.id},
              {"version", consent.notice.version},
              {"hash", consent.notice.hash.hex()},
              {"language", consent.notice.language}}},
            {"at", jsonOf(consent.at)},
            {"validUntil", record::isoText(consent.validUntil)},
            {"evidence",
             {{"screen", consent.evidence.screen},
              {"build", consent.evidence.build},
              {"optionOrder", consent.evidence.optionOrder},
              {"dwellMs", consent.evidence.dwell.count()}}}};
}

}  // namespace

std::string plainJson(const record::PositionedUnit& positioned) {
    const record::Unit& unit = positioned.unit;
    json consents = json::array();
    for (const record::ConsentEvent& consent : unit.consents) {
        consents.push_back(jsonOf(consent));
    }
    const record::Contact contact = unit.contact.value_or(record::Contact{});
    return json{{"kiosk", positioned.position.kiosk.value},
                {"epoch", positioned.position.epoch.hex()},
                {"seq", positioned.position.seq},
                {"id", record::uuidText(unit.id)},
                {"kind", record::nameOf(unit.kind)},
                {"event", unit.event.value},
                {"subject", unit.subject.hex()},
                {"at", jsonOf(unit.at)},
                {"consents", consents},
                {"contact",
                 {{"name", contact.name},
                  {"company", contact.company},
                  {"email", contact.email},
                  {"phone", contact.phone}}},
                {"receipt", unit.receipt.value_or(record::ReceiptId{}).hex()}}
        .dump();
}

}  // namespace tapport::bench
