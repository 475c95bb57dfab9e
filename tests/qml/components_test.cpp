// SPDX-License-Identifier: GPL-3.0-or-later
// Qt Quick Test for single components; a warning of the engine ends the run.
#include <QtQml/QQmlEngine>
#include <QtQuickTest/quicktest.h>

class Setup : public QObject {
    Q_OBJECT

  public slots:
    void qmlEngineAvailable(QQmlEngine* engine) {
        engine->addImportPath(QStringLiteral("qrc:/qt/qml"));
        connect(engine, &QQmlEngine::warnings, [](const QList<QQmlError>& warnings) {
            qFatal("%s", qPrintable(warnings.constFirst().toString()));
        });
    }
};

QUICK_TEST_MAIN_WITH_SETUP(components, Setup)
#include "components_test.moc"
