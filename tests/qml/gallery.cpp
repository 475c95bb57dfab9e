// SPDX-License-Identifier: GPL-3.0-or-later
// Draws every page in every language and both panel sizes into PNG files, for people to look at:
//   QT_QPA_PLATFORM=offscreen kiosk-gallery DIR
#include "qml/kiosk_window.h"
#include "tests/qml/sample_event.h"

#include <QtCore/QDir>
#include <QtGui/QGuiApplication>

namespace {

using namespace tapport;

struct Panel {
    QSize size;
    double pitch;
};

void draw(const Panel& panel, const event::Event& event, const QDir& out) {
    view::KioskViewModel kiosk(
        event, [](const visit::Event&) {}, [] { return QDate(2026, 11, 22); });
    view::StatusViewModel status;
    status.setRecords(3, 128, 0);
    status.setReader(view::StatusViewModel::Health::Ok);
    status.setBroker(view::StatusViewModel::Health::Ok);
    status.setHub(view::StatusViewModel::Health::Ok);
    status.setClock(QStringLiteral("15:04"), view::StatusViewModel::Health::Ok);
    const auto opened = qml::KioskWindow::open(kiosk, status, {panel.size, panel.pitch});
    if (!opened) {
        qFatal("%s", opened.error().context.c_str());
    }
    QQuickWindow& window = (*opened)->window();
    const auto shoot = [&](const QString& name) {
        QTime until = QTime::currentTime().addMSecs(300);
        do {
            QCoreApplication::processEvents();
        } while (window.property("screen").toString() != kiosk.screen() &&
                 QTime::currentTime() < until);
        window.grabWindow().save(out.filePath(
            QStringLiteral("%1-%2-%3.png").arg(panel.size.width()).arg(kiosk.language(), name)));
    };
    for (const std::string language : {"en", "de"}) {
        for (int screen = 0; screen < support::kScreens; ++screen) {
            kiosk.show(support::sampleView(static_cast<visit::Screen>(screen), language));
            shoot(QStringLiteral("%1-%2").arg(screen, 2, 10, QLatin1Char('0')).arg(kiosk.screen()));
        }
        visit::View warning = support::sampleView(visit::Screen::Question, language);
        warning.isWarning = true;
        kiosk.show(warning);
        shoot(QStringLiteral("20-Warning"));
    }
}

}  // namespace

int main(int argc, char** argv) {
    QGuiApplication application(argc, argv);
    qml::useFonts();
    const QDir out(argc > 1 ? QString::fromLocal8Bit(argv[1]) : QStringLiteral("."));
    out.mkpath(QStringLiteral("."));
    const event::Event event = support::sampleEvent();
    draw({{800, 480}, 0.193}, event, out);
    draw({{1280, 800}, 0.170}, event, out);
    return 0;
}
