// SPDX-License-Identifier: GPL-3.0-or-later
// Comma-separated values (RFC 4180, UTF-8, CRLF) that a spreadsheet cannot run. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace tapport::hub {

/// One row, appended to `out`. A cell is quoted where it must be. What a spreadsheet would take for
/// a formula (= + - @ tab, carriage return in front) gets an apostrophe in front, unless it is a
/// telephone number in E.164 form: '+' and digits compute nothing, and a CRM needs them unchanged.
/// Line ends inside a cell become LF; other control characters are left out.
void appendCsvRow(std::string& out, std::span<const std::string> cells);

/// '+' and 7 to 15 digits, the first not 0 (ITU-T E.164).
[[nodiscard]] bool isE164(std::string_view phone);
/// Spaces, dots, hyphens, slashes and brackets left out, a leading 00 as '+'; unchanged where that
/// gives no E.164 number.
[[nodiscard]] std::string asE164(std::string_view phone);

}  // namespace tapport::hub
