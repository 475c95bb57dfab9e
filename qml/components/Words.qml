// SPDX-License-Identifier: GPL-3.0-or-later
// All text on the screens. Plain text always: what a badge or a person wrote is never markup.
import QtQuick
import Tapport.Kiosk

Text {
    textFormat: Text.PlainText
    wrapMode: Text.Wrap
    color: Theme.ink
    font.pixelSize: Theme.textBody
}
