// SPDX-License-Identifier: GPL-3.0-or-later
// Something that covers the page for a moment: a full notice, a text to type, a day to pick.
// Closing it always leads back to the page as it was.
import QtQuick
import Tapport.Kiosk

Rectangle {
    id: root

    objectName: "sheet"

    property string heading
    property string closeLabel
    property string closeName: "close"
    default property alias content: body.data

    signal closed

    color: Theme.paper

    MouseArea {
        anchors.fill: parent
    }

    Words {
        anchors.left: parent.left
        anchors.leftMargin: Theme.margin
        anchors.right: close.left
        anchors.rightMargin: Theme.gap
        anchors.verticalCenter: close.verticalCenter
        text: root.heading
        font.weight: Font.DemiBold
        maximumLineCount: 2
    }

    ActionButton {
        id: close

        objectName: root.closeName
        anchors.right: parent.right
        anchors.rightMargin: Theme.margin
        y: Theme.gapTiny
        textSize: Theme.textBody
        text: root.closeLabel
        onClicked: root.closed()
    }

    Item {
        id: body

        anchors.fill: parent
        anchors.topMargin: Theme.target + 3 * Theme.gapTiny
        anchors.leftMargin: Theme.margin
        anchors.rightMargin: Theme.margin
        anchors.bottomMargin: Theme.gapTiny
    }
}
