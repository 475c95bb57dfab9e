// SPDX-License-Identifier: GPL-3.0-or-later
// Confirm -> committed: seal, outbox row and vault entry in one durable transaction, beside the
// bare fdatasync of the same disk.
#include "tests/bench/figures.h"
#include "tests/bench/kiosk_data.h"
#include "tests/support/sample_event.h"
#include "tests/support/temp_dir.h"

#include <stdexcept>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace tapport::bench {
namespace {

constexpr std::uint32_t kVisits = 500;

Samples measureSync(const std::filesystem::path& file) {
    const int disk = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    const std::string page(4096, 'x');
    Samples samples;
    for (std::uint32_t i = 0; i < kVisits; ++i) {
        const auto start = Clock::now();
        if (::write(disk, page.data(), page.size()) < 0 || ::fdatasync(disk) != 0) {
            throw std::runtime_error("the disk refuses");
        }
        samples.add(millisSince(start));
    }
    ::close(disk);
    return samples;
}

}  // namespace

void measureCommit() {
    const support::TempDir dir;
    const event::Event event = support::sampleEvent();
    auto store =
        store::KioskStore::open({dir / "kiosk.db", {"kiosk-1"}, event, receipt::makeSigningKeys()});
    if (!store) {
        throw std::runtime_error(store.error().context);
    }
    std::vector<VisitToKeep> visits;
    for (std::uint32_t i = 0; i < kVisits; ++i) {
        visits.push_back(sampleVisit(event, i));
    }
    Samples samples;
    for (const VisitToKeep& visit : visits) {
        const auto start = Clock::now();
        if (const auto done = (*store)->commit(visit.units, visit.entry); !done) {
            throw std::runtime_error(done.error().context);
        }
        samples.add(millisSince(start));
    }
    const Samples syncs = measureSync(dir / "raw");
    printMillis("confirm -> committed (4 answers, vault entry)", samples);
    printMillis("  beside it: append 4 KiB and fdatasync", syncs);
    fmt::print("  ratio of the medians {:.2f}\n", samples.quantile(0.5) / syncs.quantile(0.5));
}

}  // namespace tapport::bench
