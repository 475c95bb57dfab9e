// SPDX-License-Identifier: GPL-3.0-or-later
#include "qml/kiosk_window.h"

#include <QtGui/QFont>
#include <QtGui/QGuiApplication>

namespace tapport::qml {
namespace {

/// Every touch and key shows that somebody is there; the warning is answered by its button alone.
class TouchWatch : public QObject {
  public:
    TouchWatch(view::KioskViewModel& kiosk, QObject* parent) : QObject(parent), kiosk_(kiosk) {}

    bool eventFilter(QObject* watched, QEvent* event) override {
        const bool isTouch = event->type() == QEvent::MouseButtonPress ||
                             event->type() == QEvent::TouchBegin ||
                             event->type() == QEvent::KeyPress;
        if (isTouch && !kiosk_.isWarning()) {
            kiosk_.touched();
        }
        return QObject::eventFilter(watched, event);
    }

  private:
    view::KioskViewModel& kiosk_;
};

}  // namespace

void useFonts() {
    QFont font;
    font.setFamilies({QStringLiteral("Inter"), QStringLiteral("DejaVu Sans")});
    QGuiApplication::setFont(font);
}

void useLanguage(QTranslator& translator, QQmlEngine& engine, const QString& language) {
    QCoreApplication::removeTranslator(&translator);
    if (translator.load(QStringLiteral(":/i18n/tapport_%1.qm").arg(language))) {
        QCoreApplication::installTranslator(&translator);
    }
    engine.retranslate();
}

KioskWindow::KioskWindow(view::KioskViewModel& kiosk) {
    engine_.addImportPath(QStringLiteral("qrc:/qt/qml"));
    useLanguage(translator_, engine_, kiosk.language());
    QObject::connect(&kiosk, &view::KioskViewModel::languageChanged, &engine_,
                     [this, &kiosk] { useLanguage(translator_, engine_, kiosk.language()); });
}

Result<std::unique_ptr<KioskWindow>> KioskWindow::open(view::KioskViewModel& kiosk,
                                                       view::StatusViewModel& status,
                                                       const WindowOptions& options) {
    std::unique_ptr<KioskWindow> opened(new KioskWindow(kiosk));
    QString trouble;
    const auto collect = QObject::connect(&opened->engine_, &QQmlEngine::warnings,
                                          [&trouble](const QList<QQmlError>& warnings) {
                                              for (const QQmlError& warning : warnings) {
                                                  trouble += warning.toString() + QLatin1Char('\n');
                                              }
                                          });
    opened->engine_.setInitialProperties({{QStringLiteral("kiosk"), QVariant::fromValue(&kiosk)},
                                          {QStringLiteral("status"), QVariant::fromValue(&status)},
                                          {QStringLiteral("pitch"), options.pitch}});
    opened->engine_.load(QUrl(QStringLiteral("qrc:/qt/qml/Tapport/Kiosk/Main.qml")));
    QObject::disconnect(collect);
    const QList<QObject*> roots = opened->engine_.rootObjects();
    opened->window_ = roots.isEmpty() ? nullptr : qobject_cast<QQuickWindow*>(roots.constFirst());
    if (opened->window_ == nullptr) {
        return fail(Code::Internal, "load the screens: " + trouble.toStdString());
    }
    opened->window_->installEventFilter(new TouchWatch(kiosk, opened->window_));
    if (options.windowed) {
        opened->window_->resize(*options.windowed);
        opened->window_->show();
    } else {
        opened->window_->showFullScreen();
    }
    return opened;
}

}  // namespace tapport::qml
