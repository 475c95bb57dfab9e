// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/view/mask.h"

namespace tapport::view {
namespace {

const QString& dots() {
    static const QString kDots(3, QChar(0x2022));
    return kDots;
}

/// Never cuts a surrogate pair in half.
qsizetype wholeCharacters(const QString& text, qsizetype count) {
    const bool isSplit = count > 0 && count < text.size() && text.at(count - 1).isHighSurrogate();
    return isSplit ? count + 1 : count;
}

QString firstOf(const QString& text, qsizetype count) {
    return text.left(wholeCharacters(text, count)) + dots();
}

}  // namespace

QString maskedEmail(const std::string& email) {
    const QString text = QString::fromStdString(email);
    const qsizetype at = text.lastIndexOf(QLatin1Char('@'));
    if (text.isEmpty()) {
        return text;
    }
    return at < 1 ? firstOf(text, 1) : firstOf(text.left(at), 1) + text.mid(at);
}

QString maskedPhone(const std::string& phone) {
    const QString text = QString::fromStdString(phone);
    return text.isEmpty() ? text : dots() + QLatin1Char(' ') + text.right(2);
}

QString maskedAddress(const std::string& address) {
    const QString text = QString::fromStdString(address);
    return text.isEmpty() ? text : firstOf(text, 3);
}

}  // namespace tapport::view
