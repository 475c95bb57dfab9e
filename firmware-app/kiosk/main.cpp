// SPDX-License-Identifier: GPL-3.0-or-later
// tapport-kiosk: command line, configuration, window.
#include "firmware-app/kiosk/kiosk.h"
#include "qml/kiosk_window.h"
#include "sync/program/log.h"
#include "sync/program/program.h"

#ifdef TAPPORT_DRIVER
#include "firmware-app/view/screen_driver.h"
#endif

#include <CLI/CLI.hpp>
#include <QtCore/QSocketNotifier>
#include <QtGui/QGuiApplication>

namespace tapport::kiosk {
namespace {

constexpr std::string_view kProgram = "tapport-kiosk";
/// A few times what is on its way in a drain.
constexpr std::size_t kFreedMemory = std::size_t{8} * 1024 * 1024;

struct CommandLine {
    std::filesystem::path config = "kiosk.toml";
    std::string windowed;
    std::string connstring;
    int brokerPort = 0;
    std::string logLevel;
    std::filesystem::path driver;
};

void describe(CLI::App& app, CommandLine& line) {
    app.set_version_flag("--version", "tapport-kiosk " TAPPORT_VERSION);
    app.add_option("--config", line.config, "configuration (TOML)")->capture_default_str();
    app.add_option("--windowed", line.windowed, "window of WIDTHxHEIGHT instead of full screen")
        ->check([](const std::string& text) {
            int width = 0;
            int height = 0;
            char rest = 0;
            const bool isSize =
                std::sscanf(text.c_str(), "%5dx%5d%c", &width, &height, &rest) == 2 && width > 0 &&
                height > 0;
            return isSize ? std::string() : "a size such as 800x480, not " + text;
        });
    app.add_option("--connstring", line.connstring, "badge reader, instead of the configuration's");
    app.add_option("--broker-port", line.brokerPort, "instead of the configuration's")
        ->check(CLI::Range(1, 65535));
    app.add_option("--log-level", line.logLevel, "instead of the configuration's")
        ->check(CLI::IsMember({"debug", "info", "warning", "error"}));
#ifdef TAPPORT_DRIVER
    app.add_option("--driver", line.driver,
                   "socket of the screen driver (development builds only)");
#endif
    app.footer(
        "Exit codes: 0 ended by signal, 1 failed, 2 command line, 3 configuration, "
        "4 database or device not available.");
}

Result<Settings> settingsFrom(const CommandLine& line) {
    auto settings = readSettings(line.config);
    if (settings && !line.connstring.empty()) {
        settings->connstring = line.connstring;
    }
    if (settings && line.brokerPort != 0) {
        settings->broker.port = line.brokerPort;
        settings->broker.others.clear();
    }
    if (settings && !line.logLevel.empty()) {
        settings->logLevel = line.logLevel;
    }
    return settings;
}

std::optional<QSize> sizeFrom(const std::string& text) {
    if (text.empty()) {
        return std::nullopt;
    }
    const std::size_t cross = text.find('x');
    return QSize(std::stoi(text.substr(0, cross)), std::stoi(text.substr(cross + 1)));
}

/// Opens everything on the event file as it is now; what the event loop ended with.
Result<int> serve(const Settings& settings, const CommandLine& line) {
    auto kiosk = Kiosk::open(settings);
    if (!kiosk) {
        return tl::unexpected(kiosk.error());
    }
    // Not when the window goes because it is to come again.
    QGuiApplication::setQuitOnLastWindowClosed(true);
    const auto window =
        qml::KioskWindow::open((*kiosk)->viewModel(), (*kiosk)->status(),
                               {sizeFrom(line.windowed), settings.pitchMillimetres});
    if (!window) {
        return tl::unexpected(window.error());
    }
#ifdef TAPPORT_DRIVER
    std::unique_ptr<view::ScreenDriver> driver;
    if (!line.driver.empty()) {
        auto listening = view::ScreenDriver::listen((*window)->window(),
                                                    QString::fromStdString(line.driver.string()));
        if (!listening) {
            return tl::unexpected(listening.error());
        }
        driver = std::move(*listening);
    }
#endif
    (*kiosk)->start();
    const int ended = QGuiApplication::exec();
    QGuiApplication::setQuitOnLastWindowClosed(false);
    return ended == kEventOver && !(*kiosk)->leave() ? kOpenAgain : ended;
}

int run(const CommandLine& line, int& argc, char** argv) {
    // Before any thread starts, so that no thread takes the signal the ordinary way.
    const auto termination = program::openTerminationFd();
    if (!termination) {
        return program::reportFailure(kProgram, termination.error());
    }
    program::forbidCoreDumps();
    const auto settings = settingsFrom(line);
    if (!settings) {
        return program::reportFailure(kProgram, settings.error());
    }
    program::keepFreedMemory(kFreedMemory);
    program::startLogging(kProgram, settings->logLevel);
    if (const auto locked = program::lockMemory(); !locked) {
        program::logWarning("{}: what people type may reach a swap partition",
                            locked.error().context);
    }
    if (const auto ready = seal::initialise(); !ready) {
        return program::reportFailure(kProgram, ready.error());
    }
    qputenv("QT_QUICK_CONTROLS_STYLE", "Basic");
    if (!qEnvironmentVariableIsSet("QT_QUICK_BACKEND")) {
        qputenv("QT_QUICK_BACKEND", "software");
    }

    const QGuiApplication app(argc, argv);
    qml::useFonts();
    const QSocketNotifier end(*termination, QSocketNotifier::Read);
    QObject::connect(&end, &QSocketNotifier::activated, &app, &QGuiApplication::quit);
    Result<int> ended = kOpenAgain;
    while (ended && *ended == kOpenAgain) {
        ended = serve(*settings, line);
    }
    if (ended && *ended == kEventOver) {
        ended = retire(*settings).map([] { return program::kExitOk; });
    }
    return ended ? *ended : program::reportFailure(kProgram, ended.error());
}

}  // namespace
}  // namespace tapport::kiosk

int main(int argc, char** argv) {
    tapport::kiosk::CommandLine line;
    CLI::App app("Tapport's kiosk: attendees answer, staff log conversations");
    tapport::kiosk::describe(app, line);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : tapport::program::kExitUsage;
    }
    return tapport::kiosk::run(line, argc, argv);
}
