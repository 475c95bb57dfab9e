// SPDX-License-Identifier: GPL-3.0-or-later
// A real broker, a real hub and real kiosks without a screen, each behind a cable that can be cut,
// and what must be true of the hub's database in the end.
#pragma once

#include "tests/fault/schedules/timeline.h"
#include "tests/journey/hub_site.h"
#include "tests/support/interceptor.h"
#include "tests/support/postgres.h"
#include "tests/support/private_network.h"
#include "tests/support/wait_until.h"

#include <functional>
#include <set>

namespace tapport::fault {

/// strace on a running process, which makes its system calls fail or kill it; detached at the end.
class Injector {
  public:
    /// `inject` as in strace(1): "fdatasync:error=EIO:when=20". Returns when it is attached; false
    /// from isAttached() where the system does not permit it.
    Injector(pid_t process, const std::string& calls, const std::string& inject);
    [[nodiscard]] bool isAttached() const { return isAttached_; }
    /// True once a SIGSTOP has come through to the process.
    [[nodiscard]] bool awaitStop() const;

  private:
    support::TempDir dir_;
    std::unique_ptr<support::ChildProcess> strace_;
    bool isAttached_ = false;
};

/// What each of them does on the way from a press to the acknowledgement.
inline constexpr const char* kSteps = "write,writev,pwrite64,fdatasync,sendto,sendmsg";
inline constexpr const char* kSends = "sendto,sendmsg";

/// Stops the process as one of its threads enters one of these for the n-th time from now, while
/// `meanwhile` has begun. It stands there when this returns; false where it does not.
[[nodiscard]] bool stopAtStep(
    pid_t process, int n, const std::string& steps = kSteps,
    const std::function<void()>& meanwhile = [] {});

/// What a kiosk wrote down.
struct Diary {
    std::set<std::string> tried;
    std::set<std::string> confirmed;
    std::set<std::string> failed;
    std::size_t failures = 0;
    bool wasFull = false;
};

/// Where the hub keeps what it has.
enum class Store : std::uint8_t { Sqlite, Postgres };

class FaultSite {
  public:
    explicit FaultSite(int kiosks, Store store = Store::Sqlite);
    /// The hub at place 0 of the network, kiosks from place 1 on; the broker here. A place's cable
    /// is then the network's.
    FaultSite(int kiosks, const support::PrivateNetwork& network);

    struct Kiosk {
        record::KioskId name;
        std::filesystem::path data;
        std::unique_ptr<support::Interceptor>
            cable{};                    ///< none in a network with cables of its own
        std::vector<std::string> by{};  ///< a command that runs it elsewhere
        std::string host{"127.0.0.1"};  ///< the broker, as seen from there
        std::unique_ptr<support::ChildProcess> process;
        std::vector<std::string> environment{};
        std::vector<std::string> arguments{};
        bool keepsTimeline = false;
    };
    [[nodiscard]] Kiosk& kiosk(std::size_t which) { return kiosks_.at(which); }
    [[nodiscard]] std::size_t kiosks() const { return kiosks_.size(); }
    void startKiosk(Kiosk& kiosk) const;
    /// SIGKILL, if it still runs, and a new process on the same data.
    void restartKiosk(Kiosk& kiosk) const;
    void restartHub();
    void restartBroker();
    [[nodiscard]] journey::HubSite& hub() { return hub_; }
    /// Of a site with that store.
    [[nodiscard]] support::Postgres& postgres() { return *postgres_; }
    /// Another hub process on the hub's database: both then serve half of the kiosks each.
    [[nodiscard]] std::unique_ptr<support::ChildProcess> startWorker(const std::string& name);
    /// What psql says to this.
    [[nodiscard]] std::string query(const std::string& sql) const;

    /// Ids that the hub's database holds, by reading it: the hub is stopped for that and stays so.
    struct Held {
        std::set<std::string> filed;
        std::size_t rows = 0;
        std::size_t quarantined = 0;
    };
    [[nodiscard]] Held stopHubAndRead();
    [[nodiscard]] Diary diaryOf(const Kiosk& kiosk) const;
    [[nodiscard]] Diary diary() const;
    [[nodiscard]] Timeline timelineOf(const Kiosk& kiosk) const {
        return Timeline::read(timelineFile(kiosk));
    }
    [[nodiscard]] std::filesystem::path logOf(const Kiosk& kiosk) const;
    /// How many records the kiosk's agent has heard to be at the hub, a tenth of a second ago.
    [[nodiscard]] std::size_t receivedBy(const Kiosk& kiosk) const;
    /// Waits until all that this kiosk has confirmed by now is acknowledged, while it goes on.
    [[nodiscard]] bool isServed(const Kiosk& kiosk,
                                std::chrono::milliseconds patience = support::kPatience) const;
    /// Waits until so many are confirmed that losing one would be no accident.
    void expectMuchAtStake() const;
    /// Waits until all that was confirmed is at the hub, stops everything, and compares: every
    /// confirmed record is there and filed, none twice, none that nobody made, none quarantined.
    void expectAllAtTheHubOnce();

  private:
    void addKiosks(int count);
    void keepInPostgres();
    [[nodiscard]] Held readSqlite() const;
    [[nodiscard]] Held readPostgres() const;
    /// What the kiosks know of a record that is not at the hub.
    [[nodiscard]] std::string whereabouts(const std::string& id) const;
    [[nodiscard]] std::filesystem::path diaryFile(const Kiosk& kiosk) const;
    [[nodiscard]] std::filesystem::path timelineFile(const Kiosk& kiosk) const;
    [[nodiscard]] std::filesystem::path countsFile(const Kiosk& kiosk) const;

    std::unique_ptr<support::Postgres> postgres_;
    journey::HubSite hub_;
    std::vector<Kiosk> kiosks_;
};

}  // namespace tapport::fault
