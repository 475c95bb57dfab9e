// SPDX-License-Identifier: GPL-3.0-or-later
// "See or change my answers" was pressed: waits for the badge.
import QtQuick
import Tapport.Kiosk

PageFrame {
    id: root

    hasBack: true

    BadgeSketch {
        id: sketch

        anchors.right: parent.right
        anchors.rightMargin: Theme.gapLarge
        anchors.verticalCenter: parent.verticalCenter
    }

    CodeButton {
        anchors.left: parent.left
        anchors.leftMargin: -leftPadding
        anchors.bottom: parent.bottom
        onClicked: root.kiosk.typeCode()
    }

    Column {
        anchors.left: parent.left
        anchors.right: sketch.left
        anchors.rightMargin: Theme.gapLarge
        anchors.top: sketch.top
        spacing: Theme.gap

        Words {
            width: parent.width
            //: Title: a badge shows what is recorded about its owner
            text: qsTr("Tap your badge to see your answers")
            font.pixelSize: Theme.textQuestion
            font.weight: Font.DemiBold
        }
        Words {
            width: parent.width
            //: What "see or change my answers" can do
            text: qsTr("You see what is recorded on this kiosk. You can change it or withdraw it at once.")
            color: Theme.soft
            lineHeight: 1.15
        }
    }
}
