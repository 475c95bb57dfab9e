// SPDX-License-Identifier: GPL-3.0-or-later
// One step back; works on every page that shows it.
import QtQuick
import Tapport.Kiosk

QuietButton {
    //: Button: one step back
    readonly property string label: qsTr("Back")

    objectName: "back"
    text: "\u2039  " + label
    spokenName: label
}
