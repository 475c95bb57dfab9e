// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/view/screen_driver.h"

#include <algorithm>

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtGui/QMouseEvent>
#include <QtGui/QPointingDevice>

namespace tapport::view {
namespace {

using namespace std::chrono_literals;

constexpr auto kPollEvery = 10ms;
constexpr int kPressTimeoutMs = 1000;
constexpr int kWaitTimeoutMs = 5000;

QJsonObject failed(const QString& why) {
    return {{QStringLiteral("ok"), false}, {QStringLiteral("error"), why}};
}

QJsonObject done() {
    return {{QStringLiteral("ok"), true}};
}

QPointF centreOf(const QQuickItem& item) {
    return item.mapToScene(QPointF(item.width() / 2, item.height() / 2));
}

/// Bottom to top, as painted.
QList<QQuickItem*> paintOrder(const QQuickItem& parent) {
    QList<QQuickItem*> children = parent.childItems();
    std::stable_sort(children.begin(), children.end(),
                     [](const QQuickItem* a, const QQuickItem* b) { return a->z() < b->z(); });
    return children;
}

/// Who would get a press at that point of the scene.
QQuickItem* receiverAt(const QQuickItem& parent, QPointF scene) {
    const QList<QQuickItem*> children = paintOrder(parent);
    for (auto child = children.rbegin(); child != children.rend(); ++child) {
        QQuickItem& item = **child;
        const bool isInside = item.contains(item.mapFromScene(scene));
        if (!item.isVisible() || !item.isEnabled() || (item.clip() && !isInside)) {
            continue;
        }
        if (QQuickItem* found = receiverAt(item, scene)) {
            return found;
        }
        if (isInside && (item.acceptedMouseButtons() & Qt::LeftButton)) {
            return &item;
        }
    }
    return nullptr;
}

bool isPressable(const QQuickWindow& window, const QQuickItem& item) {
    return item.isVisible() && item.isEnabled() &&
           receiverAt(*window.contentItem(), centreOf(item)) == &item;
}

/// Every visible item below `parent` for which `fits` holds.
void collect(const QQuickItem& parent, const std::function<bool(const QQuickItem&)>& fits,
             QList<QQuickItem*>& found) {
    for (QQuickItem* child : paintOrder(parent)) {
        if (child->isVisible()) {
            if (fits(*child)) {
                found.append(child);
            }
            collect(*child, fits, found);
        }
    }
}

QQuickItem* find(const QQuickWindow& window, const std::function<bool(const QQuickItem&)>& fits) {
    QList<QQuickItem*> found;
    collect(*window.contentItem(), fits, found);
    return found.isEmpty() ? nullptr : found.constLast();
}

QQuickItem* named(const QQuickWindow& window, const QString& name) {
    return find(window, [&](const QQuickItem& item) { return item.objectName() == name; });
}

QQuickItem* key(const QQuickWindow& window, QChar character) {
    const QString sign = character == QLatin1Char(' ') ? QStringLiteral("␣") : QString(character);
    return find(window, [&](const QQuickItem& item) {
        return item.objectName().startsWith(QLatin1String("key-")) &&
               item.property("modelData").toString() == sign;
    });
}

}  // namespace

ScreenDriver::ScreenDriver(QQuickWindow& window) : window_(window) {
    server_.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&server_, &QLocalServer::newConnection, this, &ScreenDriver::accept);
    connect(&timer_, &QTimer::timeout, this, &ScreenDriver::poll);
    sinceShown_.start();
    timer_.start(kPollEvery);
}

Result<std::unique_ptr<ScreenDriver>> ScreenDriver::listen(QQuickWindow& window,
                                                           const QString& socketPath) {
    std::unique_ptr<ScreenDriver> driver(new ScreenDriver(window));
    QLocalServer::removeServer(socketPath);
    if (!driver->server_.listen(socketPath)) {
        return fail(Code::Network, "listen on " + socketPath.toStdString() + ": " +
                                       driver->server_.errorString().toStdString());
    }
    return driver;
}

void ScreenDriver::accept() {
    while (QLocalSocket* socket = server_.nextPendingConnection()) {
        connect(socket, &QLocalSocket::readyRead, this, [this, socket] { read(socket); });
        connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
    }
}

void ScreenDriver::read(QLocalSocket* socket) {
    while (socket->canReadLine()) {
        waiting_.push_back({socket, QJsonDocument::fromJson(socket->readLine()).object()});
    }
    poll();
}

void ScreenDriver::poll() {
    noteScreen();
    while (!waiting_.empty()) {
        if (!work_) {
            work_ = start(waiting_.front().body);
        }
        const std::optional<QJsonObject> reply = work_();
        if (!reply) {
            return;
        }
        if (QLocalSocket* socket = waiting_.front().from) {
            socket->write(QJsonDocument(*reply).toJson(QJsonDocument::Compact) + '\n');
            socket->flush();
        }
        work_ = nullptr;
        waiting_.pop_front();
    }
}

void ScreenDriver::noteScreen() {
    if (screen() != shownScreen_) {
        shownScreen_ = screen();
        sinceShown_.restart();
    }
}

