// SPDX-License-Identifier: GPL-3.0-or-later
// Opens the kiosk's window on the module Tapport.Kiosk: fonts, translations and the display's
// pitch. Knows nothing of visits beyond the view-models it hands to QML.
#pragma once

#include "firmware-app/view/kiosk_view_model.h"
#include "firmware-app/view/status_view_model.h"
#include "sync/base/error.h"

#include <QtCore/QTranslator>
#include <QtQml/QQmlApplicationEngine>
#include <QtQuick/QQuickWindow>

namespace tapport::qml {

struct WindowOptions {
    std::optional<QSize> windowed;  ///< full screen without
    double pitch = 0.193;           ///< millimetres a pixel of the display
};

/// Inter, or DejaVu Sans where it is missing; call once after QGuiApplication is made.
void useFonts();

/// UI thread. The view-models must outlive it.
class KioskWindow {
  public:
    /// Internal when the module does not load; the engine's messages are in the error.
    [[nodiscard]] static Result<std::unique_ptr<KioskWindow>> open(view::KioskViewModel& kiosk,
                                                                   view::StatusViewModel& status,
                                                                   const WindowOptions& options);

    [[nodiscard]] QQuickWindow& window() const { return *window_; }

  private:
    explicit KioskWindow(view::KioskViewModel& kiosk);

    QTranslator translator_;
    QQmlApplicationEngine engine_;
    QQuickWindow* window_ = nullptr;  ///< owned by the engine
};

/// Installs the texts for `language` (English, the source language, when there are none) and
/// rewrites those on the screen.
void useLanguage(QTranslator& translator, QQmlEngine& engine, const QString& language);

}  // namespace tapport::qml
