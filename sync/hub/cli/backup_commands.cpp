// SPDX-License-Identifier: GPL-3.0-or-later
// Backups, and the way back. A restored hub has a new epoch: kiosks then say what they have, and
// send again what it lacks.
#include "sync/hub/cli/answers.h"
#include "sync/hub/cli/commands.h"
#include "sync/hub/cli/open_hub.h"
#include "sync/hub/export/atomic_file.h"
#include "sync/hub/store/pg_leases.h"
#include "sync/hub/store/pg_store.h"
#include "sync/hub/store/sqlite_backup.h"
#include "sync/hub/store/sqlite_store.h"
#include "sync/program/program.h"

#include <chrono>
#include <thread>

#include <fmt/core.h>

namespace tapport::hub {
namespace {

namespace fs = std::filesystem;

constexpr const char* kName = "tapport-hub";

/// The folder's, else the one beside the backup: the database refuses another one than its own.
Result<ledger::SuppressionKey> suppressionKeyFor(const DataDir& dir, const fs::path& backup) {
    auto own = DataDir::readSuppressionKey(dir.suppressionKeyFile());
    return own || own.error().code != Code::NotFound
               ? own
               : DataDir::readSuppressionKey(suppressionKeyBeside(backup));
}

/// Of a database that no hub has open; closed when this returns. That empties the write-ahead log:
/// of a file that gets another name meanwhile it would stay behind, with the epoch in it.
Result<> beginEpoch(Result<std::unique_ptr<Store>> opened, const event::Event& event) {
    if (!opened) {
        return tl::unexpected(opened.error());
    }
    const std::unique_ptr<Store> store = std::move(*opened);
    if (const auto own = refuseOtherEvent(*store, event); !own) {
        return own;
    }
    wire::HubEpoch epoch;
    program::fillRandom(epoch.bytes.data(), epoch.bytes.size());
    return store->beginHubEpoch(epoch);
}

/// A copy on its way to be the database; goes with this object, unless it became it.
class Draft {
  public:
    explicit Draft(const fs::path& database) : file_(database.string() + ".restoring") {
        remove();  // of a restore that was broken off
    }
    ~Draft() { remove(); }
    Draft(const Draft&) = delete;
    Draft& operator=(const Draft&) = delete;

    [[nodiscard]] Result<> copyFrom(const fs::path& backup) const {
        if (const auto made = makePrivateFile(file_); !made) {
            return made;
        }
        std::error_code failed;
        fs::copy_file(backup, file_, fs::copy_options::overwrite_existing, failed);
        return failed ? fail(Code::Storage, file_.string() + ": " + failed.message()) : Result<>{};
    }
    [[nodiscard]] Result<> become(const fs::path& database) const {
        std::error_code failed;
        if (fs::exists(log(), failed)) {
            return fail(Code::Storage, log().string() + ": could not be emptied");
        }
        return syncFile(file_).and_then([&] {
            const auto now = program::readClocks().wall.time_since_epoch().count();
            return replaceSqliteFile(file_, database, fmt::format(".replaced-{}", now));
        });
    }
    [[nodiscard]] const fs::path& file() const { return file_; }

  private:
    [[nodiscard]] fs::path log() const { return file_.string() + "-wal"; }
    void remove() const {
        std::error_code failed;
        fs::remove(file_, failed);
        fs::remove(log(), failed);
    }

    fs::path file_;
};

Result<> restoreSqlite(const DataDir& dir, const event::Event& event, const fs::path& backup) {
    if (const auto checked = checkSqliteBackup(backup); !checked) {
        return checked;
    }
    const auto key = suppressionKeyFor(dir, backup);
    if (!key) {
        return tl::unexpected(key.error());
    }
    const Draft draft(dir.database());
    return draft.copyFrom(backup)
        .and_then(
            [&] { return beginEpoch(openSqliteStore(draft.file(), scopeOf(event), *key), event); })
        .and_then([&] { return dir.keepSuppressionKey(*key); })
        .and_then([&] { return draft.become(dir.database()); });
}

/// A worker keeps the epoch that it read at its start, so none may be at work. A dump that was made
/// beside workers holds their leases, and a killed one leaves its own: those end by themselves.
Result<> awaitNoWorker(const std::string& url) {
    using Clock = std::chrono::steady_clock;
    const auto deadline = Clock::now() + Leases::kLease + std::chrono::seconds(1);
    for (;;) {
        const auto workers = liveWorkers(url);
        if (!workers) {
            return tl::unexpected(workers.error());
        }
        if (workers->empty()) {
            return {};
        }
        if (Clock::now() >= deadline) {
            return fail(Code::Busy, fmt::format("worker '{}' serves kiosks from this database",
                                                workers->front()));
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
}

Result<> restorePg(const DataDir& dir, const event::Event& event, const std::string& url) {
    const auto key = DataDir::readSuppressionKey(dir.suppressionKeyFile());
    if (!key) {
        return tl::unexpected(key.error());
    }
    auto store = openPgStore(url, scopeOf(event), *key, {});
    if (!store) {
        return tl::unexpected(store.error());
    }
    if (const auto alone = awaitNoWorker(url); !alone) {
        return alone;
    }
    return beginEpoch(std::move(store), event);
}

Result<> restore(const HubConfig& config, const std::optional<fs::path>& backup) {
    if (backup.has_value() != config.database.empty()) {
        return fail(Code::InvalidInput,
                    backup ? "PostgreSQL is restored with pg_restore; then: tapport-hub restore"
                           : "restore which file?");
    }
    if (auto ready = seal::initialise(); !ready) {
        return ready;
    }
    const auto dir = DataDir::open(config.data);
    if (!dir) {
        return tl::unexpected(dir.error());
    }
    const auto lock = DataLock::take(*dir);
    if (!lock) {
        return tl::unexpected(lock.error());
    }
    const auto file = readEventFile(config.event);
    if (!file) {
        return tl::unexpected(file.error());
    }
    return backup ? restoreSqlite(*dir, file->event, *backup)
                  : restorePg(*dir, file->event, config.database);
}

}  // namespace

int backUp(const HubConfig& config, const fs::path& file) {
    return printAnswer(config, kBackup + fs::absolute(file).string());
}

int restoreHub(const HubConfig& config, const std::optional<fs::path>& backup) {
    if (const auto restored = restore(config, backup); !restored) {
        return program::reportFailure(kName, restored.error());
    }
    fmt::print(
        "restored, with a new hub epoch: start the hub, and kiosks send what it lacks\n"
        "what they had dropped since this backup is only in later ones\n");
    return program::kExitOk;
}

}  // namespace tapport::hub
