// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/export/manifest.h"

#include <nlohmann/json.hpp>

namespace tapport::hub {

std::string manifestOf(const ExportFile& file, const ExportOrder& order,
                       const record::EventId& event, const wire::HubEpoch& hub) {
    nlohmann::ordered_json proofs = nlohmann::ordered_json::object();
    for (const auto& [state, number] : file.proofs) {
        proofs[std::string(nameOf(state))] = number;
    }
    const nlohmann::ordered_json json{
        {"format", "tapport-export-1"},
        {"id", record::uuidText(order.id)},
        {"event", event.value},
        {"created", record::isoText(order.at.wall)},
        {"clock", record::nameOf(order.at.quality)},
        {"by", order.by},
        {"snapshot", {{"hub_epoch", hub.hex()}, {"state_version", file.stateVersion}}},
        {"rows", file.rows},
        {"people", file.people},
        {"needs_reconfirmation", file.unsettled},
        {"proof", proofs},
        {"bytes", file.csv.size()},
        {"sha256", seal::sha256Of(viewOf(file.csv)).hex()},
        {"status", file.provisional.empty() ? "final" : "provisional"},
        {"reasons", file.provisional},
    };
    return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace tapport::hub
