// SPDX-License-Identifier: GPL-3.0-or-later
// The staff's small door: on the idle page and right after a visit.
import QtQuick
import Tapport.Kiosk

QuietButton {
    objectName: "staff"
    ink: Theme.soft
    //: Button: the door for the booth's staff
    text: qsTr("Staff")
}
