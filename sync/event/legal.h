// SPDX-License-Identifier: GPL-3.0-or-later
// Reads the parts of an event file that no screen shows and a consent record must have: parties,
// terms, profile, earlier notices, days. Reports to the Place; an empty value stands for what was
// reported. Internal to sync/event. Pure.
#pragma once

#include "sync/event/event.h"
#include "sync/event/json_reader.h"

namespace tapport::event {

/// BCP 47 in the shape the screens use: "de", "pt-BR", "zh-Hant".
[[nodiscard]] bool isLanguageTag(std::string_view tag);

[[nodiscard]] Party readParty(const Place& place);
/// Every DPV term must be one that this version knows and can put into a receipt.
[[nodiscard]] Terms readTerms(const Place& place);
[[nodiscard]] Profile readProfile(const Place& place);
/// "2026-11-24" under `key`.
[[nodiscard]] std::chrono::sys_days readDay(const Place& place, std::string_view key);
/// https: without query, fragment or a slash at the end.
[[nodiscard]] std::string readBaseUrl(const Place& place, std::string_view key);
/// Fills id, version, change and earlier versions of the ask's notice.
void readNoticeHistory(const Place& place, Ask& ask);

}  // namespace tapport::event
