// SPDX-License-Identifier: GPL-3.0-or-later
// Digits at 20 mm each. Tells what was pressed; keeps nothing.
pragma ComponentBehavior: Bound

import QtQuick
import Tapport.Kiosk

Grid {
    id: root

    signal typed(string digit)
    signal erased
    signal entered

    columns: 3
    spacing: Theme.gapSmall

    component Key: BaseButton {
        width: Theme.mainTarget
        height: Theme.mainTarget
        focusPolicy: Qt.NoFocus
        outline: Theme.line
        textSize: Theme.textQuestion
        textWeight: Font.Medium
    }

    Repeater {
        model: 9

        Key {
            required property int index

            objectName: "pin-" + (index + 1)
            text: index + 1
            onClicked: root.typed(text)
        }
    }
    Key {
        objectName: "pin-erase"
        text: "⌫"
        //: Name of a key
        spokenName: qsTr("Delete")
        onClicked: root.erased()
    }
    Key {
        objectName: "pin-0"
        text: "0"
        onClicked: root.typed(text)
    }
    Key {
        objectName: "pin-ok"
        fill: Theme.accent
        fillPressed: Theme.accentPressed
        outline: Theme.accent
        ink: Theme.inkOnAccent
        textSize: Theme.textButton
        //: Key below the PIN
        text: qsTr("OK")
        onClicked: root.entered()
    }
}
