// SPDX-License-Identifier: GPL-3.0-or-later
// Writing took long enough to say so; nothing is confirmed yet.
import QtQuick
import Tapport.Kiosk

ResultPage {
    mark: MarkSketch.Wait
    //: Shown while the answers are written
    title: qsTr("Saving your answers")
    //: Shown while the answers are written
    message: qsTr("They are not saved yet. This takes a moment.")
}
