// SPDX-License-Identifier: GPL-3.0-or-later
// For badges and people without NFC: the code that is printed on the badge.
import QtQuick
import Tapport.Kiosk

PageFrame {
    id: root

    readonly property bool isBlocked: root.kiosk.codeBlockedSeconds > 0

    function next() {
        root.kiosk.enterCode(field.text);
    }

    isTitle: true
    hasBack: true
    //: Title above a field
    heading: qsTr("Code on your badge")

    Row {
        id: entry

        width: parent.width
        spacing: Theme.gap

        EntryField {
            id: field

            objectName: "codeField"
            width: parent.width - onward.width - parent.spacing
            label: root.heading
            isWrong: root.kiosk.isCodeInvalid
            focus: true
            onAccepted: root.next()
        }
        ActionButton {
            id: onward

            objectName: "next"
            enabled: field.text.length > 0 && !root.isBlocked
            //: Button: goes on to the next step
            text: qsTr("Next")
            onClicked: root.next()
        }
    }

    Words {
        readonly property bool isTrouble: root.isBlocked || root.kiosk.isCodeInvalid

        anchors.top: entry.bottom
        anchors.topMargin: Theme.gapTiny
        anchors.bottom: keyboard.top
        width: parent.width
        verticalAlignment: Text.AlignVCenter
        color: isTrouble ? Theme.problem : Theme.soft
        font.weight: isTrouble ? Font.DemiBold : Font.Normal
        text: root.isBlocked ?
            //: Instead of an error beside the field; %1 seconds
            qsTr("Many codes were typed here just now. Please wait %1 seconds.").arg(root.kiosk.codeBlockedSeconds) :
            root.kiosk.isCodeInvalid ?
            //: Error beside the field
            qsTr("Please type at least four letters or digits, as printed.") :
            //: Beside the field: what a typed code is not good for
            qsTr("Anyone who knows this code can use it. So we never show your contact details here.")
    }

    Keyboard {
        id: keyboard

        anchors.bottom: parent.bottom
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.leftMargin: Theme.gapSmall - Theme.margin
        anchors.rightMargin: Theme.gapSmall - Theme.margin
        layout: Keyboard.Email
        onTyped: text => field.insert(text)
        onErased: field.erase()
        onEntered: root.next()
    }
}
