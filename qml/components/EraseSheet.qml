// SPDX-License-Identifier: GPL-3.0-or-later
// What erasing means, before it is done: it cannot be taken back.
import QtQuick
import Tapport.Kiosk

Sheet {
    id: root

    signal erased

    //: Title: before everything about the attendee is erased
    heading: qsTr("Erase everything about you?")
    //: Button: leaves things as they are
    closeLabel: qsTr("Back")
    closeName: "closeErase"

    PagedArea {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: erase.top
        anchors.bottomMargin: Theme.gap

        Column {
            width: parent.width
            spacing: Theme.gap

            Words {
                width: parent.width
                //: What erasing does
                text: qsTr("Your contact details and all notes are deleted: on this kiosk at once, everywhere else as soon as this arrives there. Every yes ends.")
            }
            Words {
                width: parent.width
                color: Theme.soft
                //: What remains after erasing
                text: qsTr("What stays is the proof of your answers, without your name, and a scrambled mark so that nobody writes to you by mistake.")
            }
        }
    }

    ChoiceButton {
        id: erase

        objectName: "erase"
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.gapSmall
        width: parent.width
        //: Button: erases everything about the attendee
        text: qsTr("Erase everything")
        onClicked: root.erased()
    }
}
