// SPDX-License-Identifier: GPL-3.0-or-later
import QtQuick
import QtTest
import Tapport.Kiosk

Item {
    id: root

    width: 800
    height: 480

    Component {
        id: keyboardComponent

        Keyboard {
            property string received

            width: 784
            onTyped: text => received += text
            onErased: received = received.slice(0, -1)
            onEntered: received += "\n"
        }
    }

    Component {
        id: padComponent

        PinPad {
            property string received

            onTyped: digit => received += digit
            onErased: received = received.slice(0, -1)
            onEntered: received += "."
        }
    }

    Component {
        id: fieldComponent

        EntryField {
            width: 300
            label: "Field"
        }
    }

    TestCase {
        name: "Components"
        when: windowShown

        function pressNamed(parent: Item, name: string) {
            const item = findChild(parent, name);
            verify(item, name);
            waitForRendering(item);
            mouseClick(item);
        }

        function test_keyboardTypesAnAddress() {
            const keyboard = createTemporaryObject(keyboardComponent, root, {
                layout: Keyboard.Email
            });
            for (const name of ["key-a", "key-1", "key-at", "key-b", "key-dot", "key-c", "key-d", "key-backspace"]) {
                pressNamed(keyboard, name);
            }
            compare(keyboard.received, "a1@b.c");
        }

        function test_keyboardShiftsOneLetter() {
            const keyboard = createTemporaryObject(keyboardComponent, root, {
                layout: Keyboard.Text
            });
            for (const name of ["key-shift", "key-ä", "key-m", "key-space", "key-symbols", "key-7", "key-enter"]) {
                pressNamed(keyboard, name);
            }
            compare(keyboard.received, "Äm 7\n");
        }

        function test_padTypesAndErases() {
            const pad = createTemporaryObject(padComponent, root);
            for (const name of ["pin-1", "pin-9", "pin-erase", "pin-0", "pin-ok"]) {
                pressNamed(pad, name);
            }
            compare(pad.received, "10.");
        }

        function test_fieldKeepsMarkupAsText() {
            const field = createTemporaryObject(fieldComponent, root);
            field.insert("<b>x</b>");
            field.erase();
            compare(field.text, "<b>x</b");
        }
    }
}
