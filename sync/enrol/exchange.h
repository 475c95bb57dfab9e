// SPDX-License-Identifier: GPL-3.0-or-later
// Carries an enrolment over the broker's listener for strangers: asks until an answer comes that
// the code opens. The broker need not be trusted, and is not.
#pragma once

#include "sync/enrol/messages.h"
#include "sync/mqtt/mqtt_client.h"

namespace tapport::enrol {

/// Blocks. Network: no answer within `patience`. InvalidInput: somebody said no, who need not be
/// the hub. Conflict: the hub wants another signing key than this (Refusal::RevokedKey).
[[nodiscard]] Result<Grant> askHub(const mqtt::Options& broker, const CodeCheck& code,
                                   const Bytes& request, std::chrono::milliseconds patience);

}  // namespace tapport::enrol
