// SPDX-License-Identifier: GPL-3.0-or-later
// A hub that is backed up, and a kiosk that keeps what no backup holds: the real store, agent,
// broker and hub.
#pragma once

#include "firmware-app/store/kiosk_store.h"
#include "tests/journey/site_agent.h"
#include "tests/support/wait_until.h"

#include <mutex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::journey {

/// The kiosk's programs in this process, until the end of its scope.
class Kiosk {
  public:
    explicit Kiosk(const HubSite& site) : site_(site) {
        std::filesystem::create_directories(site.path("kiosk"));
        store_ = store::KioskStore::open({site.path("kiosk") / "kiosk.db", hub::samples::kKiosk,
                                          site.event(), site.kioskKeys()})
                     .value();
    }
    void record(std::uint64_t first, std::uint64_t last) {
        for (std::uint64_t seq = first; seq <= last; ++seq) {
            const std::vector units{site_.visit(seq).unit};
            ASSERT_TRUE(store_->commit(units, std::nullopt));
        }
    }
    /// Connected, everything delivered, so many rows kept, and `isThere`: without anything new to
    /// send, that looks the same before the hub has told what it lacks.
    [[nodiscard]] bool delivers(
        std::uint64_t kept, const std::function<bool()>& isThere = [] { return true; }) {
        std::mutex mutex;
        agent::AgentStatus seen;
        agent::AgentRunner runner(agentOptions(site_), *store_,
                                  [&](const agent::AgentStatus& status) {
                                      const std::lock_guard lock(mutex);
                                      seen = status;
                                  });
        const bool isSo = support::waitUntil([&] {
            std::unique_lock lock(mutex);
            const agent::AgentStatus now = seen;
            lock.unlock();
            return now.isHubOnline && now.counts.waiting == 0 &&
                   now.counts.received - now.counts.dropped == kept && isThere();
        });
        runner.stop();
        return isSo;
    }

  private:
    const HubSite& site_;
    std::unique_ptr<store::KioskStore> store_;
};

class Backups : public testing::Test {
  protected:
    std::string file(const std::string& name) const { return site_.path(name).string(); }
    void expectInHub(std::int64_t records, const std::string& of = "hub") const {
        EXPECT_TRUE(support::waitUntil([&] {
            return site_.figure("visits", of) == records && site_.figure("unopened", of) == 0;
        })) << site_.command({"status"}, of).out;
        EXPECT_EQ(site_.figure("records", of), records);
        EXPECT_EQ(site_.figure("quarantined", of), 0);
        EXPECT_EQ(site_.figure("forks", of), 0);
        EXPECT_EQ(site_.figure("kiosks_complete", of), 1);
    }

    /// 3 records in first.db, 12 in second.db, of which the kiosk has dropped what it may; the hub
    /// is down.
    void backUpTwice() {
        site_.startHub();
        kiosk_.record(1, 3);
        ASSERT_TRUE(kiosk_.delivers(3));
        expectInHub(3);
        ASSERT_EQ(site_.command({"backup", "--out", file("first.db")}).status, 0);
        kiosk_.record(4, 12);
        ASSERT_TRUE(kiosk_.delivers(9)) << "1 to 3 are dropped";
        expectInHub(12);
        ASSERT_EQ(site_.command({"backup", "--out", file("second.db")}).status, 0);
        ASSERT_TRUE(kiosk_.delivers(8)) << "the newest stay";
        ASSERT_EQ(site_.stopHub(), 0);
    }
    /// What restores left beside the database.
    std::vector<std::filesystem::path> keptAside() const {
        std::vector<std::filesystem::path> kept;
        for (const auto& entry : std::filesystem::directory_iterator(site_.path("hub"))) {
            if (entry.path().string().find(".replaced-") != std::string::npos) {
                kept.push_back(entry.path());
            }
        }
        return kept;
    }

    /// The event file becomes another event's; gives what it was.
    std::string replaceEvent() const {
        const std::string own = support::readFile(site_.path("event.json"));
        const std::string id = "\"id\": \"" + site_.event().id.value + "\"";
        std::string other = own;
        support::writeFile(site_.path("event.json"),
                           other.replace(other.find(id), id.size(), "\"id\": \"another-fair\""));
        return own;
    }
    /// Of the hub that runs, as it tells kiosks.
    std::string epoch() const {
        KioskEnd end(site_);
        EXPECT_TRUE(end.awaitHub(wire::Presence::Online));
        return end.hubState() ? end.hubState()->hub.hex() : "";
    }
    /// Files of a restore that did not become the database.
    std::size_t drafts() const {
        const std::filesystem::directory_iterator files(site_.path("hub"));
        return static_cast<std::size_t>(std::count_if(
            begin(files), end(files), [](const std::filesystem::directory_entry& entry) {
                return entry.path().string().find(".restoring") != std::string::npos ||
                       entry.path().string().find(".comparing") != std::string::npos;
            }));
    }

    HubSite site_;
    Kiosk kiosk_{site_};
};

}  // namespace tapport::journey
