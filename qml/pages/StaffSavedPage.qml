// SPDX-License-Identifier: GPL-3.0-or-later
// The conversation is on this device for good.
import QtQuick
import Tapport.Kiosk

ResultPage {
    id: root

    mark: MarkSketch.Tick
    //: Title after staff logged a conversation
    title: qsTr("Conversation saved")
    message: root.kiosk.isConversationNamed ?
        //: After staff logged a conversation
        qsTr("The visitor can read it after the next tap.") :
        //: After staff logged a conversation with somebody who did not say yes
        qsTr("Counted without a name.")
    actions: ActionButton {
        objectName: "done"
        //: Button: finished reading
        text: qsTr("Done")
        onClicked: root.kiosk.done()
    }

    StatusLine {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.rightMargin: Theme.mainTarget + Theme.gapLarge
        anchors.bottom: parent.bottom
        status: root.status
    }
}
