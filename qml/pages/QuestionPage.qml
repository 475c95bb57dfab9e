// SPDX-License-Identifier: GPL-3.0-or-later
// One purpose on one channel: the question, the first-layer facts, yes and no as equals. Nothing
// is pre-set and nothing but these two buttons answers.
import QtQuick
import Tapport.Kiosk
import Tapport.View

PageFrame {
    id: root

    /// The 10 inch panel has space between the facts.
    readonly property bool isRoomy: height > Theme.mm(110)
    readonly property AskViewModel ask: root.kiosk.currentAsk
    readonly property real half: (answers.width - answers.spacing) / 2

    hasBack: true
    heading: root.kiosk.isChangingOne ?
        //: Step: one answer is being changed
        qsTr("Change this answer") :
        //: Step: question %1 of %2
        qsTr("%1 of %2").arg(root.ask.index + 1).arg(root.kiosk.asks.length)
    headerExtra: QuietButton {
        objectName: "fullNotice"
        //: Button: opens the complete privacy notice
        text: qsTr("Full notice")
        onClicked: notice.visible = true
    }

    Words {
        id: question

        width: parent.width
        text: root.ask.question
        font.pixelSize: Theme.textQuestion
        font.weight: Font.DemiBold
        lineHeight: 0.95
    }

    // The next question begins at its top.
    onAskChanged: facts.toTop()

    PagedArea {
        id: facts

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: question.bottom
        anchors.topMargin: root.isRoomy ? Theme.gap : Theme.gapTiny
        anchors.bottom: answers.top
        anchors.bottomMargin: Theme.gapTiny

        FactList {
            width: parent.width
            spacing: root.isRoomy ? Theme.gapSmall : 0
            ask: root.ask
        }
    }

    Row {
        id: answers

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        spacing: Theme.gap

        ChoiceButton {
            objectName: "no"
            width: root.half
            text: root.ask.noLabel
            onClicked: root.kiosk.answerNo()
        }
        ChoiceButton {
            objectName: "yes"
            width: root.half
            text: root.ask.yesLabel
            onClicked: root.kiosk.answerYes()
        }
    }

    NoticeSheet {
        id: notice

        parent: root
        anchors.fill: parent
        visible: false
        kiosk: root.kiosk
        ask: root.ask
        onClosed: visible = false
    }
}
