// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/cli/replaced_database.h"

#include "sync/hub/cli/open_hub.h"
#include "sync/hub/ingest/sorting.h"
#include "sync/hub/store/sqlite_backup.h"
#include "sync/hub/store/sqlite_store.h"
#include "sync/program/program.h"

#include <fmt/core.h>

namespace tapport::hub {
namespace {

namespace fs = std::filesystem;

Result<> copyInto(const fs::path& source, const fs::path& file) {
    std::error_code failed;
    fs::copy_file(source, file, fs::copy_options::overwrite_existing, failed);
    if (!failed) {
        return {};
    }
    return fail(failed == std::errc::no_space_on_device ? Code::StorageFull : Code::Storage,
                file.string() + ": " + failed.message());
}

}  // namespace

Draft::Draft(const fs::path& database, const char* suffix) : file_(database.string() + suffix) {
    remove();  // of a restore that was broken off
}

Result<> Draft::copyFrom(const fs::path& source, Log log) const {
    const fs::path theirs = source.string() + "-wal";
    std::error_code failed;
    const bool hasLog = log == Log::With && fs::exists(theirs, failed);
    return makePrivateFile(file_)
        .and_then([&] { return copyInto(source, file_); })
        .and_then([&] { return hasLog ? makePrivateFile(this->log()) : Result<>{}; })
        .and_then([&] { return hasLog ? copyInto(theirs, this->log()) : Result<>{}; });
}

Result<std::optional<fs::path>> Draft::become(const fs::path& database) const {
    std::error_code failed;
    if (fs::exists(log(), failed)) {
        return fail(Code::Storage, log().string() + ": could not be emptied");
    }
    const std::string suffix =
        fmt::format("{}{}", kReplacedSuffix, program::readClocks().wall.time_since_epoch().count());
    return syncFile(file_)
        .and_then([&] { return replaceSqliteFile(file_, database, suffix); })
        .map([&] {
            const fs::path kept = database.string() + suffix;
            return fs::exists(kept, failed) ? std::optional(kept) : std::nullopt;
        });
}

void Draft::remove() const {
    std::error_code failed;
    fs::remove(file_, failed);
    fs::remove(log(), failed);
    fs::remove(file_.string() + "-shm", failed);  // whoever only reads it makes one
}

ReplacedDatabase::ReplacedDatabase(const DataDir& dir)
    : copy_(std::make_unique<Draft>(dir.database(), ".comparing")) {
    std::error_code failed;
    isThere_ = fs::exists(dir.database(), failed);
}

Result<ReplacedDatabase> ReplacedDatabase::read(const DataDir& dir, const event::Event& event,
                                                const ledger::SuppressionKey& key) {
    ReplacedDatabase replaced(dir);
    if (!replaced.isThere_) {
        return replaced;
    }
    const auto opened = replaced.copy_->copyFrom(dir.database(), Draft::Log::With).and_then([&] {
        return replaced.open(event, key);
    });
    if (!opened && opened.error().code == Code::StorageFull) {
        return tl::unexpected(opened.error().in("a copy of the database that is there"));
    }
    if (!opened) {
        replaced.told_.clear();
        replaced.unread_ = opened.error().context;
    }
    return replaced;
}

/// Sorted, so that every record that was acknowledged has its place; closed when it returns, with
/// an empty log.
Result<> ReplacedDatabase::open(const event::Event& event, const ledger::SuppressionKey& key) {
    const auto database = [&] { return openSqliteStore(copy_->file(), scopeOf(event), key); };
    // Once without looking at it: what is in the log belongs to what is checked.
    if (const auto emptied = database().map([](auto store) { store.reset(); }); !emptied) {
        return emptied;
    }
    if (const auto whole = checkSqliteBackup(copy_->file()); !whole) {
        return whole;
    }
    const auto store = database();
    if (!store) {
        return tl::unexpected(store.error());
    }
    if (const auto sorted = Sorting(**store).all(Whose::Anybodys); !sorted) {
        return sorted;
    }
    return (*store)->watermarks().map(
        [&](std::vector<Watermark> marks) { told_ = std::move(marks); });
}

Result<std::vector<Lost>> ReplacedDatabase::lostIn(Store& store) const {
    std::map<record::KioskId, std::uint64_t> missing;
    for (const auto& [sequence, seq] : told_) {
        const auto held = store.held(sequence);
        if (!held) {
            return tl::unexpected(held.error());
        }
        record::SeqRanges here = held->received();
        here.merge(held->quarantined());
        if (const std::uint64_t holes = here.holes({1, seq}).count(); holes > 0) {
            missing[sequence.kiosk] += holes;
        }
    }
    std::vector<Lost> lost;
    lost.reserve(missing.size());
    for (const auto& [kiosk, records] : missing) {
        lost.push_back({kiosk, records});
    }
    return lost;
}

Result<CarriedOver> ReplacedDatabase::carryInto(Store& store, record::WallTime at) const {
    return isThere_ && !unread_ ? store.carryOver(copy_->file(), at) : CarriedOver{};
}

std::string lostText(const std::vector<Lost>& lost) {
    std::string text;
    for (const auto& [kiosk, records] : lost) {
        text += fmt::format("{}{}: {} record{}", text.empty() ? "" : ", ", kiosk.value, records,
                            records == 1 ? "" : "s");
    }
    return text;
}

}  // namespace tapport::hub
