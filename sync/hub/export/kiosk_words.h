// SPDX-License-Identifier: GPL-3.0-or-later
// How kiosks are doing, in words for people: the same on pages and on the command line. Pure.
#pragma once

#include "sync/hub/export/desk.h"

namespace tapport::hub {

/// "40 s", "12 min", "3 h 5 min", "2 days"; of less than nothing "0 s".
[[nodiscard]] std::string spanText(record::Millis span);
/// Null: nothing is known of it.
[[nodiscard]] const KioskPresence* presenceOf(const HubStatus& status,
                                              const record::KioskId& kiosk);
/// "connected for 12 min", "not connected for 5 min", "not connected"; "not seen" of none.
[[nodiscard]] std::string presenceText(const KioskPresence* presence, record::WallTime now);
/// Whom the quarantine takes no more of, and what to do; empty: everybody has room.
[[nodiscard]] std::string quarantineText(const HubStatus& status);
/// "revoked", "told that the event is over", "the event is over there since 2026-11-26 09:00:00
/// UTC"; empty: nothing was decided.
[[nodiscard]] std::vector<std::string> fateTexts(const HubStatus& status,
                                                 const record::KioskId& kiosk);
/// "clock 12 min behind"; empty: it was right, or nobody knows.
[[nodiscard]] std::string clockText(const KioskStanding& kiosk);

}  // namespace tapport::hub
