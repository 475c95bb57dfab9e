// SPDX-License-Identifier: GPL-3.0-or-later
// The frame of every page: back, a heading or step, the languages; below them the page's content
// within the margins.
import QtQuick
import Tapport.Kiosk
import Tapport.View

Item {
    id: root

    required property KioskViewModel kiosk
    required property StatusViewModel status
    property string heading
    /// The heading is the page's title, not a step or a place.
    property bool isTitle: false
    property bool hasBack: false
    /// StaffPin's pad needs the full height on the right: its header ends before.
    property int headerRight: 0
    default property alias content: body.data
    /// Instead of back.
    property alias headerStart: start.data
    property alias headerExtra: extra.data

    Row {
        id: start

        x: Theme.margin - Theme.gap
        y: Theme.gapTiny

        BackButton {
            visible: root.hasBack
            onClicked: root.kiosk.back()
        }
    }

    Words {
        anchors.left: start.right
        anchors.leftMargin: Theme.gap
        anchors.right: extra.left
        anchors.rightMargin: Theme.gap
        anchors.verticalCenter: languages.verticalCenter
        text: root.kiosk.assistantName.length === 0 ? root.heading :
            //: Heading while staff press for the attendee: %1 the page's heading, %2 the colleague
            qsTr("%1 (%2 presses for you)").arg(root.heading).arg(root.kiosk.assistantName)
        color: root.isTitle ? Theme.ink : Theme.soft
        font.weight: root.isTitle ? Font.DemiBold : Font.Normal
        maximumLineCount: 2
    }

    Row {
        id: extra

        anchors.right: languages.left
        anchors.top: languages.top
    }

    LanguageBar {
        id: languages

        anchors.right: parent.right
        anchors.rightMargin: root.headerRight + Theme.margin - Theme.gap
        y: Theme.gapTiny
        kiosk: root.kiosk
    }

    Item {
        id: body

        anchors.fill: parent
        anchors.topMargin: Theme.target + 2 * Theme.gapTiny
        anchors.leftMargin: Theme.margin
        anchors.rightMargin: Theme.margin
        anchors.bottomMargin: Theme.gap
    }
}
