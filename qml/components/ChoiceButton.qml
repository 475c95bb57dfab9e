// SPDX-License-Identifier: GPL-3.0-or-later
// A main choice: yes, no, none, choose, all. There is one kind only, so that no choice can look
// heavier than another.
import QtQuick
import Tapport.Kiosk

BaseButton {
    implicitHeight: Theme.mainTarget
    ink: Theme.accent
    outline: Theme.accent
    textSize: Theme.textButton
}
