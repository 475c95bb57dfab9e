// SPDX-License-Identifier: GPL-3.0-or-later
// The kiosk's window: shows the page that the visit is on, and the time-out warning above it.
// Decides nothing.
import QtQuick
import QtQuick.Window
import Tapport.Kiosk
import Tapport.View

Window {
    id: root

    required property KioskViewModel kiosk
    required property StatusViewModel status
    property real pitch: 0.193
    /// What is on the glass now; tests and the screen driver wait for it.
    property string screen
    readonly property string language: root.kiosk.language
    readonly property bool isBusy: root.kiosk.isBusy

    function load() {
        root.screen = root.kiosk.screen;
        page.setSource(Qt.resolvedUrl("pages/" + root.screen + "Page.qml"), {
            "kiosk": root.kiosk,
            "status": root.status
        });
    }

    title: "Tapport"
    color: Theme.paper
    Component.onCompleted: root.load()

    Binding {
        target: Theme
        property: "pitch"
        value: root.pitch
    }

    Connections {
        target: root.kiosk

        function onScreenChanged() {
            if (root.kiosk.isBusy) {
                slow.start();
            } else {
                slow.stop();
                root.load();
            }
        }
        function onForgotten() {
            root.load();
        }
    }

    // A wait that is over before anyone could read it shows no page of its own.
    Timer {
        id: slow

        interval: 250
        onTriggered: root.load()
    }

    Loader {
        id: page

        anchors.fill: parent
        focus: true
    }

    MouseArea {
        anchors.fill: parent
        visible: root.isBusy
    }

    TimeoutWarning {
        anchors.fill: parent
        visible: root.kiosk.isWarning
        kiosk: root.kiosk
    }
}
