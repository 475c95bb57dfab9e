// SPDX-License-Identifier: GPL-3.0-or-later
// The [broker] table, which kiosk.toml and hub.toml have in common: host and port of one broker, or
// hosts, the nodes of a cluster ("HOST" or "HOST:PORT"); protocol, "5" or "3.1.1"; session, "clean"
// or "kept"; tls_ca, tls_cert, tls_key.
#pragma once

#include "sync/mqtt/mqtt_client.h"
#include "sync/program/config.h"

namespace tapport::mqtt {

inline constexpr int kPlainPort = 1883;
inline constexpr int kTlsPort = 8883;
/// Where devices without a certificate ask for one (sync/enrol).
inline constexpr int kEnrolPort = 8884;

/// With the three tls keys it speaks TLS, on port 8883 unless another is named. A node or a
/// protocol that is none is refused by config.finish().
[[nodiscard]] Options readBroker(program::Config& config);
/// InvalidConfig: some of the tls keys without the others, or plain to another machine.
[[nodiscard]] Result<> checkBroker(const Options& broker);

}  // namespace tapport::mqtt
