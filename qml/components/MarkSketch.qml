// SPDX-License-Identifier: GPL-3.0-or-later
// How it ended, as a shape: a tick, a dash or an exclamation mark in a circle. The words beside it
// say the same.
pragma ComponentBehavior: Bound

import QtQuick
import Tapport.Kiosk

Rectangle {
    id: root

    enum Kind { Tick, Dash, Problem, Wait }

    required property int kind

    implicitWidth: Theme.mm(17)
    implicitHeight: implicitWidth
    radius: width / 2
    color: root.kind === MarkSketch.Problem ? Theme.problem : Theme.accent
    Accessible.ignored: true

    component Stroke: Rectangle {
        height: parent.width * 0.09
        radius: height / 2
        color: Theme.inkOnAccent
        antialiasing: true
    }

    Stroke {
        visible: root.kind === MarkSketch.Tick
        x: root.width * 0.25
        y: root.height * 0.535
        width: root.width * 0.25
        rotation: 45
    }
    Stroke {
        visible: root.kind === MarkSketch.Tick
        x: root.width * 0.35
        y: root.height * 0.46
        width: root.width * 0.45
        rotation: -48
    }
    Stroke {
        visible: root.kind === MarkSketch.Dash
        anchors.centerIn: parent
        width: root.width * 0.44
    }
    Stroke {
        visible: root.kind === MarkSketch.Problem
        anchors.horizontalCenter: parent.horizontalCenter
        y: root.height * 0.22
        width: root.width * 0.1
        height: root.height * 0.36
        radius: width / 2
    }
    Stroke {
        visible: root.kind === MarkSketch.Problem
        anchors.horizontalCenter: parent.horizontalCenter
        y: root.height * 0.66
        width: height
        height: root.height * 0.11
    }
    Row {
        visible: root.kind === MarkSketch.Wait
        anchors.centerIn: parent
        spacing: root.width * 0.09

        Repeater {
            model: 3

            Rectangle {
                width: root.width * 0.11
                height: width
                radius: width / 2
                color: Theme.inkOnAccent
            }
        }
    }
}
