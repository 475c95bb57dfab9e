// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/journey/boothday/privacy.h"

#include "tests/support/temp_dir.h"

#include <gtest/gtest.h>

namespace tapport::boothday {
namespace {

class PersonalData : public testing::Test {
  protected:
    void write(const char* folder, const char* file, const std::string& text) const {
        std::filesystem::create_directories(dir_ / folder);
        support::writeFile(dir_ / folder / file, text);
    }
    support::TempDir dir_;
    Day day_ = planDay(3, 1, 4);
};

TEST_F(PersonalData, IsFoundInDatabasesAndLogsWhereItMustNotBe) {
    write("kiosk", "kiosk.db", std::string(100, '\0') + day_.visits[0].attendee.email);
    write("broker", "mosquitto.db", day_.visits[1].attendee.token);
    write("hub", "hub.log", "sent to " + day_.visits[2].attendee.phone);

    EXPECT_EQ(personalDataBelow(dir_.path(), day_).size(), 3U);
}

TEST_F(PersonalData, IsAtHomeInTheHubsDatabaseAndTheExport) {
    write("hub", "hub.db", day_.visits[0].attendee.email);
    write(".", "leads.csv", day_.visits[0].attendee.email);
    write("kiosk", "kiosk.log", "broker connected");

    EXPECT_EQ(personalDataBelow(dir_.path(), day_), std::vector<std::string>{});
}

}  // namespace
}  // namespace tapport::boothday
