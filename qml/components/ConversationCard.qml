// SPDX-License-Identifier: GPL-3.0-or-later
// An earlier conversation, as the attendee may read it.
import QtQuick
import Tapport.Kiosk
import Tapport.View

Column {
    id: root

    required property ConversationViewModel talk

    topPadding: Theme.gap
    bottomPadding: Theme.gapSmall
    spacing: Theme.gapTiny

    Words {
        width: parent.width
        //: Heading of an earlier conversation: %1 a colleague's name, %2 a day
        text: qsTr("You spoke with %1 on %2").arg(root.talk.staffName).arg(root.talk.when)
        font.weight: Font.DemiBold
    }
    Words {
        visible: root.talk.topics.length > 0
        width: parent.width
        text: root.talk.topics
        color: Theme.soft
    }
    Words {
        visible: root.talk.note.length > 0
        width: parent.width
        text: root.talk.note
    }
    Words {
        visible: root.talk.promise.length > 0
        width: parent.width
        //: A promise: %1 what, %2 the day it is due, %3 who keeps it
        text: qsTr("Promised: %1, by %2 (%3)").arg(root.talk.promise).arg(root.talk.promiseDue).arg(root.talk.promiseOwner)
    }
}
