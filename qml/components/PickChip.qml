// SPDX-License-Identifier: GPL-3.0-or-later
// One entry of a pick-list. Picked is shown by fill and weight of the edge, not by colour alone.
import QtQuick
import Tapport.Kiosk

BaseButton {
    id: root

    property bool isPicked: false

    fill: root.isPicked ? Theme.accent : Theme.surface
    fillPressed: root.isPicked ? Theme.accentPressed : Theme.accentTint
    outline: root.isPicked ? Theme.accent : Theme.outline
    ink: root.isPicked ? Theme.inkOnAccent : Theme.ink
    textSize: Theme.textBody
    leftPadding: Theme.mm(3.5)
    rightPadding: Theme.mm(3.5)
    textWeight: Font.Medium
    Accessible.checkable: true
    Accessible.checked: root.isPicked
}
