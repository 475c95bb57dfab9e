// SPDX-License-Identifier: GPL-3.0-or-later
// Tapped again: what is recorded here, who they spoke to, and withdrawing as near as it can be.
pragma ComponentBehavior: Bound

import QtQuick
import Tapport.Kiosk
import Tapport.View

PageFrame {
    id: root

    isTitle: true
    //: Title: what the kiosk holds about this attendee
    heading: qsTr("What is recorded here")
    headerStart: BackButton {
        objectName: "done"
        //: Button: finished reading
        label: qsTr("Done")
        onClicked: root.kiosk.done()
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
                            text: Wording.answer(line.modelData.recorded)
                            font.weight: Font.DemiBold
                        },
                        Item {
                            width: withdraw.width
                            height: withdraw.height

                            OutlineButton {
                                id: withdraw

                                objectName: "withdraw-" + line.modelData.index
                                visible: line.modelData.recorded === AskViewModel.Yes
                                // Smaller to the eye than to the finger: clear of the lines.
                                topInset: Theme.gapTiny
                                bottomInset: Theme.gapTiny
                                //: Button: takes a yes back
                                text: qsTr("Withdraw")
                                //: Name of that button for assistive technology; %1 is the purpose
                                spokenName: qsTr("Withdraw: %1").arg(line.modelData.title)
                                onClicked: root.kiosk.withdrawOne(line.modelData.index)
                            }
                        }
                    ]
                }
            }

            Words {
                visible: root.kiosk.isErased
                width: parent.width
                topPadding: Theme.gapSmall
                //: On a second tap after an erasure
                text: qsTr("Everything about you was erased at your wish. We do not ask you again.")
            }

            Words {
                visible: root.kiosk.isGuessable
                width: parent.width
                topPadding: Theme.gapSmall
                color: Theme.soft
                //: On a second tap with a typed code or a badge without a secret
                text: qsTr("This badge has no secret: contact details and conversations are not shown here.")
            }

            Words {
                visible: root.kiosk.contactSummary.length > 0
                width: parent.width
                topPadding: Theme.gapSmall
                color: Theme.soft
                text: root.kiosk.contactSummary
            }

            Repeater {
                model: root.kiosk.conversations

                ConversationCard {
                    required property ConversationViewModel modelData

                    width: parent.width
                    talk: modelData
                }
            }
        }
    }

    EraseSheet {
        id: eraseSheet

        parent: root
        anchors.fill: parent
        visible: false
        kiosk: root.kiosk
        onClosed: visible = false
        onErased: root.kiosk.erase()
    }

    Row {
        id: buttons

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.gapTiny
        spacing: Theme.gapSmall

        OutlineButton {
            objectName: "withdrawAll"
            visible: root.kiosk.hasRecordedYes
            //: Button: takes every yes back
            text: qsTr("Withdraw all")
            onClicked: root.kiosk.withdrawAll()
        }
        OutlineButton {
            objectName: "changeMine"
            //: Button: goes through the questions again
            text: qsTr("Change")
            //: Name of that button for assistive technology
            spokenName: qsTr("Change answers")
            onClicked: root.kiosk.changeMine()
        }
        OutlineButton {
            objectName: "newReceipt"
            //: Button: a signed copy of what is recorded, as a QR code
            text: qsTr("New receipt")
            onClicked: root.kiosk.newReceipt()
        }
        OutlineButton {
            objectName: "openErase"
            visible: root.kiosk.isErasable
            //: Button: to the page that erases everything about the attendee
            text: qsTr("Erase everything")
            onClicked: eraseSheet.visible = true
        }
    }
}
