// SPDX-License-Identifier: GPL-3.0-or-later
// A longer text on a form: shows its beginning, opens the keyboard when tapped.
import QtQuick
import Tapport.Kiosk

Column {
    id: root

    required property string label
    required property string placeholder
    required property string buttonName
    property string text
    readonly property string shown: root.text.length > 0 ? root.text : root.placeholder

    signal opened

    spacing: Theme.gapTiny

    Words {
        width: parent.width
        text: root.label
        color: Theme.soft
    }

    BaseButton {
        objectName: root.buttonName
        width: parent.width
        height: Theme.target
        text: root.shown
        spokenName: root.label
        contentItem: Words {
            text: root.shown
            color: root.text.length > 0 ? Theme.ink : Theme.accent
            font.weight: Font.Medium
            wrapMode: Text.NoWrap
            elide: Text.ElideRight
            verticalAlignment: Text.AlignVCenter
            Accessible.ignored: true
        }
        onClicked: root.opened()
    }
}
