// SPDX-License-Identifier: GPL-3.0-or-later
// How the kiosk of a HubSite delivers: with the product's own agent.
#pragma once

#include "sync/agent/runner.h"
#include "tests/journey/hub_site.h"

namespace tapport::journey {

/// For hub::samples::kKiosk, which connects at once. `site` must outlive the agent.
[[nodiscard]] inline agent::AgentOptions agentOptions(const HubSite& site) {
    agent::AgentOptions options;
    options.broker.port = site.broker().port();
    options.pump.event = site.event().id;
    options.pump.kiosk = hub::samples::kKiosk;
    options.pump.bootSpread = record::Millis(0);
    options.pump.sign = [&site](ByteView covered) {
        return receipt::signMessage(covered, site.kioskKeys());
    };
    options.isHubs = [&site](const record::Signature& signature, ByteView covered) {
        return receipt::fits(signature, covered, site.event().hubKey);
    };
    return options;
}

}  // namespace tapport::journey
