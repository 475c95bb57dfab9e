// SPDX-License-Identifier: GPL-3.0-or-later
// Nothing was confirmed; the answers are still here to try again.
import QtQuick
import Tapport.Kiosk

ResultPage {
    id: root

    mark: MarkSketch.Problem
    //: Title when storing failed
    title: qsTr("Your answers are not saved")
    //: When storing failed: what to do
    message: qsTr("Please try again. If it does not work, tell the staff. Until it is saved, nothing about you is stored.")
    actions: [
        ActionButton {
            objectName: "retry"
            //: Button: store once more
            text: qsTr("Try again")
            onClicked: root.kiosk.retry()
        },
        OutlineButton {
            objectName: "cancel"
            //: Button: leave, nothing is stored
            text: qsTr("Leave without saving")
            onClicked: root.kiosk.cancel()
        }
    ]
}
