// SPDX-License-Identifier: GPL-3.0-or-later
// The staff's door: a PIN, or a tap with the staff badge. The PIN leaves this page at once.
pragma ComponentBehavior: Bound

import QtQuick
import Tapport.Kiosk

PageFrame {
    id: root

    property string pin
    readonly property bool isBlocked: root.kiosk.pinBlockedSeconds > 0

    function send() {
        const entered = root.pin;
        root.pin = "";
        root.kiosk.enterPin(entered);
    }

    hasBack: true
    headerRight: pad.width + Theme.margin

    Column {
        anchors.left: parent.left
        anchors.top: parent.top
        anchors.topMargin: Theme.gap
        width: parent.width - pad.width - Theme.gapLarge
        spacing: Theme.gap

        Words {
            width: parent.width
            //: Title of the staff's PIN page
            text: qsTr("Staff")
            font.pixelSize: Theme.textQuestion
            font.weight: Font.DemiBold
        }
        Words {
            width: parent.width
            //: What staff do on the PIN page
            text: qsTr("Tap your staff badge or enter your PIN.")
            color: Theme.soft
        }
        Row {
            height: Theme.target
            spacing: Theme.gap
            Accessible.role: Accessible.StaticText
            //: For assistive technology; %1 digits of the PIN are entered
            Accessible.name: qsTr("Digits entered: %1").arg(root.pin.length)

            Repeater {
                model: Math.max(6, root.pin.length)

                Rectangle {
                    required property int index

                    anchors.verticalCenter: parent ? parent.verticalCenter : undefined
                    width: Theme.mm(3.5)
                    height: width
                    radius: width / 2
                    color: index < root.pin.length ? Theme.ink : "transparent"
                    border.color: Theme.outline
                    border.width: Theme.edge
                }
            }
        }
        Words {
            visible: root.isBlocked || root.kiosk.isPinWrong
            width: parent.width
            color: Theme.problem
            font.weight: Font.DemiBold
            text: root.isBlocked ?
                //: After too many wrong PINs; %1 seconds
                qsTr("Too many wrong tries. Please wait %1 seconds.").arg(root.kiosk.pinBlockedSeconds) :
                //: After a wrong PIN
                qsTr("That PIN is not right. Please try again.")
        }
    }

    StatusLine {
        anchors.left: parent.left
        anchors.bottom: parent.bottom
        width: parent.width - pad.width - Theme.gapLarge
        status: root.status
    }

    PinPad {
        id: pad

        parent: root
        anchors.right: parent.right
        anchors.rightMargin: Theme.margin
        anchors.verticalCenter: parent.verticalCenter
        enabled: !root.isBlocked
        onTyped: digit => root.pin = (root.pin + digit).slice(0, 8)
        onErased: root.pin = root.pin.slice(0, -1)
        onEntered: root.send()
    }
}
