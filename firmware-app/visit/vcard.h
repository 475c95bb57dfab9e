// SPDX-License-Identifier: GPL-3.0-or-later
// The few lines of a vCard (2.1, RFC 2426, RFC 6350) that a lead needs. A card is a stranger's
// text: bounded, stripped of control characters, and never a reason to refuse the badge. Pure.
#pragma once

#include "sync/record/unit.h"

namespace tapport::visit {

inline constexpr std::size_t kMaxVcardSize = 4096;

/// FN (else N), ORG, the first valid EMAIL and TEL of the first card. What is missing, too large,
/// not UTF-8 or in a transfer encoding stays empty.
[[nodiscard]] record::Contact readVcard(std::string_view text);

}  // namespace tapport::visit
