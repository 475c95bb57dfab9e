// SPDX-License-Identifier: GPL-3.0-or-later
// Every answer, each changeable with one tap, before anything is stored.
pragma ComponentBehavior: Bound

import QtQuick
import Tapport.Kiosk
import Tapport.View

PageFrame {
    id: root

    readonly property real half: (buttons.width - buttons.spacing) / 2

    isTitle: true
    hasBack: true
    //: Title of the summary
    heading: qsTr("Your answers")
    headerExtra: QuietButton {
        objectName: "correctContact"
        visible: root.kiosk.contactSummary.length > 0
        //: Button: goes through the details that are stored with a yes
        text: qsTr("Change details")
        //: Name of that button for assistive technology
        spokenName: qsTr("Change my details")
        onClicked: root.kiosk.correctContact()
    }

    PagedArea {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: buttons.top
        anchors.bottomMargin: Theme.gapSmall

        Column {
            width: parent.width

            Repeater {
                model: root.kiosk.asks

                AskLine {
                    id: line

                    required property AskViewModel modelData

                    width: parent.width
                    ask: modelData
                    isTall: true
                    // Four answers are seen at once on the 7 inch panel.
                    breathing: root.kiosk.asks.length > 3 ? 0 : Theme.gapTiny
                    trailing: [
                        Words {
                            anchors.verticalCenter: parent ? parent.verticalCenter : undefined
                            text: Wording.answer(line.modelData.answer)
                            font.pixelSize: Theme.textButton
                            font.weight: Font.DemiBold
                        },
                        QuietButton {
                            objectName: "change-" + line.modelData.index
                            //: Button beside an answer
                            text: qsTr("Change")
                            //: Name of that button for assistive technology; %1 is the purpose
                            spokenName: qsTr("Change: %1").arg(line.modelData.title)
                            onClicked: root.kiosk.changeAnswer(line.modelData.index)
                        }
                    ]
                }
            }

            Words {
                visible: root.kiosk.contactSummary.length > 0
                width: parent.width
                topPadding: Theme.gapSmall
                color: Theme.soft
                //: Summary: details that are stored with a yes, masked
                text: qsTr("With a yes: %1").arg(root.kiosk.contactSummary)
            }
        }
    }

    Row {
        id: buttons

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        spacing: Theme.gap

        ChoiceButton {
            objectName: "cancel"
            width: root.half
            //: Button: leave, nothing is stored
            text: qsTr("Leave without saving")
            onClicked: root.kiosk.cancel()
        }
        ChoiceButton {
            objectName: "confirm"
            width: root.half
            //: Button: stores the answers as listed
            text: qsTr("Save my answers")
            onClicked: root.kiosk.confirm()
        }
    }
}
