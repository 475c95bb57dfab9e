// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/view/event_text.h"

#include <algorithm>

#include <QtCore/QLocale>
#include <QtCore/QStringList>

namespace tapport::view {
namespace {

QString dayText(QDate date, const std::string& language, const char* before, const char* after) {
    const QLocale locale(text(language));
    const char* day = locale.language() == QLocale::German ? "d. " : "d ";
    return locale.toString(date, QLatin1String(before) + QLatin1String(day) + QLatin1String(after));
}

}  // namespace

QString text(const std::string& utf8) {
    return QString::fromStdString(utf8);
}

QString text(const event::LocalText& texts, const std::string& language) {
    const auto found = texts.find(language);
    return found == texts.end() ? QString() : text(found->second);
}

/// Qt calls plain "en" "American English".
QString nativeName(const std::string& language) {
    return language == "en" ? QStringLiteral("English")
                            : QLocale(text(language)).nativeLanguageName();
}

QString labelOf(const std::vector<event::Choice>& choices, const std::string& id,
                const std::string& language) {
    const auto found = std::find_if(choices.begin(), choices.end(),
                                    [&](const event::Choice& choice) { return choice.id == id; });
    return found == choices.end() ? QString() : text(found->label, language);
}

QString initials(const QString& name) {
    QStringList letters;
    for (const QString& part : name.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        letters.append(part.at(0).toUpper() + QLatin1Char('.'));
    }
    return letters.join(QLatin1Char(' '));
}

QString listed(QStringList words) {
    words.removeAll(QString());
    return words.join(QStringLiteral(", "));
}

QString nameOf(const event::Event& event, const record::StaffId& staff) {
    const event::Staff* const found = event.findStaff(staff);
    return text(found ? found->name : staff.value);
}

QString shortDay(QDate date, const std::string& language) {
    return dayText(date, language, "ddd ", "MMM");
}

QString longDay(QDate date, const std::string& language) {
    return dayText(date, language, "", "MMMM");
}

QString fullDay(QDate date, const std::string& language) {
    return dayText(date, language, "", "MMMM yyyy");
}

}  // namespace tapport::view
