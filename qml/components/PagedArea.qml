// SPDX-License-Identifier: GPL-3.0-or-later
// Content that may be longer than its place: a button turns the page, so that nobody has to guess
// that there is more. Nothing is concluded from turning it.
import QtQuick
import Tapport.Kiosk

Item {
    id: root

    default property alias content: holder.data
    readonly property bool isLong: holder.childrenRect.height > root.height + 1
    readonly property bool isAtEnd: flickable.contentY >= flickable.contentHeight - flickable.height - 1

    implicitHeight: holder.childrenRect.height

    Flickable {
        id: flickable

        width: parent.width
        height: root.isLong ? parent.height - Theme.target : parent.height
        contentHeight: holder.childrenRect.height
        interactive: root.isLong
        boundsBehavior: Flickable.StopAtBounds
        clip: root.isLong

        Item {
            id: holder

            width: flickable.width
            height: childrenRect.height
        }
    }

    Rectangle {
        visible: root.isLong
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.target
        width: parent.width
        height: Theme.hair
        color: Theme.line
    }

    QuietButton {
        objectName: "more"
        visible: root.isLong
        anchors.bottom: parent.bottom
        width: parent.width
        //: Button below a text that is longer than the screen: turns the page
        text: root.isAtEnd ? qsTr("Back to the top") : qsTr("Show more")
        onClicked: {
            const last = flickable.contentHeight - flickable.height;
            flickable.contentY = root.isAtEnd ? 0 : Math.min(last, flickable.contentY + flickable.height - Theme.textQuestion);
        }
    }
}
