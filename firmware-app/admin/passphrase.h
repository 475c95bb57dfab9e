// SPDX-License-Identifier: GPL-3.0-or-later
// Asks whoever types for a passphrase, or reads it from a pipe. Never from the command line, where
// every user of the machine could read it.
#pragma once

#include "sync/base/error.h"
#include "sync/seal/locked_text.h"

#include <cstdint>

namespace tapport::admin {

enum class Asking : std::uint8_t {
    ForNew,  ///< twice at a terminal
    ForOld,
};

/// The first line of stdin; at a terminal without showing it. InvalidInput: none, or of a new one:
/// too short, or not the same twice.
[[nodiscard]] Result<seal::LockedText> readPassphrase(Asking asking);

}  // namespace tapport::admin
