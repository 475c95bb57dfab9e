// SPDX-License-Identifier: GPL-3.0-or-later
// For staff, in one discreet line: are all records safe, does every part work. Trouble is said in
// words and in weight, not in colour alone.
import QtQuick
import Tapport.Kiosk
import Tapport.View

Flow {
    id: root

    required property StatusViewModel status

    spacing: Theme.mm(3)
    Accessible.role: Accessible.StatusBar
    //: Name of the status line for assistive technology
    Accessible.name: qsTr("Status for staff")

    component Part: Words {
        property bool isTrouble: false

        font.pixelSize: Theme.textStatus
        font.weight: isTrouble ? Font.DemiBold : Font.Normal
        color: isTrouble ? Theme.problem : Theme.soft
        wrapMode: Text.NoWrap
    }

    Part {
        //: Status: number of records not yet acknowledged by the hub
        text: qsTr("Waiting: %1").arg(root.status.waiting)
    }
    Part {
        //: Status: number of records the hub has
        text: qsTr("In the hub: %1").arg(root.status.received)
    }
    Part {
        visible: root.status.quarantined > 0
        isTrouble: true
        //: Status: number of records the hub could not read
        text: qsTr("Unreadable: %1").arg(root.status.quarantined)
    }
    Part {
        isTrouble: root.status.reader === StatusViewModel.Trouble
        text: isTrouble ?
            //: Status: the badge reader does not answer
            qsTr("Reader: no answer") :
            root.status.reader === StatusViewModel.Ok ?
                //: Status: the badge reader works
                qsTr("Reader: ready") :
                //: Status: the badge reader is being started
                qsTr("Reader: starting")
    }
    Part {
        text: root.status.broker !== StatusViewModel.Ok ?
            //: Status: no connection; records are kept and sent later
            qsTr("Offline") :
            root.status.hub === StatusViewModel.Ok ?
                //: Status: connected, and the hub answers
                qsTr("Hub: online") :
                //: Status: connected, but the hub has not answered yet
                qsTr("Hub: no answer yet")
    }
    Part {
        visible: root.status.time.length > 0
        isTrouble: root.status.clock === StatusViewModel.Trouble
        text: isTrouble ? Wording.clock(root.status.clockMinutes).arg(root.status.time) : root.status.time
    }
}
