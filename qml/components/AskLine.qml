// SPDX-License-Identifier: GPL-3.0-or-later
// One purpose in a list: its short name and its channel; what stands on the right is the page's.
import QtQuick
import Tapport.Kiosk
import Tapport.View

Item {
    id: root

    required property AskViewModel ask
    property alias trailing: trailing.data
    /// At least as high as a line that holds a button.
    property bool isTall: false
    /// Space above and below that button.
    property real breathing: Theme.gapTiny

    implicitHeight: root.isTall ? Theme.target + 2 * root.breathing : words.implicitHeight + 2 * Theme.gapSmall

    Row {
        id: words

        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.gap

        Words {
            id: title

            width: Math.min(implicitWidth, root.width - trailing.width - channel.implicitWidth - 2 * Theme.gap)
            text: root.ask.title
            font.weight: Font.DemiBold
        }
        Words {
            id: channel

            text: Wording.channel(root.ask.channel)
            color: Theme.soft
            wrapMode: Text.NoWrap
        }
    }

    Row {
        id: trailing

        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.gap
    }

    Rectangle {
        anchors.bottom: parent.bottom
        width: parent.width
        height: Theme.hair
        color: Theme.line
    }
}
