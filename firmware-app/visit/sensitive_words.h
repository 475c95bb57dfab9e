// SPDX-License-Identifier: GPL-3.0-or-later
// Tells staff, on the kiosk alone, that a note touches what GDPR Art. 9 protects or insults
// somebody. It warns and never blocks: words have more than one meaning. Lists: sensitive/*.txt,
// compiled in. Pure.
#pragma once

#include <cstdint>
#include <set>
#include <string_view>

namespace tapport::visit {

enum class SensitiveTopic : std::uint8_t { Health, Politics, Religion, Ethnicity, Union, Insult };

/// By whole words and stems, capitals or not, in the words of every list: a note may be in another
/// language than the screen.
[[nodiscard]] std::set<SensitiveTopic> sensitiveTopics(std::string_view text);

/// As in the lists and on the screens: "health", "politics", ...
[[nodiscard]] std::string_view nameOf(SensitiveTopic topic);

}  // namespace tapport::visit
