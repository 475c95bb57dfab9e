// SPDX-License-Identifier: GPL-3.0-or-later
// The organiser took this kiosk out of use: where attendees go instead, and what staff do with it.
import QtQuick
import Tapport.Kiosk

PageFrame {
    id: root

    heading: root.kiosk.eventName

    Row {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.topMargin: Theme.gapLarge
        spacing: Theme.gapLarge

        MarkSketch {
            id: sketch

            kind: MarkSketch.Dash
        }
        Column {
            width: parent.width - sketch.width - parent.spacing
            spacing: Theme.gap

            Words {
                width: parent.width
                //: Title: the kiosk may not be used any more
                text: qsTr("This kiosk is closed")
                font.pixelSize: Theme.textQuestion
                font.weight: Font.DemiBold
            }
            Words {
                width: parent.width
                //: To attendees at a closed kiosk
                text: qsTr("Please use another one, or speak to our staff: you can agree, look or withdraw there. Your answers so far are safe.")
                color: Theme.soft
                lineHeight: 1.15
            }
        }
    }

    Column {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        spacing: Theme.gap

        Words {
            width: parent.width
            font.weight: Font.DemiBold
            //: To staff at a closed kiosk: title of what to do
            text: qsTr("For staff: the organiser has revoked this kiosk.")
        }
        Words {
            width: parent.width
            text: root.status.waiting > 0 ?
                //: To staff at a closed kiosk; %1 records are not in the hub
                qsTr("%1 records are still on it, sealed. Do not erase it: the organiser takes them from it.").arg(root.status.waiting) :
                //: To staff at a closed kiosk
                qsTr("All its records are in the hub. Give it to the organiser.")
        }
        StatusLine {
            width: parent.width
            status: root.status
        }
    }
}