ScreenDriver::Work ScreenDriver::start(const QJsonObject& request) {
    const QString verb = request.value(QStringLiteral("do")).toString();
    const int timeoutMs = request.value(QStringLiteral("timeoutMs")).toInt(kPressTimeoutMs);
    if (verb == QLatin1String("press")) {
        return press(request.value(QStringLiteral("target")).toString(), timeoutMs);
    }
    if (verb == QLatin1String("type")) {
        return type(request.value(QStringLiteral("text")).toString());
    }
    if (verb == QLatin1String("wait")) {
        return wait(request);
    }
    if (verb == QLatin1String("state")) {
        return [this] { return state(); };
    }
    if (verb == QLatin1String("grab")) {
        return
            [this, file = request.value(QStringLiteral("file")).toString()] { return grab(file); };
    }
    return [] {
        return failed(
            QStringLiteral("unknown request: expected do = press, type, state, wait or grab"));
    };
}

ScreenDriver::Work ScreenDriver::press(const QString& target, int timeoutMs) {
    QElapsedTimer since;
    since.start();
    return [this, target, timeoutMs, since]() -> std::optional<QJsonObject> {
        QQuickItem* item = named(window_, target);
        if (item != nullptr && isPressable(window_, *item)) {
            click(*item);
            return done();
        }
        if (!since.hasExpired(timeoutMs)) {
            return std::nullopt;
        }
        const QString why = item == nullptr      ? QStringLiteral("absent")
                            : !item->isEnabled() ? QStringLiteral("disabled")
                                                 : QStringLiteral("covered");
        return failed(QStringLiteral("%1 is %2 on %3").arg(target, why, screen()));
    };
}

ScreenDriver::Work ScreenDriver::type(const QString& text) {
    // One key a turn: a layer's keys get their places with the next frame.
    return [this, text, next = qsizetype{0}, tries = 0]() mutable -> std::optional<QJsonObject> {
        if (next == text.size()) {
            return done();
        }
        if (pressKey(text.at(next))) {
            ++next;
            tries = 0;
        } else if (++tries > kPressTimeoutMs / kPollEvery.count()) {
            return failed(QStringLiteral("no key for character %1 on %2").arg(next).arg(screen()));
        }
        return std::nullopt;
    };
}

bool ScreenDriver::pressKey(QChar character) {
    if (QQuickItem* found = key(window_, character)) {
        // Another layer's key may not have its place yet.
        const bool isReady = isPressable(window_, *found);
        if (isReady) {
            click(*found);
        }
        return isReady;
    }
    QQuickItem* shift = named(window_, QStringLiteral("key-shift"));
    QQuickItem* lower = character.isUpper() ? key(window_, character.toLower()) : nullptr;
    // Until a new layer's row is laid out, its keys lie on one another: what is pressed there is
    // the last of them, and that is the key that erases.
    if (shift != nullptr && lower != nullptr && isPressable(window_, *shift) &&
        isPressable(window_, *lower)) {
        click(*shift);
        click(*lower);
        return true;
    }
    QQuickItem* symbols = named(window_, QStringLiteral("key-symbols"));
    if (symbols != nullptr && isPressable(window_, *symbols)) {
        click(*symbols);
    }
    return false;
}

ScreenDriver::Work ScreenDriver::wait(const QJsonObject& request) {
    QElapsedTimer since;
    since.start();
    const int timeoutMs = request.value(QStringLiteral("timeoutMs")).toInt(kWaitTimeoutMs);
    const int settleMs = request.value(QStringLiteral("settleMs")).toInt(0);
    const QString wanted = request.value(QStringLiteral("screen")).toString();
    const QString target = request.value(QStringLiteral("target")).toString();
    return [=, this]() -> std::optional<QJsonObject> {
        const QQuickItem* item = target.isEmpty() ? nullptr : named(window_, target);
        const bool isThere = (wanted.isEmpty() || screen() == wanted) &&
                             (target.isEmpty() || (item && isPressable(window_, *item)));
        if (isThere && sinceShown_.hasExpired(settleMs)) {
            return state();
        }
        if (since.hasExpired(timeoutMs)) {
            return failed(QStringLiteral("still on %1 after %2 ms").arg(screen()).arg(timeoutMs));
        }
        return std::nullopt;
    };
}

QJsonObject ScreenDriver::grab(const QString& file) {
    return window_.grabWindow().save(file, "PNG") ? done()
                                                  : failed(QStringLiteral("cannot write the file"));
}

QJsonObject ScreenDriver::state() const {
    QList<QQuickItem*> items;
    collect(
        *window_.contentItem(),
        [this](const QQuickItem& item) {
            return !item.objectName().isEmpty() && isPressable(window_, item);
        },
        items);
    QJsonArray targets;
    for (const QQuickItem* item : std::as_const(items)) {
        targets.append(item->objectName());
    }
    QJsonObject reply = done();
    reply[QStringLiteral("screen")] = screen();
    reply[QStringLiteral("language")] = window_.property("language").toString();
    reply[QStringLiteral("busy")] = window_.property("isBusy").toBool();
    reply[QStringLiteral("targets")] = targets;
    return reply;
}

QString ScreenDriver::screen() const {
    return window_.property("screen").toString();
}

void ScreenDriver::click(QQuickItem& item) {
    const QPointF at = centreOf(item);
    const QPointF global = window_.mapToGlobal(at);
    const QPointingDevice* mouse = QPointingDevice::primaryPointingDevice();
    QMouseEvent down(QEvent::MouseButtonPress, at, global, Qt::LeftButton, Qt::LeftButton,
                     Qt::NoModifier, mouse);
    QCoreApplication::sendEvent(&window_, &down);
    QMouseEvent up(QEvent::MouseButtonRelease, at, global, Qt::LeftButton, Qt::NoButton,
                   Qt::NoModifier, mouse);
    QCoreApplication::sendEvent(&window_, &up);
}

}  // namespace tapport::view
