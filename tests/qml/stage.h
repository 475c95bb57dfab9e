// SPDX-License-Identifier: GPL-3.0-or-later
// The real window on a made-up visit: what a person would see and press, without reader or store.
#pragma once

#include "qml/kiosk_window.h"
#include "tests/qml/sample_view.h"

#include <vector>

#include <QtQuick/QQuickItem>

namespace tapport::support {

struct Panel {
    QSize size;
    double pitch;    ///< millimetres a pixel
    int target;      ///< 11.6 mm in pixels
    int mainTarget;  ///< 20 mm
};
inline const Panel kSmallPanel{{800, 480}, 0.193, 60, 104};
inline const Panel kLargePanel{{1280, 800}, 0.170, 69, 118};

class Stage {
  public:
    explicit Stage(const Panel& panel);

    /// Shows it and waits until it is on the glass.
    void show(const visit::View& view);
    /// Presses the visible item of that name through its own signal.
    void click(const QString& name);
    [[nodiscard]] QQuickItem* item(const QString& name) const;
    /// All visible items, bottom to top.
    [[nodiscard]] std::vector<QQuickItem*> items() const;
    [[nodiscard]] QQuickWindow& window() const { return window_->window(); }
    [[nodiscard]] const std::vector<visit::Event>& posted() const { return posted_; }
    [[nodiscard]] view::KioskViewModel& kiosk() { return kiosk_; }

  private:
    event::Event event_ = sampleEvent();
    std::vector<visit::Event> posted_;
    view::KioskViewModel kiosk_;
    view::StatusViewModel status_;
    std::unique_ptr<qml::KioskWindow> window_;
};

/// Warnings of the QML engine and of Qt since the start of the program.
[[nodiscard]] const std::vector<std::string>& warnings();
/// Collects them from now on.
void collectWarnings();

}  // namespace tapport::support
