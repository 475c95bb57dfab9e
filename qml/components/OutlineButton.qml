// SPDX-License-Identifier: GPL-3.0-or-later
// A secondary way that must be seen at once: see my answers, withdraw, cancel.
import QtQuick
import Tapport.Kiosk

BaseButton {
    outline: Theme.outline
    ink: Theme.accent
    leftPadding: Theme.mm(3.1)
    rightPadding: Theme.mm(3.1)
    textWeight: Font.Medium
    textSize: Theme.textBody
}
