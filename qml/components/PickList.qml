// SPDX-License-Identifier: GPL-3.0-or-later
// One of a few, as large chips. Nothing is picked beforehand; a second tap takes the pick back.
pragma ComponentBehavior: Bound

import QtQuick
import Tapport.Kiosk
import Tapport.View

Column {
    id: root

    required property string label
    /// Starts the chips' object names: "need" makes "need-<id>".
    required property string namePrefix
    required property var choices
    property string picked
    /// Where the page has no room for it, the label is spoken only.
    property bool isLabelled: true

    spacing: Theme.gapTiny

    Words {
        visible: root.isLabelled
        text: root.label
        color: Theme.soft
    }

    Flow {
        width: parent.width
        spacing: Theme.gapSmall

        Repeater {
            model: root.choices

            PickChip {
                required property ChoiceViewModel modelData

                objectName: root.namePrefix + "-" + modelData.choiceId
                text: modelData.label
                spokenName: root.isLabelled ? text : root.label + " " + text
                isPicked: root.picked === modelData.choiceId
                onClicked: root.picked = isPicked ? "" : modelData.choiceId
            }
        }
    }
}
