// SPDX-License-Identifier: GPL-3.0-or-later
// Backups, and the way back. A restored hub has a new epoch: kiosks then say what they have, and
// send again what it lacks.
#include "sync/hub/cli/answers.h"
#include "sync/hub/cli/commands.h"
#include "sync/hub/cli/open_hub.h"
#include "sync/hub/cli/replaced_database.h"
#include "sync/hub/export/atomic_file.h"
#include "sync/hub/ingest/sorting.h"
#include "sync/hub/store/pg_leases.h"
#include "sync/hub/store/pg_store.h"
#include "sync/hub/store/sqlite_backup.h"
#include "sync/hub/store/sqlite_store.h"
#include "sync/program/program.h"

#include <chrono>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
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

/// Losing the register would forget who is revoked. One that is there is not touched: gives how
/// many lines of the backup's it lacks.
Result<std::size_t> bringRegister(const fs::path& own, const fs::path& backup) {
    std::ifstream in(kioskRegisterBeside(backup), std::ios::binary);
    if (!in) {
        return std::size_t{0};  // made where no authority is, or before there was one beside it
    }
    const std::string kept{std::istreambuf_iterator<char>(in), {}};
    std::error_code failed;
    if (!fs::exists(own, failed)) {
        if (fs::create_directories(own.parent_path(), failed)) {
            fs::permissions(own.parent_path(), fs::perms::owner_all, failed);
        }
        return writeAtomically(own, kept).map([] { return std::size_t{0}; });
    }
    std::ifstream there(own, std::ios::binary);
    std::set<std::string> lines;
    for (std::string line; std::getline(there, line);) {
        lines.insert(line);
    }
    std::istringstream all(kept);
    std::size_t lacking = 0;
    for (std::string line; std::getline(all, line);) {
        lacking += lines.count(line) == 0 ? 1 : 0;
    }
    return lacking;
}

/// A database that no hub has open begins an epoch.
Result<> beginEpoch(Store& store) {
    wire::HubEpoch epoch;
    program::fillRandom(epoch.bytes.data(), epoch.bytes.size());
    return store.beginHubEpoch(epoch);
}

/// What became of a restore.
struct Restored {
    std::optional<fs::path> kept;  ///< the database that was there
    std::optional<std::string> unread;
    std::vector<Lost> lost;
    CarriedOver carried;
    std::size_t unregistered = 0;  ///< lines of the backup's register of kiosks that are not here
};

Result<> refuseOlder(const std::vector<Lost>& lost) {
    return lost.empty() ? Result<>{}
                        : fail(Code::InvalidInput,
                               fmt::format("kiosks were told that a later backup holds what this "
                                           "one lacks, and may have dropped it: {}. Restore the "
                                           "latest backup. Only when there is none any more: "
                                           "--older",
                                           lostText(lost)));
}

/// The draft becomes what the database is to be, and is closed when this returns: that empties the
/// write-ahead log, which would stay behind under the draft's name with the epoch in it.
Result<> complete(Result<std::unique_ptr<Store>> opened, const event::Event& event,
                  const ReplacedDatabase& replaced, Older older, Restored& done) {
    if (!opened) {
        return tl::unexpected(opened.error());
    }
    Store& store = **opened;
    // Sorted, so that nothing that it holds is taken for missing.
    if (const auto own = refuseOtherEvent(store, event).and_then([&] {
            return Sorting(store).all(Whose::Anybodys);
        });
        !own) {
        return own;
    }
    const auto lacking = replaced.lostIn(store);
    if (!lacking) {
        return tl::unexpected(lacking.error());
    }
    if (older == Older::Refused) {
        if (const auto refused = refuseOlder(*lacking); !refused) {
            return refused;
        }
    }
    return replaced.carryInto(store, program::readClocks().wall)
        .and_then([&](const CarriedOver& carried) {
            done.carried = carried;
            return replaced.lostIn(store);
        })
        .and_then([&](std::vector<Lost> lost) {
            done.lost = std::move(lost);
            return beginEpoch(store);
        });
}

