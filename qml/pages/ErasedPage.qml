// SPDX-License-Identifier: GPL-3.0-or-later
// The demand to erase is on this device for good, and what the kiosk held is gone.
import QtQuick
import Tapport.Kiosk

ResultPage {
    id: root

    mark: MarkSketch.Tick
    //: Title after an erasure
    title: qsTr("Your details are erased here")
    //: After an erasure
    message: qsTr("Erased on this device. Our other systems follow as soon as this reaches them, ahead of everything else.")
    //: After an erasure, beside the receipt
    messageWithReceipt: qsTr("Our other systems follow as soon as this reaches them.")
    actions: ActionButton {
        objectName: "done"
        //: Button: finished reading
        text: qsTr("Done")
        onClicked: root.kiosk.done()
    }
}
