// SPDX-License-Identifier: GPL-3.0-or-later
// A text to type, with its length and the keyboard. What it holds is gone with its page.
import QtQuick
import Tapport.Kiosk
import Tapport.View

Sheet {
    id: root

    required property int maxLength
    readonly property var topics: root.kiosk.sensitiveTopics(edit.text)
    property alias text: edit.text

    //: Button: the text is complete
    closeLabel: qsTr("Done")
    closeName: "textDone"
    onVisibleChanged: {
        if (visible) {
            edit.cursorPosition = edit.length;
            edit.forceActiveFocus();
        }
    }

    Rectangle {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: keyboard.top
        anchors.bottomMargin: Theme.gapSmall
        radius: Theme.radius
        color: Theme.surface
        border.color: Theme.accent
        border.width: Theme.edge

        Flickable {
            anchors.fill: parent
            anchors.margins: Theme.gapSmall
            anchors.rightMargin: counter.width + 2 * Theme.gapSmall
            anchors.bottomMargin: warning.visible ? warning.height + Theme.gapSmall : Theme.gapSmall
            contentHeight: edit.implicitHeight
            contentY: Math.max(0, contentHeight - height)
            clip: true

            TextEdit {
                id: edit

                objectName: "textField"
                width: parent.width
                textFormat: TextEdit.PlainText
                wrapMode: TextEdit.Wrap
                color: Theme.ink
                font.pixelSize: Theme.textBody
                inputMethodHints: Qt.ImhSensitiveData
                onTextChanged: {
                    if (length > root.maxLength) {
                        remove(root.maxLength, length);
                    }
                }

                Accessible.role: Accessible.EditableText
                Accessible.name: root.heading
            }
        }

        Words {
            id: warning

            objectName: "sensitive"
            visible: root.topics.length > 0
            anchors.left: parent.left
            anchors.right: counter.left
            anchors.bottom: parent.bottom
            anchors.leftMargin: Theme.gapSmall
            anchors.bottomMargin: Theme.gapTiny
            color: Theme.problem
            font.weight: Font.DemiBold
            //: Warning under a note while it is written: %1 topics such as "health, religion"
            text: qsTr("Is this about %1? Better leave it out.").arg(root.topics.map(topic => Wording.topic(topic)).join(", "))
        }

        Words {
            id: counter

            anchors.right: parent.right
            anchors.bottom: parent.bottom
            anchors.margins: Theme.gapSmall
            text: root.maxLength - edit.length
            color: Theme.soft
        }
    }

    Keyboard {
        id: keyboard

        anchors.bottom: parent.bottom
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.leftMargin: Theme.gapSmall - Theme.margin
        anchors.rightMargin: Theme.gapSmall - Theme.margin
        layout: Keyboard.Text
        onTyped: text => edit.insert(edit.cursorPosition, text)
        onErased: {
            if (edit.cursorPosition > 0) {
                edit.remove(edit.cursorPosition - 1, edit.cursorPosition);
            }
        }
        onEntered: root.closed()
    }
}