Result<Restored> restoreSqlite(const DataDir& dir, const event::Event& event,
                               const fs::path& backup, const fs::path& kiosks, Older older) {
    if (const auto checked = checkSqliteBackup(backup); !checked) {
        return tl::unexpected(checked.error());
    }
    const auto key = suppressionKeyFor(dir, backup);
    if (!key) {
        return tl::unexpected(key.error());
    }
    const auto replaced = ReplacedDatabase::read(dir, event, *key);
    if (!replaced) {
        return tl::unexpected(replaced.error());
    }
    Restored done;
    done.unread = replaced->unread();
    const Draft draft(dir.database(), ".restoring");
    return draft.copyFrom(backup, Draft::Log::Without)
        .and_then([&] {
            return complete(openSqliteStore(draft.file(), scopeOf(event), *key), event, *replaced,
                            older, done);
        })
        .and_then([&] { return dir.keepSuppressionKey(*key); })
        .and_then([&] { return bringRegister(kiosks, backup); })
        .and_then([&](std::size_t lacking) {
            done.unregistered = lacking;
            return draft.become(dir.database());
        })
        .map([&](std::optional<fs::path> kept) {
            done.kept = std::move(kept);
            return std::move(done);
        });
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

/// PostgreSQL's own tools have put the backup in the database's place: what was there is gone.
Result<Restored> restorePg(const DataDir& dir, const event::Event& event, const std::string& url) {
    const auto key = DataDir::readSuppressionKey(dir.suppressionKeyFile());
    if (!key) {
        return tl::unexpected(key.error());
    }
    const auto store = openPgStore(url, scopeOf(event), *key, {});
    if (!store) {
        return tl::unexpected(store.error());
    }
    return awaitNoWorker(url)
        .and_then([&] { return refuseOtherEvent(**store, event); })
        .and_then([&] { return beginEpoch(**store); })
        .map([] { return Restored{}; });
}

Result<Restored> restore(const HubConfig& config, const std::optional<fs::path>& backup,
                         Older older) {
    if (backup.has_value() != config.database.empty()) {
        return fail(Code::InvalidInput,
                    backup ? "PostgreSQL is restored with pg_restore; then: tapport-hub restore"
                           : "restore which file?");
    }
    if (auto ready = seal::initialise(); !ready) {
        return tl::unexpected(ready.error());
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
    return backup ? restoreSqlite(*dir, file->event, *backup, config.identity.kiosks, older)
                  : restorePg(*dir, file->event, config.database);
}

std::string reportOf(const Restored& restored) {
    std::string out =
        "restored, with a new hub epoch: start the hub, and kiosks send what it lacks\n";
    if (restored.unread) {
        out += fmt::format(
            "the database that was there cannot be read: {}\nwhat it held since this backup and "
            "kiosks had dropped, erasures and withdrawals too, is only in later backups\n",
            *restored.unread);
    } else if (restored.kept) {
        const CarriedOver& carried = restored.carried;
        out += fmt::format(
            "taken over from the database that was there: {} records that this backup lacks, {} of "
            "them erased or forgotten; {} messages and discards of the quarantine, {} "
            "suppressions\n",
            carried.records, carried.destroyed, carried.quarantined, carried.suppressions);
    } else {
        out += "what they had dropped since this backup is only in later ones\n";
    }
    if (!restored.lost.empty()) {
        out += fmt::format("in neither, and kiosks may have dropped it: {}\n",
                           lostText(restored.lost));
    }
    if (restored.unregistered > 0) {
        out += fmt::format(
            "the register of kiosks that is there was kept; {} lines of the backup's are not in "
            "it, "
            "revocations perhaps: compare them, and revoke again who is to be\n",
            restored.unregistered);
    }
    if (restored.kept) {
        out += fmt::format(
            "{0} is what was there, and holds personal data: destroy it (with {0}-wal, if there is "
            "one) once the hub runs and nothing is missing\n",
            restored.kept->string());
    }
    return out;
}

}  // namespace

int backUp(const HubConfig& config, const fs::path& file) {
    return printAnswer(config, kBackup + fs::absolute(file).string());
}

int restoreHub(const HubConfig& config, const std::optional<fs::path>& backup, Older older) {
    const auto restored = restore(config, backup, older);
    if (!restored) {
        return program::reportFailure(kName, restored.error());
    }
    fmt::print("{}", reportOf(*restored));
    return program::kExitOk;
}

}  // namespace tapport::hub
