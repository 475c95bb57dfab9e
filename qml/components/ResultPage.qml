// SPDX-License-Identifier: GPL-3.0-or-later
// How something ended or what to do next: a shape, one sentence, a few words more, one or two
// ways onward at the bottom. With a receipt to take along, that stands on the right.
import QtQuick
import Tapport.Kiosk

PageFrame {
    id: root

    required property int mark
    required property string title
    property string message
    /// Instead of `message` where there is a receipt to scan, which takes most of the page.
    property string messageWithReceipt
    property alias actions: buttons.data
    readonly property bool hasReceipt: root.kiosk.receiptLink.length > 0
    readonly property bool isRoomy: height > Theme.mm(110)

    headerRight: root.hasReceipt ? code.width : 0

    Grid {
        anchors.left: parent.left
        anchors.verticalCenter: parent.verticalCenter
        anchors.verticalCenterOffset: -Theme.target / 2
        width: parent.width - (root.hasReceipt ? code.width + Theme.gap : 0)
        columns: root.hasReceipt ? 1 : 2
        spacing: root.hasReceipt ? Theme.gapSmall : Theme.gapLarge
        verticalItemAlignment: Grid.AlignVCenter

        MarkSketch {
            id: sketch

            visible: !root.hasReceipt || root.isRoomy
            kind: root.mark
        }
        Column {
            width: parent.width - (root.hasReceipt ? 0 : sketch.width + parent.spacing)
            spacing: root.hasReceipt ? Theme.gapSmall : Theme.gap

            Words {
                width: parent.width
                text: root.title
                font.pixelSize: root.hasReceipt && !root.isRoomy ? Theme.textButton : Theme.textQuestion
                font.weight: Font.DemiBold
            }
            Words {
                visible: text.length > 0
                width: parent.width
                text: root.hasReceipt ? root.messageWithReceipt : root.message
                color: Theme.soft
                lineHeight: 1.15
            }
            Words {
                visible: root.hasReceipt
                width: parent.width
                //: Beside the QR code of a receipt
                text: qsTr("Scan the code with your phone: your signed receipt for this.")
            }
            Words {
                visible: root.hasReceipt
                width: parent.width
                color: Theme.soft
                //: Beside the QR code of a receipt made before the central system knows of it
                text: qsTr("It is provisional until our server has confirmed it.")
            }
        }
    }

    Row {
        id: buttons

        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.gapSmall
        anchors.left: root.hasReceipt ? parent.left : undefined
        anchors.right: root.hasReceipt ? undefined : parent.right
        spacing: Theme.gap
        layoutDirection: root.hasReceipt ? Qt.LeftToRight : Qt.RightToLeft
    }

    ReceiptCode {
        id: code

        parent: root
        link: root.kiosk.receiptLink
    }
}
