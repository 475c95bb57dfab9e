// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/qml/stage.h"

#include <QtCore/QElapsedTimer>
#include <QtGui/QGuiApplication>
#include <gtest/gtest.h>

namespace tapport::support {
namespace {

constexpr int kDeadlineMs = 60'000;

std::vector<std::string>& collected() {
    static std::vector<std::string> messages;
    return messages;
}

void collectVisible(const QQuickItem& parent, std::vector<QQuickItem*>& found) {
    QList<QQuickItem*> children = parent.childItems();
    std::stable_sort(children.begin(), children.end(),
                     [](const QQuickItem* a, const QQuickItem* b) { return a->z() < b->z(); });
    for (QQuickItem* child : children) {
        if (child->isVisible()) {
            found.push_back(child);
            collectVisible(*child, found);
        }
    }
}

}  // namespace

const std::vector<std::string>& warnings() {
    return collected();
}

void collectWarnings() {
    qInstallMessageHandler([](QtMsgType type, const QMessageLogContext&, const QString& text) {
        // The test machine may have no session; that is not about the screens.
        if (type != QtDebugMsg && type != QtInfoMsg &&
            !text.contains(QLatin1String("XDG_RUNTIME_DIR"))) {
            collected().push_back(text.toStdString());
        }
    });
}

Stage::Stage(const Panel& panel)
    : kiosk_(
          event_, [this](visit::Event what) { posted_.push_back(std::move(what)); },
          [] { return QDate(2026, 11, 22); }) {
    status_.setRecords(3, 128, 1);
    status_.setReader(view::StatusViewModel::Health::Trouble);
    status_.setBroker(view::StatusViewModel::Health::Ok);
    status_.setClock(QStringLiteral("15:04"), view::StatusViewModel::Health::Trouble, -12);
    auto opened = qml::KioskWindow::open(kiosk_, status_, {panel.size, panel.pitch});
    if (!opened) {
        throw std::runtime_error(opened.error().context);
    }
    window_ = std::move(*opened);
}

void Stage::show(const visit::View& view) {
    kiosk_.forget();
    kiosk_.show(view);
    QElapsedTimer since;
    since.start();
    do {
        QCoreApplication::processEvents();
    } while (window().property("screen").toString() != kiosk_.screen() &&
             !since.hasExpired(kDeadlineMs));
    // Drawing a frame gives every item its final place.
    static_cast<void>(window().grabWindow());
    posted_.clear();
}

void Stage::click(const QString& name) {
    QQuickItem* target = item(name);
    ASSERT_NE(target, nullptr) << name.toStdString();
    QMetaObject::invokeMethod(target, "clicked");
    QCoreApplication::processEvents();
    static_cast<void>(window().grabWindow());
}

QQuickItem* Stage::item(const QString& name) const {
    const auto all = items();
    const auto found = std::find_if(all.rbegin(), all.rend(), [&](const QQuickItem* candidate) {
        return candidate->objectName() == name;
    });
    return found == all.rend() ? nullptr : *found;
}

std::vector<QQuickItem*> Stage::items() const {
    std::vector<QQuickItem*> found;
    collectVisible(*window().contentItem(), found);
    return found;
}

}  // namespace tapport::support
