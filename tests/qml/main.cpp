// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/qml/stage.h"

#include <QtGui/QAccessible>
#include <QtGui/QGuiApplication>
#include <gtest/gtest.h>

int main(int argc, char** argv) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    qputenv("QT_QUICK_BACKEND", "software");
    testing::InitGoogleTest(&argc, argv);
    QGuiApplication application(argc, argv);
    tapport::support::collectWarnings();
    tapport::qml::useFonts();
    QAccessible::setActive(true);
    return RUN_ALL_TESTS();
}
