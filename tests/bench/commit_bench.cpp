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

/// The least that durability costs: 4 KiB more of a file, on the disk.
class BareFile {
  public:
    explicit BareFile(const std::filesystem::path& file)
        : disk_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {}
    ~BareFile() { ::close(disk_); }
    BareFile(const BareFile&) = delete;
    BareFile& operator=(const BareFile&) = delete;

    void append() const {
        if (::write(disk_, page_.data(), page_.size()) < 0 || ::fdatasync(disk_) != 0) {
            throw std::runtime_error("the disk refuses");
        }
    }

  private:
    int disk_;
    std::string page_ = std::string(4096, 'x');
};

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
    const BareFile bare(dir / "raw");
    Samples samples;
    Samples syncs;
    // In turns: what else the disk is asked for slows down both.
    for (const VisitToKeep& visit : visits) {
        auto start = Clock::now();
        if (const auto done = (*store)->commit(visit.units, visit.entry); !done) {
            throw std::runtime_error(done.error().context);
        }
        samples.add(millisSince(start));
        start = Clock::now();
        bare.append();
        syncs.add(millisSince(start));
    }
    printMillis("confirm -> committed (4 answers, vault entry)", samples);
    printMillis("  beside it: append 4 KiB and fdatasync", syncs);
    fmt::print("  ratio of the medians {:.2f}\n", samples.quantile(0.5) / syncs.quantile(0.5));
}

}  // namespace tapport::bench
