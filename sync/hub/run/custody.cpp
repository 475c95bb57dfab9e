// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/custody.h"

#include "sync/enrol/register_file.h"
#include "sync/hub/export/atomic_file.h"
#include "sync/hub/store/sqlite_backup.h"
#include "sync/wire/topics.h"

#include <fstream>
#include <iterator>
#include <set>

#include <fmt/core.h>

namespace tapport::hub {
namespace {

constexpr std::size_t kAPage = 200;
constexpr std::size_t kMostWhy = 500;
constexpr std::uint64_t kMostNamed = 20;

/// Whose topic it came on, or whose unit it is; empty: neither.
record::KioskId kioskOf(const QuarantineEntry& entry) {
    return wire::kioskOfUpTopic(entry.topic).value_or(record::KioskId{entry.topic});
}

}  // namespace

std::filesystem::path suppressionKeyBeside(const std::filesystem::path& backup) {
    return backup.string() + ".suppression.key";
}

std::filesystem::path kioskRegisterBeside(const std::filesystem::path& backup) {
    return backup.string() + ".kiosks.register";
}

/// Entries that are tried again together.
struct Custody::Round {
    Retried retried;
    std::set<record::RecordId> units;  ///< that wait for the opener
    std::int64_t highest = 0;          ///< number of an entry that was there before
};

Result<std::optional<Quarantined>> Custody::find(std::int64_t number) {
    return onStore_([&] { return parts_.store.findQuarantined(number); });
}

Result<Retried> Custody::retry(std::int64_t number) {
    Round round;
    if (const auto tried = retryOne(number, round); !tried) {
        return tl::unexpected(tried.error());
    }
    return conclude(std::move(round));
}

Result<Retried> Custody::retryAll(const std::optional<record::KioskId>& kiosk) {
    Round round;
    std::optional<std::int64_t> before;
    for (;;) {
        // What comes back while they are tried has a higher number, and is not tried again.
        const auto page = onStore_([&] { return parts_.store.quarantine(before, kAPage); });
        if (!page) {
            return tl::unexpected(page.error());
        }
        if (page->empty()) {
            return conclude(std::move(round));
        }
        for (const QuarantineEntry& entry : *page) {
            if (entry.discarded || (kiosk && kioskOf(entry) != *kiosk)) {
                continue;
            }
            if (const auto tried = retryOne(entry.number, round); !tried) {
                ++round.retried.untried;
                round.retried.notes.push_back(
                    fmt::format("No. {}: {}", entry.number, tried.error().context));
            }
        }
        before = page->back().number;
    }
}

Result<> Custody::retryOne(std::int64_t number, Round& round) {
    const auto found = find(number);
    if (!found) {
        return tl::unexpected(found.error());
    }
    if (!*found) {
        return fail(Code::NotFound, "nothing with this number is in the quarantine");
    }
    const QuarantineEntry& entry = (*found)->entry;
    if (entry.discarded) {
        return fail(Code::Conflict, "it was discarded: its bytes are gone");
    }
    if (entry.reason == Reason::Conflict) {
        return fail(Code::Conflict, "another record stands under its id: it can be discarded only");
    }
    round.highest = std::max(round.highest, number);
    if (!entry.unit) {
        return retryMessage(**found, round);
    }
    const auto waits = onStore_([&] { return parts_.store.retryUnit(number); });
    if (waits) {
        ++round.retried.tried;
        round.units.insert(*entry.unit);
    }
    return waits;
}

Result<> Custody::retryMessage(const Quarantined& one, Round& round) {
    const auto taken = onStore_([&] {
        return parts_.ingest.takeAgain({one.entry.topic, one.payload}, clock_().wall);
    });
    if (!taken) {
        return tl::unexpected(taken.error());
    }
    const auto isOut = onStore_([&] { return parts_.store.settleQuarantined(one.entry); });
    if (!isOut) {
        return tl::unexpected(isOut.error());
    }
    ++round.retried.tried;
    round.retried.again += *isOut ? 0 : 1;
    for (const std::string& alarm : taken->alarms) {
        round.retried.notes.push_back(fmt::format("No. {}: {}", one.entry.number, alarm));
    }
    return {};
}

/// Has the units opened, and counts which of them are back.
Result<Retried> Custody::conclude(Round round) {
    if (const auto filed = fileAll(onStore_, parts_.ingest.sorting(), parts_.filing, clock_().wall);
        !filed) {
        round.retried.isUnopened = true;
        round.retried.notes.push_back("units wait to be opened: " + filed.error().context);
    }
    std::optional<std::int64_t> before;
    while (!round.units.empty()) {
        const auto page = onStore_([&] { return parts_.store.quarantine(before, kAPage); });
        if (!page) {
            return tl::unexpected(page.error());
        }
        for (const QuarantineEntry& entry : *page) {
            if (entry.number > round.highest && entry.unit && round.units.erase(*entry.unit) == 1) {
                ++round.retried.again;
                if (round.retried.again <= kMostNamed) {
                    round.retried.notes.push_back(fmt::format("it is No. {} now: {}: {}",
                                                              entry.number, nameOf(entry.reason),
                                                              entry.detail));
                }
            }
        }
        if (page->empty() || page->back().number <= round.highest) {
            break;
        }
        before = page->back().number;
    }
    return std::move(round.retried);
}

Result<BackedUp> Custody::backUp(const std::filesystem::path& file) {
    std::error_code failed;
    if (std::filesystem::exists(file, failed)) {
        return fail(Code::Conflict, file.string() + ": is there already");
    }
    BackedUp done;
    if (const auto filed = fileAll(onStore_, parts_.ingest.sorting(), parts_.filing, clock_().wall);
        !filed) {
        done.trouble = filed.error();
    }
    // Before the copy: what is opened by now, it will hold.
    const auto marks = onStore_([&] { return parts_.store.openedThrough(); });
    if (!marks) {
        return tl::unexpected(marks.error());
    }
    const std::filesystem::path draft = file.string() + ".part";
    std::filesystem::remove(draft, failed);  // of a backup that was broken off
    const auto copied =
        parts_.dump ? parts_.dump(draft) : onStore_([&] { return parts_.store.copyTo(draft); });
    const auto kept = copied.and_then([&] { return keepBeside(file, draft); });
    if (!kept) {
        std::filesystem::remove(draft, failed);
        return tl::unexpected(kept.error());
    }
    done.bytes = std::filesystem::file_size(file, failed);
    for (const Watermark& mark : *marks) {
        done.records += mark.seq;
    }
    const auto set = onStore_([&] { return parts_.store.setWatermarks(*marks, clock_().wall); });
    return set ? Result<BackedUp>(std::move(done)) : tl::unexpected(set.error());
}

/// Nobody writes it meanwhile: whole lines only.
Result<> Custody::keepRegister(const std::filesystem::path& backup) const {
    std::error_code failed;
    if (parts_.kiosks.empty() || !std::filesystem::exists(parts_.kiosks, failed)) {
        return {};
    }
    return enrol::RegisterFile(parts_.kiosks).hold([&](const enrol::KioskRegister&) -> Result<> {
        std::ifstream in(parts_.kiosks, std::ios::binary);
        const std::string lines{std::istreambuf_iterator<char>(in), {}};
        return in ? writeAtomically(kioskRegisterBeside(backup), lines)
                  : fail(Code::Storage, parts_.kiosks.string() + ": cannot be read");
    });
}

/// The copy gets its name last, when everything it needs is beside it.
Result<> Custody::keepBeside(const std::filesystem::path& file,
                             const std::filesystem::path& draft) const {
    std::ifstream in(parts_.suppressionKey, std::ios::binary);
    const std::string key{std::istreambuf_iterator<char>(in), {}};
    if (!in) {
        return fail(Code::Storage, parts_.suppressionKey.string() + ": cannot be read");
    }
    if (auto written = writeAtomically(suppressionKeyBeside(file), key); !written) {
        return written;
    }
    if (auto kept = keepRegister(file); !kept) {
        return kept;
    }
    std::error_code failed;
    std::filesystem::rename(draft, file, failed);
    return failed ? fail(Code::Storage, file.string() + ": " + failed.message()) : syncFile(file);
}

Result<> Custody::discard(std::int64_t number, const std::string& by, const std::string& why) {
    if (why.empty() || why.size() > kMostWhy || why.find_first_of("\r\n") != std::string::npos) {
        return fail(Code::InvalidInput,
                    fmt::format("--why: one line of at most {} characters", kMostWhy));
    }
    return onStore_([&] {
        return parts_.store.discardQuarantined(number, {clock_().wall, by, why});
    });
}

}  // namespace tapport::hub
