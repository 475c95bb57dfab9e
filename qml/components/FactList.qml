// SPDX-License-Identifier: GPL-3.0-or-later
// The first layer of a notice: who, why, which data, how often, who else, how long, how to
// withdraw. The notice's words, beside short labels.
pragma ComponentBehavior: Bound

import QtQuick
import Tapport.Kiosk
import Tapport.View

Column {
    id: root

    required property AskViewModel ask

    component Fact: Row {
        id: fact

        required property string label
        required property string words

        width: parent ? parent.width : 0
        spacing: Theme.gap

        Words {
            width: Theme.mm(24)
            text: fact.label
            color: Theme.soft
            wrapMode: Text.NoWrap
        }
        Words {
            width: parent.width - Theme.mm(24) - parent.spacing
            text: fact.words
        }
    }

    Fact {
        //: Label of a fact: who will use the data
        label: qsTr("Who")
        words: root.ask.who
    }
    Fact {
        //: Label of a fact: what the data is used for
        label: qsTr("Why")
        words: root.ask.why
    }
    Fact {
        //: Label of a fact: which data
        label: qsTr("Data")
        words: root.ask.data
    }
    Fact {
        //: Label of a fact: how often they may write or call
        label: qsTr("How often")
        words: root.ask.howOften
    }
    Fact {
        //: Label of a fact: who else receives the data
        label: qsTr("Who else")
        words: root.ask.recipients
    }
    Fact {
        //: Label of a fact: how long the data is kept
        label: qsTr("How long")
        words: root.ask.howLong
    }
    Fact {
        //: Label of a fact: how to withdraw the consent
        label: qsTr("Withdraw")
        words: root.ask.withdraw
    }
}
