// SPDX-License-Identifier: GPL-3.0-or-later
// The attendee said no to everything: as friendly as a yes.
import QtQuick
import Tapport.Kiosk

ResultPage {
    id: root

    mark: MarkSketch.Tick
    //: Title after "no" to everything
    title: qsTr("Your no is saved")
    //: After "no" to everything
    message: qsTr("We noted only that somebody said no. Nothing about you is stored. Enjoy the show!")
    //: After "no" to everything, beside the receipt
    messageWithReceipt: qsTr("We noted only that somebody said no, nothing about you.")
    actions: [
        ActionButton {
            objectName: "done"
            //: Button: finished reading
            text: qsTr("Done")
            onClicked: root.kiosk.done()
        },
        StaffButton {
            onClicked: root.kiosk.openStaff()
        }
    ]
}
