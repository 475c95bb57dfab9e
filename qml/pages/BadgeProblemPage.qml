// SPDX-License-Identifier: GPL-3.0-or-later
// A badge that could not be used, or what it stands for: what to do, in one sentence.
import QtQuick
import Tapport.Kiosk
import Tapport.View

ResultPage {
    id: root

    mark: MarkSketch.Problem
    title: {
        switch (root.kiosk.badgeTrouble) {
        case KioskViewModel.Empty:
            //: Badge problem, title: the chip holds nothing
            return qsTr("This badge is empty");
        case KioskViewModel.Malformed:
            //: Badge problem, title: the chip holds something damaged
            return qsTr("We cannot read this badge");
        case KioskViewModel.TooSoon:
            //: Badge problem, title: pulled away while reading
            return qsTr("That was a little too quick");
        case KioskViewModel.Several:
            //: Badge problem, title: two cards at once
            return qsTr("Several cards at once");
        case KioskViewModel.NotOurs:
            //: Badge problem, title: a badge of another event
            return qsTr("This badge is not from this event");
        case KioskViewModel.LookUpFailed:
            //: Badge problem, title: what is recorded about this badge cannot be read
            return qsTr("We cannot open your answers now");
        default:
            //: Badge problem, title: some other card
            return qsTr("We do not know this card");
        }
    }
    message: {
        switch (root.kiosk.badgeTrouble) {
        case KioskViewModel.TooSoon:
            //: Badge problem, what to do
            return qsTr("Hold your badge still on the reader until you see the next screen.");
        case KioskViewModel.Several:
            //: Badge problem, what to do
            return qsTr("Hold your badge alone on the reader, away from other cards.");
        case KioskViewModel.Empty:
        case KioskViewModel.Malformed:
            //: Badge problem, what to do
            return qsTr("Please ask at the registration desk for a new badge. Nothing was stored.");
        case KioskViewModel.LookUpFailed:
            //: Badge problem, what to do
            return qsTr("They stay as they were. Please try again, or ask our staff.");
        default:
            //: Badge problem, what to do
            return qsTr("Please use the badge of this event. Nothing was stored.");
        }
    }
    actions: [
        ActionButton {
            objectName: "done"
            //: Button: understood
            text: qsTr("OK")
            onClicked: root.kiosk.done()
        },
        CodeButton {
            visible: root.kiosk.badgeTrouble !== KioskViewModel.LookUpFailed
            onClicked: root.kiosk.typeCode()
        }
    ]
}
