// SPDX-License-Identifier: GPL-3.0-or-later
// Draws every page in every language and both panel sizes into PNG files, for people to look at:
//   QT_QPA_PLATFORM=offscreen kiosk-gallery DIR
#include "qml/kiosk_window.h"
#include "tests/qml/sample_view.h"

#include <QtCore/QDir>
#include <QtGui/QGuiApplication>
#include <QtQuick/QQuickItem>

namespace {

using namespace tapport;

struct Panel {
    QSize size;
    double pitch;
};

QQuickItem* find(const QQuickItem& in, const QString& name) {
    for (QQuickItem* child : in.childItems()) {
        if (child->isVisible() && child->objectName() == name) {
            return child;
        }
        if (QQuickItem* found = find(*child, name)) {
            return found;
        }
    }
    return nullptr;
}

void draw(const Panel& panel, const event::Event& event, const QDir& out) {
    view::KioskViewModel kiosk(
        event, [](const visit::Event&) {}, [] { return QDate(2026, 11, 22); });
    view::StatusViewModel status;
    status.setRecords(3, 128, 0);
    status.setReader(view::StatusViewModel::Health::Ok);
    status.setBroker(view::StatusViewModel::Health::Ok);
    status.setHub(view::StatusViewModel::Health::Ok);
    status.setClock(QStringLiteral("15:04"), view::StatusViewModel::Health::Ok, 0);
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
    const auto press = [&](const QString& name) {
        QCoreApplication::processEvents();
        QMetaObject::invokeMethod(find(*window.contentItem(), name), "clicked");
    };
    const auto page = [&]() -> QObject& {
        QQuickItem* item = find(*window.contentItem(), QStringLiteral("submit"));
        while (!item->property("isSecondPart").isValid()) {
            item = item->parentItem();
        }
        return *item;
    };
    for (const std::string language : {"en", "de"}) {
        for (int screen = 0; screen < support::kScreens; ++screen) {
            kiosk.show(support::sampleView(static_cast<visit::Screen>(screen), language));
            shoot(QStringLiteral("%1-%2").arg(screen, 2, 10, QLatin1Char('0')).arg(kiosk.screen()));
        }
        kiosk.show(support::sampleView(visit::Screen::StaffForm, language));
        press(QStringLiteral("parts"));
        page().setProperty("note", QStringLiteral("Replaces 40 machines in the second hall."));
        page().setProperty("promise", QStringLiteral("Send the data sheet"));
        shoot(QStringLiteral("17-StaffForm2"));
        press(QStringLiteral("note"));
        shoot(QStringLiteral("18-StaffNote"));
        find(*window.contentItem(), QStringLiteral("textField"))
            ->setProperty("text", QStringLiteral("He is a bit krank, works council idiot."));
        shoot(QStringLiteral("24-StaffSensitive"));
        press(QStringLiteral("textDone"));
        press(QStringLiteral("due-pick"));
        shoot(QStringLiteral("19-StaffDays"));
        kiosk.show(support::sampleView(visit::Screen::Recorded, language));
        press(QStringLiteral("openErase"));
        shoot(QStringLiteral("22-Erase"));
        visit::View assisted = support::sampleView(visit::Screen::Question, language);
        assisted.assistedBy = record::StaffId{"kim"};
        kiosk.show(assisted);
        shoot(QStringLiteral("23-Assisted"));
        kiosk.show(support::sampleView(visit::Screen::Question, language));
        press(QStringLiteral("fullNotice"));
        shoot(QStringLiteral("21-Notice"));
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
