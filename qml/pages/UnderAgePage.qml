// SPDX-License-Identifier: GPL-3.0-or-later
// Too young to be asked: as friendly as any other ending.
import QtQuick
import Tapport.Kiosk

ResultPage {
    id: root

    mark: MarkSketch.Tick
    //: Title after "I am under 16"
    title: qsTr("Thank you for telling us")
    //: After "I am under %1"
    message: qsTr("We ask only people of %1 or older. Nothing was stored. Enjoy the show!").arg(root.kiosk.minimumAge)
    actions: ActionButton {
        objectName: "done"
        //: Button: finished reading
        text: qsTr("Done")
        onClicked: root.kiosk.done()
    }
}
