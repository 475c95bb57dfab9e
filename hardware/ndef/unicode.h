// SPDX-License-Identifier: GPL-3.0-or-later
// The little Unicode that tags need: strict UTF-8 and UTF-16 decoding. Pure.
#pragma once

#include "sync/base/bytes.h"

#include <optional>
#include <string>
#include <string_view>

namespace tapport::ndef {

/// Code points; nothing for an overlong form, a surrogate or a value above U+10FFFF.
[[nodiscard]] std::optional<std::u32string> decodeUtf8(std::string_view text);
/// As above for UTF-16; a byte-order mark decides, big-endian without one (Text RTD 1.0, 3.4).
[[nodiscard]] std::optional<std::u32string> decodeUtf16(ByteView bytes);
[[nodiscard]] std::string encodeUtf8(std::u32string_view codePoints);
/// C0, DEL and C1.
[[nodiscard]] bool isControl(char32_t codePoint);
/// Invisible marks that change how other text is shown: bidi controls, zero-width, line separators.
[[nodiscard]] bool isFormatting(char32_t codePoint);

}  // namespace tapport::ndef
