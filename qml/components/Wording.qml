// SPDX-License-Identifier: GPL-3.0-or-later
// Words that several pages share.
pragma Singleton

import QtQuick
import Tapport.View

QtObject {
    function channel(id: string): string {
        switch (id) {
        case "email":
            //: Channel: how the attendee is reached
            return qsTr("by e-mail");
        case "phone":
            //: Channel
            return qsTr("by phone");
        case "sms":
            //: Channel
            return qsTr("by text message");
        case "post":
            //: Channel
            return qsTr("by post");
        default:
            //: Channel
            return qsTr("by messenger");
        }
    }

    function topic(id: string): string {
        switch (id) {
        case "health":
            //: A sensitive topic in a note
            return qsTr("health");
        case "politics":
            //: A sensitive topic in a note
            return qsTr("politics");
        case "religion":
            //: A sensitive topic in a note
            return qsTr("religion");
        case "ethnicity":
            //: A sensitive topic in a note
            return qsTr("ethnic origin");
        case "union":
            //: A sensitive topic in a note
            return qsTr("trade unions");
        default:
            //: A sensitive topic in a note
            return qsTr("insults");
        }
    }

    function answer(value: int): string {
        switch (value) {
        case AskViewModel.Yes:
            //: An answer in a list
            return qsTr("Yes");
        case AskViewModel.No:
            //: An answer in a list
            return qsTr("No");
        default:
            //: In a list: nothing was answered
            return qsTr("No answer");
        }
    }
}
