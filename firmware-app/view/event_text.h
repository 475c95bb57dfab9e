// SPDX-License-Identifier: GPL-3.0-or-later
// The event file's texts, names and dates as the screens spell them in a language. Pure.
#pragma once

#include "sync/event/event.h"

#include <QtCore/QDate>
#include <QtCore/QString>

namespace tapport::view {

[[nodiscard]] QString text(const std::string& utf8);
/// Empty where that language is missing.
[[nodiscard]] QString text(const event::LocalText& texts, const std::string& language);
/// The language's own name: "English", "Deutsch".
[[nodiscard]] QString nativeName(const std::string& language);
/// Empty for an id that is not listed.
[[nodiscard]] QString labelOf(const std::vector<event::Choice>& choices, const std::string& id,
                              const std::string& language);
/// The id itself for somebody whom the event file no longer lists.
[[nodiscard]] QString nameOf(const event::Event& event, const record::StaffId& staff);
/// "Kim Example" -> "K. E.": enough to remember whom one met, on a screen that others can see.
[[nodiscard]] QString initials(const QString& name);
/// Those that are not empty, separated by commas.
[[nodiscard]] QString listed(QStringList words);

/// "Tue 24 Nov", in German "Di. 24. Nov."
[[nodiscard]] QString shortDay(QDate date, const std::string& language);
/// "24 November", in German "24. November"
[[nodiscard]] QString longDay(QDate date, const std::string& language);
/// The same with the year.
[[nodiscard]] QString fullDay(QDate date, const std::string& language);

}  // namespace tapport::view
