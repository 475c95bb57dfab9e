// SPDX-License-Identifier: GPL-3.0-or-later
// Nobody is here: what to do, what one can come back for, and the staff's small door. Static.
import QtQuick
import Tapport.Kiosk

PageFrame {
    id: root

    heading: root.kiosk.eventName

    BadgeSketch {
        id: sketch

        anchors.right: parent.right
        anchors.rightMargin: Theme.gapLarge
        anchors.verticalCenter: welcome.verticalCenter
    }

    Column {
        id: welcome

        anchors.left: parent.left
        anchors.right: sketch.left
        anchors.rightMargin: Theme.gapLarge
        anchors.top: parent.top
        anchors.bottom: buttons.top
        topPadding: Theme.gapLarge
        spacing: Theme.gap

        Words {
            width: parent.width
            //: Idle page, the one thing to do
            text: qsTr("Tap your badge")
            font.pixelSize: Theme.textDisplay
            font.weight: Font.DemiBold
            lineHeight: 1.02
        }
        Words {
            width: parent.width
            //: Idle page; %1 is the company at the booth
            text: qsTr("You decide what %1 may use your details for. A tap alone agrees to nothing.").arg(root.kiosk.controllerName)
            color: Theme.soft
            lineHeight: 1.15
        }
    }

    Item {
        id: buttons

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: statusLine.top
        anchors.bottomMargin: Theme.gap
        height: Theme.target

        OutlineButton {
            id: see

            objectName: "seeMyAnswers"
            anchors.left: parent.left
            //: Button: what is recorded about me, change or withdraw it
            text: qsTr("See or change my answers")
            onClicked: root.kiosk.seeMyAnswers()
        }
        CodeButton {
            anchors.left: see.right
            onClicked: root.kiosk.typeCode()
        }
        StaffButton {
            anchors.right: parent.right
            onClicked: root.kiosk.openStaff()
        }
    }

    StatusLine {
        id: statusLine

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        status: root.status
    }
}
