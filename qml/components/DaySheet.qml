// SPDX-License-Identifier: GPL-3.0-or-later
// The next four weeks to pick a day from.
pragma ComponentBehavior: Bound

import QtQuick
import Tapport.Kiosk
import Tapport.View

Sheet {
    id: root

    readonly property real cell: (width - 2 * Theme.margin - 6 * Theme.gapTiny) / 7

    signal picked(string day)

    //: Title: the day by which a promise is kept
    heading: qsTr("By when?")
    //: Button: closes the days without picking one
    closeLabel: qsTr("Close")
    closeName: "closeDays"

    Grid {
        anchors.centerIn: parent
        columns: 7
        spacing: Theme.gapTiny

        Repeater {
            model: root.kiosk.days

            OutlineButton {
                required property ChoiceViewModel modelData

                objectName: "day-" + modelData.choiceId
                width: root.cell
                height: Theme.target + Theme.gapLarge
                leftPadding: 0
                rightPadding: 0
                text: modelData.label.replace(" ", "\n")
                spokenName: modelData.label
                onClicked: root.picked(modelData.choiceId)
            }
        }
    }
}
