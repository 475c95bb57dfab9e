// SPDX-License-Identifier: GPL-3.0-or-later
// What will be asked, and three equal ways to answer: none, one by one, all.
pragma ComponentBehavior: Bound

import QtQuick
import Tapport.Kiosk
import Tapport.View

PageFrame {
    id: root

    readonly property real third: (choices.width - 2 * choices.spacing) / 3

    hasBack: true
    heading: root.kiosk.eventName
    headerExtra: QuietButton {
        objectName: "underAge"
        visible: root.kiosk.minimumAge > 0
        //: Button: a way out for young people; %1 is an age
        text: qsTr("I am under %1").arg(root.kiosk.minimumAge)
        onClicked: root.kiosk.declineUnderAge()
    }

    Words {
        id: title

        width: parent.width
        //: Overview; %1 is the company at the booth
        text: qsTr("May %1 use your details for this?").arg(root.kiosk.controllerName)
        font.pixelSize: Theme.textQuestion
        font.weight: Font.DemiBold
        lineHeight: 0.95
    }

    PagedArea {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: title.bottom
        anchors.topMargin: Theme.gap
        anchors.bottom: choices.top
        anchors.bottomMargin: Theme.gap

        Column {
            width: parent.width

            Repeater {
                model: root.kiosk.asks

                AskLine {
                    required property AskViewModel modelData

                    width: parent.width
                    ask: modelData
                }
            }
        }
    }

    Row {
        id: choices

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.gapSmall
        spacing: Theme.gap

        ChoiceButton {
            objectName: "none"
            width: root.third
            //: One of three equal buttons: no to every question
            text: qsTr("No to all")
            onClicked: root.kiosk.answerNone()
        }
        ChoiceButton {
            objectName: "choose"
            width: root.third
            //: One of three equal buttons: answer each question
            text: qsTr("Let me choose")
            onClicked: root.kiosk.answerChoose()
        }
        ChoiceButton {
            objectName: "all"
            width: root.third
            //: One of three equal buttons: yes to every question
            text: qsTr("Yes to all")
            onClicked: root.kiosk.answerAll()
        }
    }
}
