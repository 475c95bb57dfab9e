// SPDX-License-Identifier: GPL-3.0-or-later
// A secondary way that must be seen at once: see my answers, withdraw, cancel.
import QtQuick
import Tapport.Kiosk

BaseButton {
    outline: Theme.outline
    ink: Theme.accent
    textWeight: Font.Medium
    textSize: Theme.textBody
}
