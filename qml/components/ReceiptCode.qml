// SPDX-License-Identifier: GPL-3.0-or-later
// The attendee's signed receipt as a QR code, at the glass's right edge and as large as its height
// allows. On a screen too narrow for it, it shrinks by whole pixels a module.
import QtQuick
import Tapport.Kiosk
import Tapport.View

QrCode {
    id: root

    objectName: "receiptCode"
    visible: root.link.length > 0
    anchors.right: parent.right
    anchors.rightMargin: Theme.gapSmall
    y: Math.floor((parent.height - height) / 2)
    side: Math.min(parent.height - 2 * Theme.gapTiny, parent.width * 0.6)
    Accessible.role: Accessible.Graphic
    //: For assistive technology: the QR code with the attendee's receipt
    Accessible.name: qsTr("Your receipt as a QR code")
}
