// SPDX-License-Identifier: GPL-3.0-or-later
// The answers are on this device for good.
import QtQuick
import Tapport.Kiosk

ResultPage {
    id: root

    mark: MarkSketch.Tick
    //: Title after the answers were stored
    title: qsTr("Your answers are saved")
    //: After the answers were stored: offline and online alike
    message: qsTr("Saved on this device. We send them on by ourselves. To change or withdraw an answer, tap your badge again.")
    //: After the answers were stored, beside the receipt
    messageWithReceipt: qsTr("To change or withdraw an answer, tap your badge again.")
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
