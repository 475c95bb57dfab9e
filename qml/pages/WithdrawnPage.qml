// SPDX-License-Identifier: GPL-3.0-or-later
// The withdrawal is on this device for good.
import QtQuick
import Tapport.Kiosk

ResultPage {
    id: root

    mark: MarkSketch.Tick
    //: Title after a withdrawal
    title: qsTr("Your consent is withdrawn")
    //: After a withdrawal
    message: qsTr("Saved on this device. It is sent ahead of everything else, and wins over a yes given elsewhere meanwhile.")
    //: After a withdrawal, beside the receipt
    messageWithReceipt: qsTr("Your withdrawal wins over a yes given elsewhere meanwhile.")
    actions: ActionButton {
        objectName: "done"
        //: Button: finished reading
        text: qsTr("Done")
        onClicked: root.kiosk.done()
    }
}
