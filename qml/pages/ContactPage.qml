// SPDX-License-Identifier: GPL-3.0-or-later
// One field that a yes needs and the badge did not bring, or that is to be corrected.
pragma ComponentBehavior: Bound

import QtQuick
import Tapport.Kiosk
import Tapport.View

PageFrame {
    id: root

    isTitle: true
    readonly property int contactField: root.kiosk.contactField
    readonly property bool isEmail: root.contactField === KioskViewModel.Email
    readonly property string afterAt: field.text.includes("@") ? field.text.slice(field.text.lastIndexOf("@") + 1) : ""
    //: Frequent mail providers of people who speak this language, separated by blanks
    readonly property var domains: qsTr("gmail.com outlook.com icloud.com yahoo.com").split(" ").filter(domain => domain.startsWith(root.afterAt) && domain !== root.afterAt)

    function next() {
        root.kiosk.enterContact(field.text);
    }

    hasBack: true
    heading: Wording.contactTitle(root.contactField)
    Component.onCompleted: field.text = root.kiosk.contactText
    // The page stays when one field follows another.
    onContactFieldChanged: field.text = root.kiosk.contactText

    Row {
        id: entry

        width: parent.width
        spacing: Theme.gap

        EntryField {
            id: field

            objectName: "contactField"
            width: parent.width - onward.width - parent.spacing
            label: root.heading
            isWrong: root.kiosk.isContactInvalid
            focus: true
            onAccepted: root.next()
        }
        ActionButton {
            id: onward

            objectName: "next"
            enabled: field.text.length > 0
            //: Button: goes on to the next step
            text: qsTr("Next")
            onClicked: root.next()
        }
    }

    Item {
        anchors.top: entry.bottom
        anchors.topMargin: Theme.gapTiny
        anchors.bottom: keyboard.top
        anchors.bottomMargin: Theme.gapTiny
        width: parent.width

        Words {
            visible: root.kiosk.isContactInvalid
            anchors.left: parent.left
            anchors.right: suggestions.left
            anchors.rightMargin: Theme.gap
            height: Theme.target
            verticalAlignment: Text.AlignVCenter
            color: Theme.problem
            font.weight: Font.DemiBold
            maximumLineCount: 2
            text: Wording.contactError(root.contactField)
        }
        Row {
            id: suggestions

            visible: root.isEmail
            anchors.right: parent.right
            spacing: Theme.gapSmall

            Repeater {
                model: root.kiosk.isContactInvalid ? root.domains.slice(0, 2) : root.domains.slice(0, 4)

                OutlineButton {
                    required property string modelData

                    objectName: "domain-" + modelData
                    text: "@" + modelData
                    focusPolicy: Qt.NoFocus
                    onClicked: {
                        const at = field.text.lastIndexOf("@");
                        field.text = (at < 0 ? field.text : field.text.slice(0, at)) + "@" + modelData;
                    }
                }
            }
        }
    }

    Keyboard {
        id: keyboard

        anchors.bottom: parent.bottom
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.leftMargin: Theme.gapSmall - Theme.margin
        anchors.rightMargin: Theme.gapSmall - Theme.margin
        layout: root.isEmail ? Keyboard.Email : root.kiosk.contactField === KioskViewModel.Phone ? Keyboard.Phone : Keyboard.Text
        onTyped: text => field.insert(text)
        onErased: field.erase()
        onEntered: root.next()
    }
}
