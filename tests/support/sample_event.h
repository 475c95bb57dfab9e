// SPDX-License-Identifier: GPL-3.0-or-later
// The example event with fixed keys, for tests: four asks (sales-follow-up/email,
// sales-follow-up/phone, newsletter/email, customer-service/email) in "en" and "de", staff "kim"
// (PIN 1234) and "alex" (PIN 5678), badges from https://badge.tapport.example/, 2026-11-24 to 26.
#pragma once

#include "sync/event/event.h"
#include "sync/seal/seal.h"

namespace tapport::support {

[[nodiscard]] event::Event sampleEvent();
/// The same as an event file.
[[nodiscard]] std::string sampleEventJson();
/// Open what was sealed to sampleEvent().sealingKey.
[[nodiscard]] seal::SealingKeys sampleSealingKeys();

/// The 32-byte Ed25519 seed of sampleEvent().rootKey.
[[nodiscard]] Bytes sampleRootSeed();
/// The same of sampleEvent().hubKey.
[[nodiscard]] Bytes sampleHubSeed();

}  // namespace tapport::support
