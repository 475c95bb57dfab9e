// SPDX-License-Identifier: GPL-3.0-or-later
// Looking for an earlier visit took long enough to say so.
import QtQuick
import Tapport.Kiosk

ResultPage {
    mark: MarkSketch.Wait
    //: Shown while the badge's earlier answers are looked up
    title: qsTr("One moment, please")
    //: Shown while the badge's earlier answers are looked up
    message: qsTr("We look up your earlier answers. You can take your badge away now.")
}
