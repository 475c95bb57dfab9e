// SPDX-License-Identifier: GPL-3.0-or-later
// Canaries: strings that visitors and staff type and tap into every screen, and that are then
// looked for wherever a kiosk could leave them: its files, its home, temporary files, the broker,
// every log, what went over MQTT, and a core file.
#include "sync/mqtt/mqtt_client.h"
#include "tests/fault/canary/canaries.h"
#include "tests/fault/schedules/fault_site.h"
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
        for (const char* folder :
             {"TMPDIR", "TMP", "TEMP", "SQLITE_TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME",
              "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"}) {
            const fs::path elsewhere = dir_ / "elsewhere" / folder;
            fs::create_directories(elsewhere);
            fs::permissions(elsewhere, fs::perms::owner_all);
            ::setenv(folder, elsewhere.c_str(), 1);
        }
        // A core file would be written, if a kiosk allowed it.
        ::chdir(home.c_str());
        const rlimit any{RLIM_INFINITY, RLIM_INFINITY};
        ::setrlimit(RLIMIT_CORE, &any);
        mayLockMemory_ = ::setrlimit(RLIMIT_MEMLOCK, &any) == 0;
        // Nobody walks away here, and the kiosk is slow while it is traced.
        booth_ =
            std::make_unique<Booth>(dir_.path(), KioskWindow::Offscreen, std::chrono::minutes(1));
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
    void tap(const Attendee& who, const std::string& then) {
        booth_->placeBadge(who);
        on(then);
        booth_->removeBadge();
    }
    void seeAnswers(const Attendee& who) {
        press("seeMyAnswers", "TapToSee");
        tap(who, "Recorded");
    }
    void write(const std::string& field, const std::string& text) {
        screens().press(field);
        screens().type(text);
        screens().press("textDone");
    }

    /// Yes to everything, with what the badge brings and a typed phone number.
    void visit() {
        tap(attendee_, "Purposes");
        press("all", "Contact");
        screens().type("030 " + kPhone);
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
        screens().type("030 " + kPhone);
        press("next", "Summary");
        press("confirm", "Saved");
        press("done", "Idle");
    }
    /// Each question by itself, and the disk fails once when it is confirmed; then all is taken
    /// back, and erased.
    void leaveAgain() {
        tap(leaver_, "Purposes");
        press("choose", "Question");
        for (std::size_t i = 0; i < booth_->asks().size(); ++i) {
            on("Question");
            screens().press(i == 0 ? "yes" : "no");
        }
        on("Summary");
        saveAtTheSecondTry();
        press("done", "Idle");
        seeAnswers(leaver_);
        press("withdraw-0", "Withdrawn");
        press("done", "Idle");
        seeAnswers(leaver_);
        screens().press("openErase");
        press("erase", "Erased");
        press("done", "Idle");
    }
    void saveAtTheSecondTry() {
        {
            const fault::Injector failing(booth_->kiosk().pid(), "fdatasync,fsync",
                                          "fdatasync,fsync:error=EIO");
            mayTrace_ = failing.isAttached();
            press("confirm", mayTrace_ ? "SaveFailed" : "Saved");
        }
        if (mayTrace_) {
            press("retry", "Saved");
        }
    }
    void sayNothing() {
        tap(guest_, "Purposes");
        press("underAge", "UnderAge");
        press("done", "Idle");
        tap(guest_, "Purposes");
        press("none", "NoThanks");
        press("done", "Idle");
        booth_->placeForeignCard();
        on("BadgeProblem");
        booth_->removeBadge();
        press("done", "Idle");
    }
    void comeBack() {
        seeAnswers(attendee_);
        press("newReceipt", "Receipt");
        press("done", "Idle");
        tap(attendee_, "Recorded");
    }
    void closeIt() {
        (void)support::run({support::program("tapport-hub"), "--config",
                            (dir_ / "hub.toml").string(), "revoke", "kiosk-1", "--why", "a test"});
        on("Closed");
    }

    /// Where no canary may be: everything but the hub's own, and the badges.
    Findings findings() const {
        Findings findings = nameless_;
        searchSharedFolders(dir_.path(), began_, findings);
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
                    ContainsRegex("Max core file size +[01] +[01] +bytes"));
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
    const Attendee leaver_{kCanaries.at("token of who leaves"), kCanaries.at("name of who leaves"),
                           kCanaries.at("company of who leaves"),
                           kCanaries.at("e-mail of who leaves"), ""};
    const Attendee guest_{kCanaries.at("token of a guest"), kCanaries.at("name of a guest"), "", "",
                          ""};
    const fs::file_time_type began_ = fs::file_time_type::clock::now();
    int capturePort_ = support::freePort();
    std::unique_ptr<Booth> booth_;
    std::unique_ptr<Capture> capture_;
    std::set<std::string> visited_;
    Findings nameless_;
    bool mayTrace_ = false;
    bool mayLockMemory_ = false;  ///< takes root, and a system that lets it
};

/// Two visits, a talk; a visit of a yes and of noes, a withdrawal, an erasure; a refusal.
constexpr std::int64_t kRecords = 8;

TEST_F(Canaries, AreNowhereButAtTheHub) {
    visit();
    talk();
    visitByCode();
    leaveAgain();
    sayNothing();
    comeBack();

    expectNoWayOutOfMemory(booth_->kiosk().pid());
    searchNamelessFiles(booth_->kiosk().pid(), nameless_);
    // Somebody's answers are on the screen when it crashes.
    booth_->kiosk().signal(SIGSEGV);
    EXPECT_EQ(booth_->kiosk().wait(), 128 + SIGSEGV);
    booth_->killAndRestartKiosk();
    const HubCounts counts = booth_->waitForRecords(kRecords);
    closeIt();
    capture_->stop();

    EXPECT_EQ(counts.records, kRecords);
    EXPECT_EQ(inTheHub(), kAtTheHub) << "of who was erased nothing any more";
    EXPECT_THAT(findings(), IsEmpty());
    EXPECT_GT(capture_->bytes().size(), 1000U) << "nothing was captured";
    EXPECT_THAT(canariesIn(capture_->bytes()), IsEmpty());
    for (const auto& entry : fs::directory_iterator(dir_ / "home")) {
        EXPECT_NE(entry.path().filename().string().rfind("core", 0), 0U) << entry.path();
    }
    for (const char* screen :
         {"Purposes", "Question", "Contact", "Summary", "Saved", "StaffPin", "StaffForm",
          "StaffSaved", "TapToSee", "Code", "Recorded", "Receipt", "Withdrawn", "Erased",
          "UnderAge", "NoThanks", "BadgeProblem", "Closed"}) {
        EXPECT_THAT(visited_, Contains(screen));
    }
    EXPECT_EQ(visited_.count("SaveFailed"), mayTrace_ ? 1U : 0U);
}

}  // namespace
}  // namespace tapport::boothday
