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

    /// What is wrong with a clock that is so many minutes ahead of the hub's; 0: it was never set.
    function clock(minutes: int): string {
        const hours = Math.round(Math.abs(minutes) / 60);
        if (minutes === 0) {
            //: Status: the clock was never set; %1 is what it shows
            return qsTr("Clock not set: %1");
        }
        if (hours > 48) {
            //: Status: the clock shows another day than the hub's; %1 is what it shows
            return qsTr("Clock days off: %1");
        }
        if (Math.abs(minutes) < 120) {
            return (minutes < 0 ?
                    //: Status: the clock is %2 minutes behind the hub's; %1 is what it shows
                    qsTr("Clock %2 min behind: %1") :
                    //: Status: the clock is %2 minutes ahead of the hub's; %1 is what it shows
                    qsTr("Clock %2 min ahead: %1")).replace("%2", Math.abs(minutes));
        }
        return (minutes < 0 ?
                //: Status: the clock is %2 hours behind the hub's; %1 is what it shows
                qsTr("Clock %2 h behind: %1") :
                //: Status: the clock is %2 hours ahead of the hub's; %1 is what it shows
                qsTr("Clock %2 h ahead: %1")).replace("%2", hours);
    }

    function contactTitle(field: int): string {
        switch (field) {
        case KioskViewModel.Email:
            //: Title above a field
            return qsTr("Your e-mail address");
        case KioskViewModel.Phone:
            //: Title above a field
            return qsTr("Your phone number");
        case KioskViewModel.Address:
            //: Title above a field
            return qsTr("Your postal address");
        case KioskViewModel.Name:
            //: Title above a field
            return qsTr("Your name");
        default:
            //: Title above a field
            return qsTr("Your company");
        }
    }

    function contactError(field: int): string {
        switch (field) {
        case KioskViewModel.Email:
            //: Error beside the field
            return qsTr("Please check the address.");
        case KioskViewModel.Phone:
            //: Error beside the field
            return qsTr("Please enter the number with its area code.");
        case KioskViewModel.Address:
            //: Error beside the field
            return qsTr("Please enter street, postcode and town.");
        default:
            //: Error beside a field for a name
            return qsTr("Please enter a name.");
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
