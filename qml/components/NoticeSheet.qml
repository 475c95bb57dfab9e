// SPDX-License-Identifier: GPL-3.0-or-later
// The complete notice, in the same language, from the event file: works offline.
import QtQuick
import Tapport.Kiosk
import Tapport.View

Sheet {
    id: root

    required property AskViewModel ask

    heading: root.ask.title
    //: Button: closes the full notice
    closeLabel: qsTr("Close")
    closeName: "closeNotice"

    PagedArea {
        anchors.fill: parent

        Words {
            width: parent.width
            text: root.ask.fullText
            lineHeight: 1.15
        }
    }
}
