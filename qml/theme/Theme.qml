// SPDX-License-Identifier: GPL-3.0-or-later
// Every size and colour of the screens. Sizes are millimetres on the glass, turned into pixels by
// the display's pitch: what can be read and hit depends on millimetres, not on pixels.
pragma Singleton

import QtQuick

QtObject {
    id: root

    /// Millimetres a pixel: 0.193 on the 7 inch 800x480 panel, 0.170 on the 10.1 inch 1280x800 one.
    property real pitch: 0.193

    // Text, by the height of a capital H (EN 301 549 5.1.4: 4.9 mm at 400 mm). Inter's is 0.727 em.
    readonly property int textDisplay: root.capital(7.8)
    readonly property int textQuestion: root.capital(4.9)
    readonly property int textButton: root.capital(3.5)
    readonly property int textBody: root.capital(3.0)
    /// For staff only, who know what it says.
    readonly property int textStatus: root.capital(2.2)

    // Targets.
    readonly property int target: root.mm(11.58)
    readonly property int mainTarget: root.mm(20)

    // The grid.
    readonly property int hair: Math.max(1, Math.round(0.25 / root.pitch))
    readonly property int edge: Math.max(2, Math.round(0.39 / root.pitch))
    readonly property int gapTiny: root.mm(0.75)
    readonly property int gapSmall: root.mm(1.5)
    readonly property int gap: root.mm(2.3)
    readonly property int gapLarge: root.mm(4.6)
    readonly property int margin: root.mm(4.6)
    readonly property int radius: root.mm(1.5)

    // Colours: one accent; text has 7:1 or more on paper and on surface (measured in tests/qml).
    readonly property color paper: "#faf8f4"
    readonly property color surface: "#ffffff"
    readonly property color ink: "#16202a"
    readonly property color soft: "#414b55"
    readonly property color line: "#d5d3cc"
    readonly property color outline: "#5f6973"
    readonly property color accent: "#0b4a5f"
    readonly property color accentPressed: "#07303e"
    readonly property color accentTint: "#dfebef"
    readonly property color inkOnAccent: "#ffffff"
    readonly property color problem: "#8c1d18"

    function mm(millimetres: real): int {
        return Math.ceil(millimetres / root.pitch - 0.05);
    }

    function capital(millimetres: real): int {
        return Math.ceil(millimetres / 0.727 / root.pitch - 0.05);
    }
}
