// SPDX-License-Identifier: GPL-3.0-or-later
// The kiosk's own keyboard: four rows, every key as large as a finger. It tells what was pressed
// and keeps nothing.
pragma ComponentBehavior: Bound

import QtQuick
import Tapport.Kiosk

Item {
    id: root

    enum Layout { Email, Phone, Text }

    required property int layout
    property bool isShifted: false
    property bool isSymbols: false
    readonly property int columns: root.layout === Keyboard.Phone ? 4 : 11
    readonly property real unit: Math.min(Theme.mainTarget, (width - (columns - 1) * rows.spacing) / columns)

    signal typed(string text)
    signal erased
    signal entered

    function keys(row: int): string {
        //: Keyboard row: ten letters
        const upper = qsTr("qwertyuiop");
        //: Keyboard row: nine letters
        const middle = qsTr("asdfghjkl");
        //: Keyboard row: seven letters
        const lower = qsTr("zxcvbnm");
        const last = "⌨,␣.-⏎";
        switch (root.layout) {
        case Keyboard.Email:
            return ["1234567890⌫", upper + "@", middle + "-_", lower + "+.⏎"][row];
        case Keyboard.Phone:
            return ["123⌫", "456+", "789/", "-0␣⏎"][row];
        default:
            return root.isSymbols ? ["1234567890%", "@&/():;\"'!?", "+*=#€$_<>⌫", last][row] : [upper + "ü", middle + "öä", "⇧" + lower + "ß⌫", last][row];
        }
    }

    /// How many columns a key takes.
    function span(key: string): int {
        if (root.layout === Keyboard.Phone) {
            return 1;
        }
        switch (key) {
        case "␣":
            return 4;
        case "⏎":
        case "⌨":
            return 2;
        case "⌫":
            return root.layout === Keyboard.Text && root.isSymbols ? 2 : root.layout === Keyboard.Text ? 2 : 1;
        default:
            return 1;
        }
    }

    /// Stable names for keys whose character is no name.
    function keyName(key: string): string {
        const names = {
            "@": "at",
            ".": "dot",
            ",": "comma",
            "-": "minus",
            "_": "underscore",
            "+": "plus",
            "␣": "space",
            "⌫": "backspace",
            "⏎": "enter",
            "⇧": "shift",
            "⌨": "symbols"
        };
        return names[key] ?? key;
    }

    function spoken(key: string): string {
        switch (key) {
        case "␣":
            //: Name of a key
            return qsTr("Space");
        case "⌫":
            //: Name of a key
            return qsTr("Delete");
        case "⏎":
            //: Name of a key
            return qsTr("Enter");
        case "⇧":
            //: Name of a key
            return qsTr("Capital letters");
        case "⌨":
            //: Name of a key: digits and signs
            return qsTr("Digits and signs");
        default:
            return key;
        }
    }

    function caption(key: string): string {
        switch (key) {
        case "␣":
            return " ";
        case "⌨":
            return root.isSymbols ? "abc" : "123";
        default:
            return root.isShifted && key !== "ß" ? key.toUpperCase() : key;
        }
    }

    function press(key: string) {
        switch (key) {
        case "⌫":
            root.erased();
            break;
        case "⏎":
            root.entered();
            break;
        case "⇧":
            root.isShifted = !root.isShifted;
            break;
        case "⌨":
            root.isSymbols = !root.isSymbols;
            root.isShifted = false;
            break;
        case "␣":
            root.typed(" ");
            break;
        default:
            root.typed(root.caption(key));
            root.isShifted = false;
        }
    }

    implicitHeight: rows.implicitHeight

    Column {
        id: rows

        anchors.horizontalCenter: parent.horizontalCenter
        spacing: Theme.gapTiny

        Repeater {
            model: 4

            Row {
                id: line

                required property int index

                spacing: rows.spacing

                Repeater {
                    model: Array.from(root.keys(line.index))

                    BaseButton {
                        id: key

                        required property string modelData

                        objectName: "key-" + root.keyName(modelData)
                        width: root.unit * root.span(modelData) + rows.spacing * (root.span(modelData) - 1)
                        leftPadding: 0
                        rightPadding: 0
                        height: Theme.target
                        focusPolicy: Qt.NoFocus
                        outline: Theme.line
                        textWeight: Font.Medium
                        text: root.caption(modelData)
                        spokenName: root.spoken(modelData)
                        autoRepeat: modelData === "⌫"
                        fill: modelData === "⇧" && root.isShifted ? Theme.accentTint : Theme.surface
                        onClicked: root.press(modelData)
                    }
                }
            }
        }
    }
}
