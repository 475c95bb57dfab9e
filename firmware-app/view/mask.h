// SPDX-License-Identifier: GPL-3.0-or-later
// Contact details as a shared screen may show them: enough to recognise one's own, too little to
// take away ("j•••@firma.example").
#pragma once

#include <string>

#include <QtCore/QString>

namespace tapport::view {

/// First character and domain; a text without '@' keeps its first character only.
[[nodiscard]] QString maskedEmail(const std::string& email);
/// Last two digits.
[[nodiscard]] QString maskedPhone(const std::string& phone);
/// First three characters.
[[nodiscard]] QString maskedAddress(const std::string& address);

}  // namespace tapport::view
