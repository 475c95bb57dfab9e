// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/event/event.h"
#include "sync/program/config.h"
#include "sync/program/program.h"
#include "sync/receipt/keys.h"
#include "sync/seal/seal.h"
#include "tests/support/child_process.h"
#include "tests/support/fixture.h"
#include "tests/support/short_files.h"
#include "tests/support/temp_dir.h"

#include <csignal>
#include <map>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace tapport::admin {
namespace {

using support::readFile;
using testing::AnyOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class EventCommand : public testing::Test {
  protected:
    support::Finished init(const std::vector<std::string>& more = {}) const {
        std::vector<std::string> command{support::program("tapport"), "event", "init",
                                         (dir_ / "fair").string()};
        command.insert(command.end(), more.begin(), more.end());
        return support::run(command);
    }
    support::Finished check(const std::filesystem::path& file) const {
        return support::run({support::program("tapport"), "event", "check", file.string()});
    }
    std::filesystem::path at(const char* name) const { return dir_ / "fair" / name; }
    /// Killed when it calls fsync() for this time; whether it came to that.
    bool initCutOffAt(int time) const {
        const auto cut =
            support::run({"strace", "-qq", "-o", "/dev/null", "-e", "trace=fsync", "-e",
                          "inject=fsync:signal=KILL:when=" + std::to_string(time),
                          support::program("tapport"), "event", "init", (dir_ / "fair").string()});
        EXPECT_THAT(cut.status, AnyOf(program::kExitOk, 128 + SIGKILL)) << cut.err;
        return cut.status != program::kExitOk;
    }
    /// Name and content of every file.
    std::map<std::string, std::string> files() const {
        std::map<std::string, std::string> found;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(dir_ / "fair")) {
            if (entry.is_regular_file()) {
                found[std::filesystem::relative(entry.path(), dir_ / "fair")] =
                    readFile(entry.path());
            }
        }
        return found;
    }

    support::TempDir dir_;
};

std::string afterLabel(const std::string& text, const std::string& label) {
    const std::regex line(label + ": (\\S+)");
    std::smatch match;
    return std::regex_search(text, match, line) ? match[1].str() : "";
}

TEST_F(EventCommand, InitMakesAnEventThatCheckTakes) {
    const auto made = init();

    ASSERT_EQ(made.status, program::kExitOk) << made.err;
    const auto checked = check(at("event.json"));
    EXPECT_EQ(checked.status, program::kExitOk) << checked.err;
    EXPECT_EQ(checked.out, "ok  example-expo-2026: 4 questions in en, de, 2 staff\n");
}

TEST_F(EventCommand, AnEventHasTheIdThatItIsGiven) {
    ASSERT_EQ(init({"--id", "fair-2027"}).status, program::kExitOk);

    EXPECT_EQ(event::parse(readFile(at("event.json")))->id.value, "fair-2027");
    EXPECT_THAT(readFile(at("keys.json")), HasSubstr("fair-2027"));
    for (const char* bad : {"Fair 2027", "../fair", "a-name-that-is-longer-than-thirty-two"}) {
        const auto refused = init({"--id", bad});
        EXPECT_EQ(refused.status, program::kExitUsage) << bad;
        EXPECT_THAT(refused.err, HasSubstr("--id must be 1 to 32"));
    }
}

