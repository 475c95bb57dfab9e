// SPDX-License-Identifier: GPL-3.0-or-later
// Canaries: strings that a visitor and staff type and tap into every screen, and that are then
// looked for wherever a kiosk could leave them: its files, its home, the broker, every log, what
// went over MQTT, and a core file.
#include "sync/mqtt/mqtt_client.h"
#include "tests/journey/boothday/booth.h"
#include "tests/support/temp_dir.h"
#include "tests/support/wait_until.h"

#include <csignal>
#include <fstream>
#include <set>
#include <thread>

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <unistd.h>

namespace tapport::boothday {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ContainsRegex;
using testing::IsEmpty;

/// What is looked for, and where each was put in.
const std::map<std::string, std::string> kCanaries{
    {"token on the badge", "canary-token-5e8d1c"},
    {"name on the badge", "kanarinus"},
    {"company on the badge", "vogelwerke canaria"},
    {"e-mail on the badge", "canary.bird@example.com"},
    {"phone, typed", "30901820"},
    {"code, typed", "canarycode"},
    {"note, typed", "yellow feathers"},
    {"promise, typed", "send bird seed"},
    {"e-mail, typed", "canary.typed@example.com"},
};

std::string wide(const std::string& text) {
    std::string utf16;
    for (const char c : text) {
        utf16 += c;
        utf16 += '\0';
    }
    return utf16;
}

/// The canaries in some bytes, as UTF-8 or as Qt holds text, in either case.
std::set<std::string> canariesIn(std::string bytes) {
    std::transform(bytes.begin(), bytes.end(), bytes.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    std::set<std::string> found;
    for (const auto& [where, text] : kCanaries) {
        if (bytes.find(text) != std::string::npos || bytes.find(wide(text)) != std::string::npos) {
            found.insert(where);
        }
    }
    return found;
}

/// Everything that is published, in clear, through a listener of the test's own.
class Capture {
  public:
    explicit Capture(int port) : client_(options(port)) {
        client_.connect(std::nullopt);
        thread_ = std::thread([this] { run(); });
    }
    ~Capture() { stop(); }
    Capture(const Capture&) = delete;
    Capture& operator=(const Capture&) = delete;

    void stop() {
        isStopping_ = true;
        client_.interrupt();
        if (thread_.joinable()) {
            thread_.join();
        }
    }
    /// After stop().
    [[nodiscard]] const std::string& bytes() const { return bytes_; }

  private:
    static mqtt::Options options(int port) {
        mqtt::Options options;
        options.port = port;
        options.clientId = "tapport-capture";  // the broker takes no other
        return options;
    }
    void run() {
        while (!isStopping_) {
            const auto event =
                client_.next(std::chrono::steady_clock::now() + std::chrono::seconds(1));
            if (!event) {
                continue;
            }
            if (std::holds_alternative<mqtt::Connected>(*event)) {
                (void)client_.subscribe("#");
            } else if (std::holds_alternative<mqtt::Lost>(*event)) {
                client_.connect(std::nullopt);
            } else if (const auto* const arrived = std::get_if<mqtt::Arrived>(&*event)) {
                bytes_ += arrived->topic + std::string(textOf(arrived->payload));
            }
        }
    }

    mqtt::Client client_;
    std::string bytes_;
    std::atomic<bool> isStopping_{false};
    std::thread thread_;
};

class Canaries : public testing::Test {
  protected:
    Canaries() {
        // Whatever the kiosk's libraries put elsewhere, they put here.
        const fs::path home = dir_ / "home";
        fs::create_directories(home);
        ::setenv("HOME", home.c_str(), 1);
        // A core file would be written, if a kiosk allowed it.
        ::chdir(home.c_str());
        const rlimit any{RLIM_INFINITY, RLIM_INFINITY};
        ::setrlimit(RLIMIT_CORE, &any);
        mayLockMemory_ = ::setrlimit(RLIMIT_MEMLOCK, &any) == 0;
        booth_ = std::make_unique<Booth>(dir_.path(), KioskWindow::Offscreen);
        addListener();
        capture_ = std::make_unique<Capture>(capturePort_);
    }

    void addListener() {
        booth_->broker().stop();
        std::ofstream(dir_ / "broker" / "mosquitto.conf", std::ios::app)
            << "\nlistener " << capturePort_ << " 127.0.0.1\nallow_anonymous true\n";
        booth_->broker().start();
    }
    ScreenClient& screens() { return booth_->screens(); }
    void on(const std::string& screen) {
        screens().waitFor({screen});
        visited_.insert(screen);
    }
    void press(const std::string& target, const std::string& then) {
        screens().waitForTarget(target);
        screens().press(target);
        on(then);
    }
    void tap(const std::string& then) {
        booth_->placeBadge(attendee_);
        on(then);
        booth_->removeBadge();
    }
    void write(const std::string& field, const std::string& text) {
        screens().press(field);
        screens().type(text);
        screens().press("textDone");
    }

    /// Yes to everything, with what the badge brings and a typed phone number.
    void visit() {
        tap("Purposes");
        press("all", "Contact");
        screens().type("030 901820");
        press("next", "Summary");
        press("confirm", "Saved");
        press("done", "Idle");
    }
    void talk() {
        press("staff", "StaffPin");
        for (const char digit : std::string(kStaffPin)) {
            screens().press(std::string("pin-") + digit);
        }
        press("pin-ok", "StaffForm");
        screens().press("need-" + booth_->need());
        if (screens().hasTarget("parts")) {
            screens().press("parts");
        }
        write("note", kCanaries.at("note, typed"));
        write("promise", kCanaries.at("promise, typed"));
        press("submit", "StaffSaved");
        press("done", "Idle");
    }
    /// Without a badge: a code, and an address letter by letter.
    void visitByCode() {
        press("seeMyAnswers", "TapToSee");
        press("typeCode", "Code");
        screens().type(kCanaries.at("code, typed"));
        press("next", "Purposes");
        press("all", "Contact");
        screens().type(kCanaries.at("e-mail, typed"));
        screens().press("next");
        screens().waitFor({"Contact"});
        screens().type("030 901820");
        press("next", "Summary");
        press("confirm", "Saved");
        press("done", "Idle");
    }
    void comeBack() {
        press("seeMyAnswers", "TapToSee");
        tap("Recorded");
        press("newReceipt", "Receipt");
        press("done", "Idle");
        tap("Recorded");
    }

    /// Where no canary may be: everything but the hub's own, and the badges.
    std::map<std::string, std::set<std::string>> findings() const {
        std::map<std::string, std::set<std::string>> findings;
        for (const auto& entry : fs::recursive_directory_iterator(dir_.path())) {
            const std::string folder =
                entry.path().lexically_relative(dir_.path()).begin()->string();
            const bool isAllowed =
                folder == "badges" || (folder == "hub" && entry.path().extension() != ".log");
            if (!entry.is_regular_file() || isAllowed) {
                continue;
            }
            if (auto found = canariesIn(support::readFile(entry.path())); !found.empty()) {
                findings[entry.path().string()] = std::move(found);
            }
        }
        return findings;
    }
    /// No core file may be written of it, and what it has in memory goes to no swap partition.
    void expectNoWayOutOfMemory(pid_t process) const {
        const std::string proc = "/proc/" + std::to_string(process);
        EXPECT_THAT(support::readFile(proc + "/limits"),
                    ContainsRegex("Max core file size +0 +0 +bytes"));
        if (mayLockMemory_) {
            EXPECT_THAT(support::readFile(proc + "/status"),
                        ContainsRegex("VmLck:[[:space:]]+[1-9][0-9]* kB"));
        }
    }
    std::set<std::string> inTheHub() const {
        std::string bytes;
        for (const auto& entry : fs::directory_iterator(dir_ / "hub")) {
            bytes += support::readFile(entry.path());
        }
        return canariesIn(bytes);
    }

    support::TempDir dir_;
    const Attendee attendee_{kCanaries.at("token on the badge"), kCanaries.at("name on the badge"),
                             kCanaries.at("company on the badge"),
                             kCanaries.at("e-mail on the badge"), ""};
    int capturePort_ = support::freePort();
    std::unique_ptr<Booth> booth_;
    std::unique_ptr<Capture> capture_;
    std::set<std::string> visited_;
    bool mayLockMemory_ = false;  ///< takes root, and a system that lets it
};

TEST_F(Canaries, AreNowhereButAtTheHub) {
    visit();
    talk();
    visitByCode();
    comeBack();

    expectNoWayOutOfMemory(booth_->kiosk().pid());
    // Somebody's answers are on the screen when it crashes.
    booth_->kiosk().signal(SIGSEGV);
    EXPECT_EQ(booth_->kiosk().wait(), 128 + SIGSEGV);
    booth_->killAndRestartKiosk();
    const HubCounts counts = booth_->waitForRecords(3);
    capture_->stop();

    EXPECT_EQ(counts.records, 3);
    EXPECT_EQ(inTheHub().size(), kCanaries.size() - 2) << "all but token and code: a search that "
                                                          "finds nothing proves nothing";
    EXPECT_THAT(findings(), IsEmpty());
    EXPECT_GT(capture_->bytes().size(), 1000U) << "nothing was captured";
    EXPECT_THAT(canariesIn(capture_->bytes()), IsEmpty());
    for (const auto& entry : fs::directory_iterator(dir_ / "home")) {
        EXPECT_NE(entry.path().filename().string().rfind("core", 0), 0U) << entry.path();
    }
    for (const char* screen : {"Purposes", "Contact", "Summary", "Saved", "StaffPin", "StaffForm",
                               "StaffSaved", "TapToSee", "Code", "Recorded", "Receipt"}) {
        EXPECT_THAT(visited_, Contains(screen));
    }
}

}  // namespace
}  // namespace tapport::boothday
