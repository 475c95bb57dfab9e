// SPDX-License-Identifier: GPL-3.0-or-later
// One step back, on the left of every header that has one; pages and sheets may name it otherwise.
import QtQuick
import Tapport.Kiosk

QuietButton {
    //: Button: one step back
    property string label: qsTr("Back")

    objectName: "back"
    text: "\u2039  " + label
    spokenName: label
}
