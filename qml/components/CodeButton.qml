// SPDX-License-Identifier: GPL-3.0-or-later
// The way in for badges and people without NFC.
import QtQuick
import Tapport.Kiosk

QuietButton {
    objectName: "typeCode"
    //: Button: types the badge's code instead of tapping it
    text: qsTr("No NFC? Type the code")
}