TEST_F(EventCommand, KeysThatWereBackedUpComeBackWithThePassphraseOnly) {
    ASSERT_EQ(init().status, program::kExitOk);
    const auto tapport = [&](const std::string& arguments, const std::string& passphrase) {
        support::writeFile(dir_ / "typed", passphrase + "\n");
        return support::run({"sh", "-c",
                             support::program("tapport") + " event " + arguments + " < " +
                                 (dir_ / "typed").string()});
    };
    const std::string fair = (dir_ / "fair").string();
    const std::string backup = (dir_ / "keys.txt").string();
    const std::string key = readFile(at("keys/event.key"));
    const std::string signing = readFile(at("keys/hub.key"));
    const std::string passphrase = "correct horse battery";

    EXPECT_EQ(tapport("backup-key " + fair + " --out " + backup, "short").status,
              program::kExitFailed);
    ASSERT_EQ(tapport("backup-key " + fair + " --out " + backup, passphrase).status,
              program::kExitOk);
    EXPECT_THAT(readFile(backup), Not(HasSubstr(key.substr(0, 64))));
    EXPECT_EQ(std::filesystem::status(backup).permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    EXPECT_NE(tapport("restore-key " + backup + " --dir " + fair, passphrase).status,
              program::kExitOk)
        << "no key is overwritten";
    std::filesystem::remove(at("keys/event.key"));
    std::filesystem::remove(at("keys/hub.key"));
    const auto mistyped =
        tapport("restore-key " + backup + " --dir " + fair, "correct horse batterz");
    EXPECT_EQ(mistyped.status, program::kExitFailed);
    EXPECT_THAT(mistyped.err, HasSubstr("another passphrase"));
    EXPECT_THAT(mistyped.err, HasSubstr(std::string(adviceFor(Code::InvalidInput))));
    EXPECT_EQ(tapport("restore-key " + backup + " --dir " + fair, passphrase).status,
              program::kExitOk);

    EXPECT_EQ(readFile(at("keys/event.key")), key);
    EXPECT_EQ(readFile(at("keys/hub.key")), signing);
    const std::string authority = readFile(at("keys/ca.key"));
    const std::string certificate = readFile(at("keys/ca.crt"));
    std::filesystem::remove_all(at("keys"));
    EXPECT_EQ(tapport("restore-key " + backup + " --dir " + fair, passphrase).status,
              program::kExitOk);
    EXPECT_EQ(readFile(at("keys/ca.key")), authority);
    EXPECT_EQ(readFile(at("keys/ca.crt")), certificate);
    EXPECT_EQ(std::filesystem::status(at("keys/ca.key")).permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    std::filesystem::remove(at("keys/event.key"));
    std::filesystem::remove(at("keys/hub.key"));
    support::writeFile(at("keys/ca.key"), "another one");
    EXPECT_NE(tapport("restore-key " + backup + " --dir " + fair, passphrase).status,
              program::kExitOk)
        << "no authority is overwritten";
    EXPECT_FALSE(std::filesystem::exists(at("keys/event.key"))) << "all of it or nothing";
    const std::string other = (dir_ / "other").string();
    ASSERT_EQ(support::run({support::program("tapport"), "event", "init", other}).status,
              program::kExitOk);
    std::filesystem::remove_all(dir_ / "other" / "keys");
    EXPECT_EQ(tapport("restore-key " + backup + " --dir " + other, passphrase).status,
              program::kExitConfig)
        << "another event's";
}

TEST_F(EventCommand, ABackupOfKeysFromBeforeItHeldTheAuthorityIsRestored) {
    support::writeFile(dir_ / "typed", "correct horse battery\n");

    const auto restored =
        support::run({"sh", "-c",
                      support::program("tapport") + " event restore-key " +
                          support::fixture("event/key-backup-1.txt") + " --dir " +
                          (dir_ / "fair").string() + " < " + (dir_ / "typed").string()});

    EXPECT_EQ(restored.status, program::kExitOk) << restored.err;
    EXPECT_THAT(restored.out, HasSubstr("without the event's authority"));
    EXPECT_EQ(readFile(at("keys/event.key")),
              "1cfdf59e66d5d642c53e60d0b81893d0364e649a88410dfecec9b0645f89c80b\n");
    EXPECT_FALSE(std::filesystem::exists(at("keys/ca.key")));
}

TEST_F(EventCommand, InitKeepsTheSecretKeyToTheOwnerAndOffTheScreen) {
    const auto made = init();

    ASSERT_EQ(made.status, program::kExitOk) << made.err;
    const auto event = event::parse(readFile(at("event.json")));
    const std::string stored = readFile(at("keys/event.key"));
    const auto secret = fromHex(std::string_view(stored).substr(0, 64));
    ASSERT_TRUE(event && secret);
    EXPECT_EQ(seal::sealingKeysFrom(*secret)->publicKey, event->sealingKey);
    const std::string seed = readFile(at("keys/hub.key")).substr(0, 64);
    EXPECT_EQ(receipt::signingKeysFrom(*fromHex(seed))->publicKey, event->hubKey);
    EXPECT_THAT(made.out + made.err, Not(HasSubstr(seed)));
    EXPECT_EQ(std::filesystem::status(at("keys/event.key")).permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    EXPECT_EQ(std::filesystem::status(at("keys")).permissions(), std::filesystem::perms::owner_all);
    EXPECT_THAT(made.out + made.err, Not(HasSubstr(stored.substr(0, 64))));
}

TEST_F(EventCommand, InitLeavesNoFileThatIsHalfWritten) {
    // Short of the note of what is to be written, of the event file.
    for (const std::uintmax_t most : {40, 1000}) {
        {
            const support::ShortFiles full(most);
            // What it says would be too long for a file, too.
            EXPECT_EQ(support::run({"sh", "-c", R"(exec "$0" event init "$1" 2> /dev/null)",
                                    support::program("tapport"), (dir_ / "fair").string()})
                          .status,
                      program::kExitUnavailable)
                << most;
        }
        for (const auto& entry : std::filesystem::recursive_directory_iterator(dir_ / "fair")) {
            EXPECT_TRUE(!entry.is_regular_file() || entry.file_size() != most) << entry.path();
        }
        std::filesystem::remove_all(dir_ / "fair");
    }
}

TEST_F(EventCommand, InitShowsPinsAndPasswordOnceAndStoresOnlyTheirHashes) {
    const auto made = init();

    ASSERT_EQ(made.status, program::kExitOk) << made.err;
    const auto event = event::parse(readFile(at("event.json")));
    ASSERT_TRUE(event);
    for (const event::Staff& one : event->staff) {
        const std::string pin = afterLabel(made.out, "PIN of " + one.id.value);
        EXPECT_TRUE(seal::passwordMatches(pin, one.pinHash)) << one.id.value;
    }
    const std::string password = afterLabel(made.out, "administrator's password");
    auto hub = program::Config::load(at("hub.toml"));
    ASSERT_TRUE(hub);
    EXPECT_TRUE(seal::passwordMatches(password, hub->requiredText("web.admin_password_hash")));
    EXPECT_THAT(readFile(at("hub.toml")), Not(HasSubstr(password)));
}

TEST_F(EventCommand, InitGivesStaffABadgeThatTheEventFileRecognises) {
    const auto made = init();

    ASSERT_EQ(made.status, program::kExitOk) << made.err;
    const auto event = event::parse(readFile(at("event.json")));
    ASSERT_TRUE(event);
    const std::string uri = afterLabel(made.out, "Badge of kim");
    const std::string token = uri.substr(uri.rfind('/') + 1);
    EXPECT_THAT(uri, testing::StartsWith("https://badge.tapport.example/s/"));
    EXPECT_EQ(event->findStaff({"kim"})->badge,
              seal::deriveBadge(viewOf(token), event->badgeSalt).vault.lookup);
}

TEST_F(EventCommand, InitTakesPinsAndPasswordFromScripts) {
    support::writeFile(dir_ / "password", "correct horse\n");

    const auto made = init({"--staff-pin", "kim=1234", "--staff-pin", "alex=8765",
                            "--admin-password-file", (dir_ / "password").string()});

    ASSERT_EQ(made.status, program::kExitOk) << made.err;
    const auto event = event::parse(readFile(at("event.json")));
    auto hub = program::Config::load(at("hub.toml"));
    ASSERT_TRUE(event && hub);
    EXPECT_TRUE(seal::passwordMatches("1234", event->findStaff({"kim"})->pinHash));
    EXPECT_TRUE(seal::passwordMatches("8765", event->findStaff({"alex"})->pinHash));
    EXPECT_TRUE(
        seal::passwordMatches("correct horse", hub->requiredText("web.admin_password_hash")));
    EXPECT_THAT(made.out, Not(HasSubstr("PIN of")));
    EXPECT_THAT(made.out, Not(HasSubstr("password:")));
}

TEST_F(EventCommand, InitWritesSettingsWhoseEveryKeyIsKnown) {
    ASSERT_EQ(init().status, program::kExitOk);

    auto kiosk = program::Config::load(at("kiosk.toml"));
    auto hub = program::Config::load(at("hub.toml"));

    ASSERT_TRUE(kiosk && hub);
    EXPECT_EQ(kiosk->requiredText("kiosk"), "kiosk-1");
    EXPECT_EQ(kiosk->requiredPath("event"), at("event.json"));
    EXPECT_EQ(kiosk->requiredPath("data"), at("kiosk"));
    EXPECT_EQ(kiosk->text("reader.connstring", "?"), "");
    EXPECT_EQ(kiosk->text("reader.program", "?"), "");
    EXPECT_EQ(kiosk->text("broker.host", ""), "127.0.0.1");
    EXPECT_EQ(kiosk->integer("broker.port", 0, 1, 65535), 1883);
    EXPECT_EQ(kiosk->text("log.level", ""), "info");
    EXPECT_TRUE(kiosk->finish());
    EXPECT_EQ(hub->requiredPath("event_key"), at("keys/event.key"));
    EXPECT_EQ(hub->requiredPath("signing_key"), at("keys/hub.key"));
    EXPECT_EQ(hub->requiredPath("data"), at("hub"));
}

TEST_F(EventCommand, InitShowsWhereTheHubsDatabaseIsNamed) {
    ASSERT_EQ(init().status, program::kExitOk);
    std::string text = readFile(at("hub.toml"));
    const std::string off = "# database = ";
    ASSERT_NE(text.find(off), std::string::npos) << text;
    support::writeFile(at("hub.toml"), text.erase(text.find(off), 2));

    auto hub = program::Config::load(at("hub.toml"));

    ASSERT_TRUE(hub) << hub.error().context;
    EXPECT_THAT(hub->text("database", "sqlite"), testing::StartsWith("postgresql://"));
}

TEST_F(EventCommand, InitOverwritesNothingAndLeavesNothingHalfDone) {
    std::filesystem::create_directory(dir_ / "fair");
    support::writeFile(at("hub.toml"), "mine");

    const auto made = init();

    EXPECT_EQ(made.status, program::kExitFailed);
    EXPECT_THAT(made.err, HasSubstr("hub.toml is there already"));
    EXPECT_EQ(readFile(at("hub.toml")), "mine");
    EXPECT_FALSE(std::filesystem::exists(at("event.json")));
    EXPECT_FALSE(std::filesystem::exists(at("keys/event.key")));
    EXPECT_EQ(made.out, "");
}

TEST_F(EventCommand, InitGoesOnWhereItWasCutOff) {
    const std::vector<std::string> keys{"keys/event.key", "keys/root.key", "keys/hub.key",
                                        "keys/ca.key"};
    // Of the two calls for each file one or the other, and the last of all.
    int time = 3;
    for (; initCutOffAt(time); time += 3) {
        const auto before = files();
        const bool isAllThere =
            before.count("hub.toml") == 1 && before.count("event-init.unfinished") == 0;

        const auto again = init();

        const auto after = files();
        EXPECT_EQ(again.status, isAllThere ? program::kExitFailed : program::kExitOk)
            << time << again.err;
        std::vector<std::string> names;
        names.reserve(after.size());
        for (const auto& [name, content] : after) {
            names.push_back(name);
        }
        EXPECT_THAT(names,
                    ElementsAre("event.json", "hub.toml", "keys.json", "keys/ca.crt", "keys/ca.key",
                                "keys/event.key", "keys/hub.key", "keys/root.key", "kiosk.toml"))
            << time;
        for (const std::string& key : keys) {
            EXPECT_TRUE(before.count(key) == 0 || before.at(key) == after.at(key)) << time << key;
        }
        EXPECT_EQ(check(at("event.json")).status, program::kExitOk) << time;
        const auto event = event::parse(readFile(at("event.json")));
        ASSERT_TRUE(event);
        EXPECT_TRUE(isAllThere || seal::passwordMatches(afterLabel(again.out, "PIN of kim"),
                                                        event->findStaff({"kim"})->pinHash))
            << time;
        // The root's key is the event's, and the authority's certificate is the one it names.
        const auto published = support::run(
            {support::program("tapport"), "event", "publish", (dir_ / "fair").string()});
        EXPECT_EQ(published.status, program::kExitOk) << time << published.err;
        const auto broker = support::run({support::program("tapport"), "broker", "config",
                                          (dir_ / "fair").string(), "--host", "broker.example"});
        EXPECT_EQ(broker.status, program::kExitOk) << time << broker.err;
        std::filesystem::remove_all(dir_ / "fair");
    }
    EXPECT_GT(time, 20) << "it was cut off in every file";
}

TEST_F(EventCommand, InitThatWasCutOffTakesNothingForItsOwnThatSomebodyChanged) {
    constexpr int kBehindTheEventFile = 15;
    ASSERT_TRUE(initCutOffAt(kBehindTheEventFile));
    support::writeFile(at("event.json"), readFile(at("event.json")) + "\n");
    const auto before = files();

    const auto again = init();

    EXPECT_EQ(again.status, program::kExitFailed);
    EXPECT_THAT(again.err, HasSubstr("event.json is there already, and not as the run wrote it "
                                     "that was cut off: remove it"));
    EXPECT_EQ(files(), before);
    std::filesystem::remove(at("event.json"));
    EXPECT_EQ(init().status, program::kExitOk);
    EXPECT_EQ(readFile(at("keys/event.key")), before.at("keys/event.key"));
}

TEST_F(EventCommand, InitTakesUpNoEventThatHasBegun) {
    constexpr int kBehindTheEventFile = 15;
    ASSERT_TRUE(initCutOffAt(kBehindTheEventFile));
    std::filesystem::create_directories(at("hub"));
    support::writeFile(at("hub/hub.db"), "records");
    const auto before = files();

    const auto again = init();

    EXPECT_EQ(again.status, program::kExitFailed);
    EXPECT_THAT(again.err, HasSubstr("this event is in use"));
    EXPECT_EQ(files(), before);
}

TEST_F(EventCommand, InitRefusesABadPinAStrangerAndAShortPassword) {
    support::writeFile(dir_ / "password", "short\n");

    for (const auto& [pin, advice] :
         {std::pair{"kim=12a4", "4 to 8 digits"}, std::pair{"kim", "ID=PIN"},
          std::pair{"eve=1234", "names nobody"}}) {
        const auto refused = init({"--staff-pin", pin});
        EXPECT_EQ(refused.status, program::kExitUsage) << pin;
        EXPECT_THAT(refused.err, HasSubstr(advice));
    }
    EXPECT_THAT(init({"--admin-password-file", (dir_ / "password").string()}).err,
                HasSubstr("8 characters or more"));
    EXPECT_FALSE(std::filesystem::exists(at("event.json")));
}

TEST_F(EventCommand, CheckNamesWhatIsMissing) {
    const auto checked = check(support::fixture("event/missing-notice.json"));

    EXPECT_EQ(checked.status, program::kExitConfig);
    EXPECT_THAT(checked.err, HasSubstr("asks[0] newsletter/email: has no notice in 'de'"));
}

TEST_F(EventCommand, CheckNamesEveryLegalFieldThatIsMissing) {
    ASSERT_EQ(init().status, program::kExitOk);
    auto json = nlohmann::json::parse(readFile(at("event.json")));
    json["controller"].erase("contact");
    json["asks"][0]["terms"].erase("lawfulBasis");
    json["asks"][2]["terms"]["retention"].erase("deleteWithin");
    json["asks"][3]["texts"].erase("de");
    json.erase("profile");
    support::writeFile(at("event.json"), json.dump());

    const auto checked = check(at("event.json"));

    EXPECT_EQ(checked.status, program::kExitConfig);
    for (const char* problem :
         {"controller: has no 'contact'\n",
          "asks[0] sales-follow-up/email.terms: has no 'lawfulBasis'\n",
          "asks[2] newsletter/email.terms.retention: has no 'deleteWithin'\n",
          "asks[3] customer-service/email: has no notice in 'de'\n", "has no 'profile'\n"}) {
        EXPECT_THAT(checked.err, HasSubstr(problem));
    }
}

TEST_F(EventCommand, CheckSaysThatAFileIsNotThere) {
    const auto checked = check(dir_ / "nowhere.json");

    EXPECT_EQ(checked.status, program::kExitConfig);
    EXPECT_THAT(checked.err, HasSubstr("nowhere.json: No such file"));
}

}  // namespace
}  // namespace tapport::admin
