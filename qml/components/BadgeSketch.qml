// SPDX-License-Identifier: GPL-3.0-or-later
// A badge held to the reader, out of plain rectangles: no image files, no animation.
pragma ComponentBehavior: Bound

import QtQuick
import Tapport.Kiosk

Item {
    id: root

    implicitWidth: Theme.mm(46)
    implicitHeight: Theme.mm(46)
    Accessible.ignored: true

    Rectangle {
        id: reader

        anchors.right: parent.right
        width: parent.width * 0.82
        height: width
        radius: width * 0.12
        color: Theme.accent

        Repeater {
            model: 3

            Rectangle {
                required property int index

                anchors.centerIn: parent
                width: reader.width * (0.3 + 0.22 * index)
                height: width
                radius: width / 2
                color: "transparent"
                border.color: Theme.inkOnAccent
                border.width: Theme.edge
                opacity: 1 - 0.3 * index
            }
        }
    }

    Rectangle {
        anchors.left: parent.left
        anchors.bottom: parent.bottom
        width: parent.width * 0.46
        height: parent.height * 0.62
        radius: width * 0.09
        color: Theme.surface
        border.color: Theme.ink
        border.width: Theme.edge

        Rectangle {
            anchors.horizontalCenter: parent.horizontalCenter
            y: parent.height * 0.07
            width: parent.width * 0.3
            height: parent.height * 0.06
            radius: height / 2
            color: Theme.ink
        }
        Rectangle {
            x: parent.width * 0.14
            y: parent.height * 0.3
            width: parent.width * 0.58
            height: parent.height * 0.1
            color: Theme.ink
        }
        Rectangle {
            x: parent.width * 0.14
            y: parent.height * 0.47
            width: parent.width * 0.72
            height: parent.height * 0.05
            color: Theme.outline
        }
        Rectangle {
            x: parent.width * 0.14
            y: parent.height * 0.57
            width: parent.width * 0.5
            height: parent.height * 0.05
            color: Theme.outline
        }
        Rectangle {
            x: parent.width * 0.14
            y: parent.height * 0.8
            width: parent.width * 0.24
            height: width
            radius: width / 2
            visible: y + height < parent.height * 0.95
            color: Theme.accent
        }
    }
}
