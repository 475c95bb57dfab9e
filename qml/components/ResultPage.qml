// SPDX-License-Identifier: GPL-3.0-or-later
// How something ended or what to do next: a shape, one sentence, a few words more, one or two
// ways onward at the bottom.
import QtQuick
import Tapport.Kiosk

PageFrame {
    id: root

    required property int mark
    required property string title
    property string message
    property alias actions: buttons.data

    Row {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        anchors.verticalCenterOffset: -Theme.target / 2
        spacing: Theme.gapLarge

        MarkSketch {
            id: sketch

            kind: root.mark
        }
        Column {
            width: parent.width - sketch.width - parent.spacing
            spacing: Theme.gap

            Words {
                width: parent.width
                text: root.title
                font.pixelSize: Theme.textQuestion
                font.weight: Font.DemiBold
            }
            Words {
                visible: text.length > 0
                width: parent.width
                text: root.message
                color: Theme.soft
                lineHeight: 1.15
            }
        }
    }

    Row {
        id: buttons

        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.gapSmall
        anchors.right: parent.right
        spacing: Theme.gap
        layoutDirection: Qt.RightToLeft
    }
}
