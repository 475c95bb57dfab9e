// SPDX-License-Identifier: GPL-3.0-or-later
// A running hub opens everything again with an event file that was published, whatever is in its
// way at that moment.
#include "tests/journey/hub_site.h"

#include <gtest/gtest.h>

namespace tapport::journey {
namespace {

class Editions : public testing::Test {
  protected:
    void SetUp() override {
        support::ChildOptions options;
        options.log = site_.path("hub.log");
        hub_ = std::make_unique<support::ChildProcess>(
            std::vector<std::string>{support::program("tapport-hub"), "--config",
                                     site_.path("hub.toml").string()},
            options);
        url_ = hub_->readLine().value_or("");
        ASSERT_NE(url_, "");
    }
    /// One that says something else.
    void publishRenamed() const {
        std::string file = support::readFile(site_.path("event.json"));
        file.replace(file.find("Example Expo"), 12, "Renamed Expo");
        support::writeFile(site_.path("event.json"), file);
        site_.publishEdition(2);
    }
    bool isRenamed() const {
        const auto page = support::run({"curl", "--silent", url_ + "/login"}).out;
        return page.find("Renamed Expo") != std::string::npos;
    }

    HubSite site_;
    std::unique_ptr<support::ChildProcess> hub_;
    std::string url_;
};

TEST_F(Editions, AreTakenOnceEveryFileFitsAgain) {
    const std::string keys = support::readFile(site_.path("keys.json"));
    support::writeFile(site_.path("keys.json"), keys.substr(0, keys.size() / 2));
    publishRenamed();

    EXPECT_TRUE(support::waitUntil([&] {
        return support::readFile(site_.path("hub.log")).find("and tries again") !=
               std::string::npos;
    })) << "it opens everything anew, and cannot";
    support::writeFile(site_.path("keys.json"), keys);

    EXPECT_TRUE(support::waitUntil([&] { return isRenamed(); }));
    EXPECT_EQ(hub_->terminate(), 0);
}

}  // namespace
}  // namespace tapport::journey
