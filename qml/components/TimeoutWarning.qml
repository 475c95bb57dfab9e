// SPDX-License-Identifier: GPL-3.0-or-later
// Before the screen is cleared: one tap keeps it. No countdown: nobody is hurried into an answer.
import QtQuick
import Tapport.Kiosk
import Tapport.View

Rectangle {
    id: root

    objectName: "warning"

    required property KioskViewModel kiosk

    color: Theme.paper
    Accessible.role: Accessible.AlertMessage
    Accessible.name: title.text

    MouseArea {
        anchors.fill: parent
    }

    LanguageBar {
        anchors.right: parent.right
        anchors.rightMargin: Theme.margin - Theme.gap
        y: Theme.gapTiny
        kiosk: root.kiosk
    }

    Column {
        anchors.centerIn: parent
        width: parent.width - 4 * Theme.margin
        spacing: Theme.gapLarge

        Words {
            id: title

            width: parent.width
            //: Time-out warning, title
            text: qsTr("Do you need more time?")
            font.pixelSize: Theme.textQuestion
            font.weight: Font.DemiBold
            horizontalAlignment: Text.AlignHCenter
        }
        Words {
            anchors.horizontalCenter: parent.horizontalCenter
            width: Math.min(parent.width, Theme.mm(100))
            //: Time-out warning, text
            text: qsTr("Otherwise this screen is cleared in a moment, and nothing new is stored.")
            color: Theme.soft
            horizontalAlignment: Text.AlignHCenter
        }
        ActionButton {
            objectName: "stayLonger"
            anchors.horizontalCenter: parent.horizontalCenter
            implicitHeight: Theme.mainTarget
            //: Button on the time-out warning
            text: qsTr("I need more time")
            onClicked: root.kiosk.stayLonger()
        }
    }
}
