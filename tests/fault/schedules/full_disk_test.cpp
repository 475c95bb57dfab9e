// SPDX-License-Identifier: GPL-3.0-or-later
// A file system that others filled: the kiosk goes on with its reserve, then says so, and confirms
// nothing that it has not got; the hub acknowledges nothing, says so, and goes on when there is
// room. A real one of fixed size, in memory; making it takes root.
#include "tests/fault/scale.h"
#include "tests/fault/schedules/fault_site.h"

#include <fstream>

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <sys/mount.h>

namespace tapport::fault {
namespace {

constexpr const char* kSize = "size=64m";
constexpr std::size_t kPromised = 2000;

/// Mounted over a folder, with everything in it, as long as this lives.
class SmallDisk {
  public:
    explicit SmallDisk(std::filesystem::path at) : at_(std::move(at)) {
        isThere_ = ::mount("tmpfs", at_.c_str(), "tmpfs", 0, kSize) == 0;
    }
    ~SmallDisk() {
        if (isThere_) {
            ::umount2(at_.c_str(), MNT_DETACH);
        }
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    [[nodiscard]] bool isThere() const { return isThere_; }
    /// Until not a byte more goes in.
    void fill() const {
        std::ofstream out(at_ / "others", std::ios::binary);
        for (std::size_t chunk = 1024UL * 1024; chunk > 0; chunk /= 4) {
            const std::string bytes(chunk, 'x');
            while (out.write(bytes.data(), static_cast<std::streamsize>(chunk)).flush()) {
            }
            out.clear();
        }
    }
    void makeRoom() const { std::filesystem::remove(at_ / "others"); }

  private:
    std::filesystem::path at_;
    bool isThere_ = false;
};

TEST(FullDisk, TakesTwoThousandRecordsMoreAndConfirmsNothingItHasNotGot) {
    FaultSite site(1);
    FaultSite::Kiosk& kiosk = site.kiosk(0);
    const std::string key = support::readFile(kiosk.data / "signing.key");
    const SmallDisk disk(kiosk.data);
    if (!disk.isThere()) {
        GTEST_SKIP() << "no file system of our own without root";
    }
    support::writeFile(kiosk.data / "signing.key", key);
    kiosk.cable->set(support::Interceptor::Mode::Swallow);  // nothing can leave either
    kiosk.arguments = {"--pause", "0"};
    site.startKiosk(kiosk);
    ASSERT_TRUE(support::waitUntil([&] { return site.diary().confirmed.size() > 20; }));

    disk.fill();
    const std::size_t before = site.diary().confirmed.size();
    const std::size_t enough = runsAll() ? SIZE_MAX : before + kPromised;
    EXPECT_TRUE(support::waitUntil(
        [&] { return site.diary().wasFull || site.diary().confirmed.size() > enough; },
        std::chrono::minutes(5)));
    const std::size_t more = site.diary().confirmed.size() - before;

    EXPECT_GE(more, kPromised);
    // As much as the reserve has used up, but not twice that: the log and the database cannot both
    // grow again.
    disk.makeRoom();
    site.expectAllAtTheHubOnce();
    fmt::print("{} records on a full disk\n", more);
}

TEST(FullDisk, AHubAcknowledgesNothingUntilThereIsRoomAndThenHasEverythingOnce) {
    FaultSite site(1);
    FaultSite::Kiosk& kiosk = site.kiosk(0);
    ASSERT_EQ(site.hub().stopHub(), 0);
    const SmallDisk disk(site.hub().path("hub"));
    if (!disk.isThere()) {
        GTEST_SKIP() << "no file system of our own without root";
    }
    site.restartHub();
    const auto health = [&] {
        return support::run({"curl", "--silent", site.hub().url() + "/healthz"}).out;
    };
    // From the metrics: `status` would sort what came first, as far as it can.
    const auto kept = [&] {
        const auto metrics = support::run({"curl", "--silent", site.hub().url() + "/metrics"}).out;
        std::vector<std::int64_t> figures;
        for (const std::string name : {"\ntapport_hub_records ", "\ntapport_hub_unsorted_bytes "}) {
            const std::size_t at = metrics.find(name);
            EXPECT_NE(at, std::string::npos) << name << metrics;
            figures.push_back(
                at == std::string::npos ? -1 : std::stoll(metrics.substr(at + name.size())));
        }
        return figures;
    };
    disk.fill();
    EXPECT_TRUE(support::waitUntil([&] { return health().find("KiB left") != std::string::npos; }))
        << "before anybody sends: " << health();
    disk.makeRoom();
    site.startKiosk(kiosk);
    ASSERT_TRUE(support::waitUntil([&] { return kept().front() > 20; }));
    EXPECT_TRUE(support::waitUntil([&] { return health() == "ok\n"; })) << health();

    disk.fill();
    ASSERT_TRUE(support::waitUntil([&] {
        return health().find("nothing acknowledged") != std::string::npos;
    })) << health();
    const auto before = kept();
    const std::size_t confirmed = site.diary().confirmed.size();
    ASSERT_TRUE(support::waitUntil([&] { return site.diary().confirmed.size() > confirmed + 20; }))
        << "the kiosk goes on";
    EXPECT_EQ(kept(), before);
    const support::Finished status = site.hub().command({"status"});
    EXPECT_EQ(status.status, 0) << status.err;
    const bool isSorted = before.back() == 0;
    EXPECT_EQ(status.out.find("what came last is not counted yet: ") == std::string::npos, isSorted)
        << status.out;
    disk.makeRoom();

    EXPECT_TRUE(support::waitUntil([&] { return health() == "ok\n"; })) << health();
    site.expectAllAtTheHubOnce();
}

}  // namespace
}  // namespace tapport::fault
