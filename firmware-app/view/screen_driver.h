// SPDX-License-Identifier: GPL-3.0-or-later
// Presses the kiosk's real screens for tests and the demo, over a Unix socket of its user alone.
// Compiled with TAPPORT_DRIVER only, never into a release: whoever reaches it can answer for a
// person. Nothing it does bypasses the screens: mouse events at what is visible, enabled,
// uncovered.
//
// One JSON object a line, answered in order by one line, {"ok":true,...} or
// {"ok":false,"error":...}:
//   {"do":"press","target":"yes"}          waits up to timeoutMs (1000) until it can be pressed
//   {"do":"type","text":"a.b@example.com"} on the on-screen keyboard, layers switched as needed
//   {"do":"state"}                         -> screen, language, busy, targets (what can be pressed)
//   {"do":"wait","screen":"Saved"}         or "target"; timeoutMs (5000); settleMs (0): shown so
//   long
//   {"do":"grab","file":"saved.png"}       what is on the glass, as PNG
#pragma once

#include "sync/base/error.h"

#include <deque>
#include <functional>
#include <memory>
#include <optional>

#include <QtCore/QElapsedTimer>
#include <QtCore/QJsonObject>
#include <QtCore/QPointer>
#include <QtCore/QTimer>
#include <QtNetwork/QLocalServer>
#include <QtNetwork/QLocalSocket>
#include <QtQuick/QQuickItem>
#include <QtQuick/QQuickWindow>

namespace tapport::view {

class ScreenDriver : public QObject {
    Q_OBJECT

  public:
    /// UI thread. `window` must outlive it and have the properties screen, language and isBusy.
    /// Replaces a socket left behind by a killed program; Network when it cannot listen there.
    [[nodiscard]] static Result<std::unique_ptr<ScreenDriver>> listen(QQuickWindow& window,
                                                                      const QString& socketPath);

  private:
    /// Looked at again and again until it has an answer.
    using Work = std::function<std::optional<QJsonObject>()>;
    struct Request {
        QPointer<QLocalSocket> from;
        QJsonObject body;
    };

    explicit ScreenDriver(QQuickWindow& window);

    void accept();
    void read(QLocalSocket* socket);
    void poll();
    void noteScreen();
    [[nodiscard]] Work start(const QJsonObject& request);
    [[nodiscard]] Work press(const QString& target, int timeoutMs);
    [[nodiscard]] Work type(const QString& text);
    [[nodiscard]] Work wait(const QJsonObject& request);
    [[nodiscard]] QJsonObject grab(const QString& file);
    [[nodiscard]] QJsonObject state() const;
    [[nodiscard]] QString screen() const;
    [[nodiscard]] bool pressKey(QChar character);
    void click(QQuickItem& item);

    QQuickWindow& window_;
    QLocalServer server_;
    QTimer timer_;
    std::deque<Request> waiting_;
    Work work_;
    QString shownScreen_;
    QElapsedTimer sinceShown_;
};

}  // namespace tapport::view
