// SPDX-License-Identifier: GPL-3.0-or-later
// Something that covers the page for a moment: a full notice, a text to type, a day to pick.
// Closing it always leads back to the page as it was.
import QtQuick
import Tapport.Kiosk
import Tapport.View

Rectangle {
    id: root

    objectName: "sheet"

    required property KioskViewModel kiosk
    property string heading
    property string closeLabel
    property string closeName: "close"
    default property alias content: body.data

    signal closed

    color: Theme.paper

    MouseArea {
        anchors.fill: parent
    }

    BackButton {
        id: close

        objectName: root.closeName
        x: Theme.margin - leftPadding
        y: Theme.gapTiny
        label: root.closeLabel
        onClicked: root.closed()
    }

    Words {
        anchors.left: close.right
        anchors.leftMargin: Theme.gap
        anchors.right: languages.left
        anchors.rightMargin: Theme.gap
        anchors.verticalCenter: close.verticalCenter
        text: root.heading
        font.weight: Font.DemiBold
        maximumLineCount: 2
    }

    LanguageBar {
        id: languages

        anchors.right: parent.right
        anchors.rightMargin: Theme.margin - Theme.gap
        y: Theme.gapTiny
        kiosk: root.kiosk
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
