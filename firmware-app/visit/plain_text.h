// SPDX-License-Identifier: GPL-3.0-or-later
// Text from badges and keyboards made safe to show, store and export: no control or direction
// characters, bounded in characters, well-formed. And the practical checks of typed contact data.
// Pure; never quotes what it refuses.
#pragma once

#include "firmware-app/visit/visit_session.h"

namespace tapport::visit {

enum class LineBreaks : std::uint8_t { Fold, Keep };

/// Trimmed, control characters (C0, DEL, C1), line and paragraph separators, bidirectional
/// overrides and the byte order mark removed; line breaks folded to a space or kept as \n; cut
/// after `most` code points. Empty for text that is not UTF-8.
[[nodiscard]] std::string plainText(std::string_view text, std::size_t most,
                                    LineBreaks breaks = LineBreaks::Fold);

inline constexpr std::size_t kMaxName = 100;  ///< characters, of a person or a company

/// The form that is stored, or nothing when nobody could be reached with it.
/// E-mail: one @, a dot in the domain, no spaces (what RFC 5321 allows in practice, unquoted).
/// Phone: + and 7 to 15 digits (E.164; 00 becomes +, a "(0)" goes), or 5 to 15 national digits.
/// Address: at least 5 bytes, cut after 200 characters. Name and company: cut after kMaxName.
[[nodiscard]] std::optional<std::string> contactValue(ContactField field, std::string_view text);

/// A code as printed on a badge, in the form that is derived from: letters A-Z in capitals and
/// digits, 4 to 32 of them, without the spaces and dashes that make it readable. Nothing for
/// anything else.
[[nodiscard]] std::optional<std::string> badgeCode(std::string_view text);

}  // namespace tapport::visit
