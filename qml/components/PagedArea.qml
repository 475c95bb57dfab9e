// SPDX-License-Identifier: GPL-3.0-or-later
// Content that may be longer than its place: a button turns the page, so that nobody has to guess
// that there is more. A page ends below a whole row, never in the middle of one. Nothing is
// concluded from turning it.
import QtQuick
import Tapport.Kiosk

Item {
    id: root

    default property alias content: holder.data
    readonly property bool isLong: holder.childrenRect.height > root.height + 1
    readonly property bool isAtEnd: root.pageEnd >= holder.childrenRect.height - 1
    /// Where the page begins and ends, in the content's own height.
    property real pageStart: 0
    readonly property real pageEnd: root.isLong ? root.endOfPage(root.pageStart) : root.height

    /// The lowest end of a row (a child of the content) that is whole on a page from `start` on; a
    /// row that is taller than the page is cut.
    function endOfPage(start: real): real {
        const limit = start + root.height - Theme.target - Theme.gapTiny;
        let end = start;
        for (let i = 0; i < holder.children.length; ++i) {
            const block = holder.children[i];
            for (let j = 0; j < block.children.length; ++j) {
                const row = block.children[j];
                const bottom = block.y + row.y + row.height;
                if (row.visible && bottom <= limit + 1)
                    end = Math.max(end, bottom);
            }
        }
        return end > start ? end : limit;
    }

    function toTop() {
        root.pageStart = 0;
    }

    implicitHeight: holder.childrenRect.height

    Item {
        width: parent.width
        height: root.pageEnd - root.pageStart
        clip: root.isLong

        Item {
            id: holder

            y: -root.pageStart
            width: parent.width
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
        onClicked: root.pageStart = root.isAtEnd ? 0 : root.pageEnd
    }
}
