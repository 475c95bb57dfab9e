// SPDX-License-Identifier: GPL-3.0-or-later
// A side way: back, full notice, change, staff. Text with a large target around it.
import QtQuick
import Tapport.Kiosk

BaseButton {
    fill: "transparent"
    outline: "transparent"
    ink: Theme.accent
    textSize: Theme.textBody
    textWeight: Font.Medium
}
