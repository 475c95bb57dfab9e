// SPDX-License-Identifier: GPL-3.0-or-later
// One line of typed text, fed by the on-screen keyboard (or a real one). What it holds is gone
// with its page.
pragma ComponentBehavior: Bound

import QtQuick
import Tapport.Kiosk

Rectangle {
    id: root

    required property string label
    property alias text: input.text
    property bool isWrong: false

    signal accepted

    function insert(text: string) {
        input.insert(input.cursorPosition, text);
    }

    function erase() {
        if (input.selectedText.length > 0) {
            input.remove(input.selectionStart, input.selectionEnd);
        } else if (input.cursorPosition > 0) {
            input.remove(input.cursorPosition - 1, input.cursorPosition);
        }
    }

    implicitHeight: Theme.target
    radius: Theme.radius
    color: Theme.surface
    border.color: root.isWrong ? Theme.problem : Theme.accent
    border.width: root.isWrong ? 2 * Theme.edge : Theme.edge

    TextInput {
        id: input

        anchors.fill: parent
        anchors.leftMargin: Theme.gap
        anchors.rightMargin: Theme.gap
        verticalAlignment: TextInput.AlignVCenter
        clip: true
        focus: true
        color: Theme.ink
        selectionColor: Theme.accentTint
        selectedTextColor: Theme.ink
        font.pixelSize: Theme.textButton
        inputMethodHints: Qt.ImhNoPredictiveText | Qt.ImhSensitiveData
        cursorDelegate: Rectangle {
            visible: input.activeFocus
            width: Theme.edge
            color: Theme.accent
        }
        onAccepted: root.accepted()

        Accessible.role: Accessible.EditableText
        Accessible.name: root.label
    }
}
