// SPDX-License-Identifier: GPL-3.0-or-later
// Tapped again: a new receipt of what is recorded here.
import QtQuick
import Tapport.Kiosk

ResultPage {
    id: root

    hasBack: true
    mark: root.kiosk.receiptLink.length > 0 ? MarkSketch.Tick : MarkSketch.Problem
    title: root.kiosk.receiptLink.length > 0 ?
        //: Title above a new receipt of what is recorded
        qsTr("Your new receipt") :
        //: Title: a new receipt could not be made
        qsTr("There is no receipt this time")
    message: root.kiosk.receiptLink.length > 0 ? "" :
        //: A new receipt could not be made
        qsTr("What is recorded has not changed. Please try again or ask our staff.")
    actions: ActionButton {
        objectName: "done"
        //: Button: finished reading
        text: qsTr("Done")
        onClicked: root.kiosk.done()
    }
}
