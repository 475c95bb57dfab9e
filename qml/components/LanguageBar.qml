// SPDX-License-Identifier: GPL-3.0-or-later
// Every language of the event under its own name, on every page.
pragma ComponentBehavior: Bound

import QtQuick
import Tapport.Kiosk
import Tapport.View

Row {
    id: root

    required property KioskViewModel kiosk

    Repeater {
        model: root.kiosk.languages

        QuietButton {
            id: button

            required property ChoiceViewModel modelData
            readonly property bool isCurrent: modelData.choiceId === root.kiosk.language

            objectName: "language-" + modelData.choiceId
            text: modelData.label
            textWeight: isCurrent ? Font.DemiBold : Font.Normal
            ink: isCurrent ? Theme.ink : Theme.accent
            Accessible.checkable: true
            Accessible.checked: isCurrent
            onClicked: root.kiosk.chooseLanguage(modelData.choiceId)

            Rectangle {
                visible: button.isCurrent
                anchors.bottom: parent.bottom
                anchors.bottomMargin: Theme.gap
                anchors.horizontalCenter: parent.horizontalCenter
                width: parent.width - 2 * Theme.gap
                height: Theme.edge
                color: Theme.ink
            }
        }
    }
}
