// SPDX-License-Identifier: GPL-3.0-or-later
// The page's way onward, where there is one: next, confirm, done. Never an answer.
import QtQuick
import Tapport.Kiosk

BaseButton {
    fill: Theme.accent
    fillPressed: Theme.accentPressed
    outline: Theme.accent
    ink: Theme.inkOnAccent
    leftPadding: Theme.gapLarge
    rightPadding: Theme.gapLarge
}
