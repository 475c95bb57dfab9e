// SPDX-License-Identifier: GPL-3.0-or-later
// tapport-kiosk: puts the parts together. Threads: this one draws; the store thread owns the
// database; the reader's thread listens to tapport-reader; the agent's thread talks to the broker.
#include "firmware-app/kiosk/settings.h"
#include "firmware-app/kiosk/visit_controller.h"
#include "firmware-app/view/status_view_model.h"
#include "hardware/reader/reader_supervisor.h"
#include "qml/kiosk_window.h"
#include "sync/agent/agent_runner.h"
#include "sync/program/log.h"
#include "sync/program/program.h"

#ifdef TAPPORT_DRIVER
#include "firmware-app/view/screen_driver.h"
#endif

#include <fstream>
#include <sstream>

#include <CLI/CLI.hpp>
#include <QtCore/QSocketNotifier>
#include <QtCore/QTime>
#include <QtGui/QGuiApplication>

namespace tapport::kiosk {
namespace {

constexpr std::string_view kProgram = "tapport-kiosk";

struct CommandLine {
    std::filesystem::path config = "kiosk.toml";
    std::string windowed;
    std::string connstring;
    int brokerPort = 0;
    std::filesystem::path driver;
};

}  // namespace
}  // namespace tapport::kiosk
