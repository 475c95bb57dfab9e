// SPDX-License-Identifier: GPL-3.0-or-later
// What every button shares: a size a finger hits, a name and role for assistive technology, a
// pressed state. Never has the focus by default; Enter presses nothing.
import QtQuick
import QtQuick.Templates as T
import Tapport.Kiosk

T.AbstractButton {
    id: root

    property color fill: Theme.surface
    property color fillPressed: Theme.accentTint
    property color outline: Theme.outline
    property color ink: Theme.ink
    property int textSize: Theme.textButton
    property int textWeight: Font.DemiBold
    property string spokenName: root.text

    // Whole pixels: an edge between two would be cut where a page clips.
    implicitWidth: Math.max(Theme.target, Math.ceil(implicitContentWidth) + leftPadding + rightPadding)
    implicitHeight: Math.max(Theme.target, implicitContentHeight + topPadding + bottomPadding)
    leftPadding: Theme.gap
    rightPadding: Theme.gap
    topPadding: Theme.gapTiny
    bottomPadding: Theme.gapTiny
    focusPolicy: Qt.TabFocus

    Accessible.role: Accessible.Button
    Accessible.name: root.spokenName

    background: Rectangle {
        radius: Theme.radius
        color: !root.enabled ? Theme.line : root.down ? root.fillPressed : root.fill
        border.color: root.visualFocus ? Theme.ink : root.enabled ? root.outline : Theme.line
        border.width: root.visualFocus ? 2 * Theme.edge : Theme.edge
    }

    contentItem: Words {
        text: root.text
        color: root.enabled ? root.ink : Theme.soft
        font.pixelSize: root.textSize
        font.weight: root.textWeight
        horizontalAlignment: Text.AlignHCenter
        verticalAlignment: Text.AlignVCenter
        Accessible.ignored: true
    }
}
