// SPDX-License-Identifier: GPL-3.0-or-later
// A conversation, logged with one hand: two picks first, words only where they are needed. Without
// a yes only the picks are open, and counted without a name.
import QtQuick
import Tapport.Kiosk

PageFrame {
    id: root

    isTitle: true
    property bool isSecondPart: false
    property string note
    property string promise
    property string due: root.dayAhead(7)
    readonly property string dueLabel: {
        for (let index = 0; index < root.kiosk.days.length; ++index) {
            if (root.kiosk.days[index].choiceId === root.due) {
                return root.kiosk.days[index].label;
            }
        }
        return "";
    }

    function dayAhead(count: int): string {
        return root.kiosk.days[count - 1].choiceId;
    }

    function submit() {
        root.kiosk.submitConversation(needs.picked, readiness.picked, root.note, root.promise, root.promise.length > 0 ? root.due : "", owners.picked);
    }

    hasBack: true
    //: Heading of the staff form: %1 is who logs
    heading: qsTr("Conversation, %1").arg(root.kiosk.staffName)
    headerExtra: QuietButton {
        objectName: "assist"
        //: Button: staff press the answers that a visitor speaks
        text: qsTr("Press for a visitor")
        onClicked: root.kiosk.assist()
    }

    Words {
        visible: !root.kiosk.hasVisitToLog
        width: parent.width
        color: Theme.soft
        //: Staff form, nobody was here lately
        text: qsTr("There was no visit in the last minutes. The conversation is counted without a name.")
    }

    PagedArea {
        id: firstPart

        visible: !root.isSecondPart
        anchors.fill: parent
        anchors.topMargin: root.kiosk.hasVisitToLog ? 0 : Theme.target
        anchors.bottomMargin: buttons.height + Theme.gapSmall

        Column {
            width: parent.width
            spacing: Theme.gap

            PickList {
                id: needs

                width: parent.width
                //: Label of a pick-list: what the visitor needs
                label: qsTr("What do they need?")
                namePrefix: "need"
                choices: root.kiosk.needs
            }
            PickList {
                id: readiness

                width: parent.width
                //: Label of a pick-list: how far the visitor is
                label: qsTr("How far are they?")
                namePrefix: "readiness"
                choices: root.kiosk.readiness
            }
        }
    }

    PagedArea {
        visible: root.isSecondPart
        anchors.fill: parent
        anchors.bottomMargin: buttons.height + Theme.gapSmall

        Column {
            width: parent.width
            spacing: Theme.gapSmall

            TextCard {
                width: parent.width
                buttonName: "note"
                //: Label of the note: what staff write is shown to the visitor
                label: qsTr("Note. The visitor can read this.")
                //: Button: opens the keyboard for the note
                placeholder: qsTr("Write a note")
                text: root.note
                onOpened: noteSheet.visible = true
            }
            TextCard {
                width: parent.width
                buttonName: "promise"
                //: Label of the promise: what staff said they would do
                label: qsTr("What did we promise?")
                //: Button: opens the keyboard for the promise
                placeholder: qsTr("Write a promise")
                text: root.promise
                onOpened: promiseSheet.visible = true
            }
            Flow {
                visible: root.promise.length > 0
                width: parent.width
                spacing: Theme.gapSmall

                PickChip {
                    objectName: "due-tomorrow"
                    //: A promise's due date
                    text: qsTr("Tomorrow")
                    isPicked: root.due === root.dayAhead(1)
                    onClicked: root.due = root.dayAhead(1)
                }
                PickChip {
                    objectName: "due-two-days"
                    //: A promise's due date
                    text: qsTr("In 2 days")
                    isPicked: root.due === root.dayAhead(2)
                    onClicked: root.due = root.dayAhead(2)
                }
                PickChip {
                    objectName: "due-week"
                    //: A promise's due date
                    text: qsTr("In a week")
                    isPicked: root.due === root.dayAhead(7)
                    onClicked: root.due = root.dayAhead(7)
                }
                PickChip {
                    readonly property bool isOther: root.due !== root.dayAhead(1) && root.due !== root.dayAhead(2) && root.due !== root.dayAhead(7)

                    objectName: "due-pick"
                    //: A promise's due date: opens a list of days
                    text: isOther ? root.dueLabel : qsTr("Pick a day")
                    isPicked: isOther
                    onClicked: daySheet.visible = true
                }
            }
            PickList {
                id: owners

                visible: root.promise.length > 0
                width: parent.width
                //: Label of a pick-list: which colleague keeps the promise
                label: qsTr("Who keeps it?")
                isLabelled: false
                namePrefix: "owner"
                choices: root.kiosk.colleagues
                picked: root.kiosk.staffId
            }
        }
    }

    Words {
        visible: needs.picked.length === 0
        anchors.left: parent.left
        anchors.right: buttons.left
        anchors.rightMargin: Theme.gap
        anchors.verticalCenter: buttons.verticalCenter
        color: Theme.soft
        //: Staff form: why the conversation cannot be saved yet
        text: qsTr("Pick a need first.")
    }

    Row {
        id: buttons

        anchors.right: parent.right
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.gapTiny
        spacing: Theme.gap

        OutlineButton {
            objectName: "parts"
            visible: root.kiosk.isConversationNamed
            text: root.isSecondPart ?
                //: Button: to the first part of the staff form
                qsTr("Need and readiness") :
                //: Button: to the second part of the staff form
                qsTr("Note and promise")
            onClicked: root.isSecondPart = !root.isSecondPart
        }
        ActionButton {
            objectName: "submit"
            enabled: needs.picked.length > 0
            //: Button: stores the conversation
            text: qsTr("Save conversation")
            onClicked: root.submit()
        }
    }

    TextSheet {
        id: noteSheet

        parent: root
        anchors.fill: parent
        visible: false
        //: Title above the note's keyboard
        heading: qsTr("Note. The visitor can read this.")
        maxLength: root.kiosk.maxNoteLength
        onClosed: {
            root.note = text;
            visible = false;
        }
    }

    TextSheet {
        id: promiseSheet

        parent: root
        anchors.fill: parent
        visible: false
        //: Title above the promise's keyboard
        heading: qsTr("What did we promise? The visitor can read this.")
        maxLength: root.kiosk.maxPromiseLength
        onClosed: {
            root.promise = text;
            visible = false;
        }
    }

    DaySheet {
        id: daySheet

        parent: root
        anchors.fill: parent
        visible: false
        kiosk: root.kiosk
        onClosed: visible = false
        onPicked: day => {
            root.due = day;
            visible = false;
        }
    }
}
