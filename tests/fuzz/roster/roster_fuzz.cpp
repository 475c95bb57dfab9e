// SPDX-License-Identifier: GPL-3.0-or-later
// A list of badges as an organiser may send it. Whatever is in it, every row is counted once, what
// is told of it is closed, no problem quotes it, and a second import changes nothing.
#include "sync/hub/downstream/roster_import.h"
#include "sync/vault/roster.h"
#include "tests/fuzz/support/fuzz.h"
#include "tests/support/sample_event.h"

#include <sys/mman.h>
#include <unistd.h>

namespace {

using namespace tapport;
using fuzz::require;

/// The roster's items, as a hub's database keeps them.
class Log final : public hub::DownLog {
  public:
    Result<wire::DownVersion> downVersion() override { return wire::DownVersion{}; }
    Result<std::vector<std::size_t>> putDown(std::span<const hub::DownPut> puts) override {
        for (const hub::DownPut& put : puts) {
            require(put.item.key.size() == record::VaultLookup::kSize);
            require(!put.item.payload || put.item.payload->size() <= wire::kMostItemBytes);
            put.item.payload ? (void)items_.insert_or_assign(put.item.key, put)
                             : (void)items_.erase(put.item.key);
        }
        return {};
    }
    Result<hub::DownPage> downPage(const record::KioskId& /*kiosk*/,
                                   const wire::DownVersion& /*after*/) override {
        return hub::DownPage{};
    }
    Result<hub::DownPage> downPageOfRevoked(const record::KioskId& /*kiosk*/,
                                            const wire::DownVersion& /*after*/) override {
        return hub::DownPage{};
    }
    Result<std::optional<hub::DownPut>> findDown(wire::ItemKind /*kind*/,
                                                 const record::KioskId& /*kiosk*/,
                                                 ByteView key) override {
        const auto found = items_.find(toBytes(key));
        return found == items_.end() ? std::nullopt : std::optional(found->second);
    }
    Result<bool> isErased(wire::ItemKind /*kind*/, ByteView key) override { return key[0] < 8; }
    Result<std::uint64_t> takeBack(wire::ItemKind /*kind*/, std::uint64_t /*most*/) override {
        return 0;
    }

    [[nodiscard]] std::size_t size() const { return items_.size(); }

  private:
    std::map<Bytes, hub::DownPut> items_;
};

hub::RosterReport run(const std::filesystem::path& file, Log& log, hub::RosterMode mode) {
    static const event::Event kEvent = support::sampleEvent();
    auto import = hub::RosterImport::open(file, kEvent, log, mode);
    if (!import) {
        require(import.error().code == Code::InvalidInput);
        return {};
    }
    for (;;) {
        const auto more = import->step();
        require(more.has_value());
        if (!*more) {
            return import->report();
        }
    }
}

std::vector<Bytes> seeds() {
    return {fuzz::bytesOf(
                "token,name,company,email,phone,address\r\n"
                "0123456789abcdef,Test Attendee,Example Works,test@example.com,+49 30 123456,\r\n"
                "https://badge.tapport.example/b/0123456789abcdeg,\"Other, \"\"Test\"\"\",,,,\r\n"),
            fuzz::bytesOf("\xEF\xBB\xBF"
                          "Badge-URL;Vorname;Nachname;E-Mail;Extra\n"
                          "0123456789abcdefghij;Test;Attendee;test@example.com;1\n\n"
                          "short;Test;Attendee;;\n")};
}

}  // namespace

TAPPORT_FUZZ_SEEDS(seeds)

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const int kFile = ::memfd_create("roster", MFD_CLOEXEC);
    static const std::filesystem::path kPath = "/proc/self/fd/" + std::to_string(kFile);
    require(::ftruncate(kFile, 0) == 0 &&
            ::pwrite(kFile, data, size, 0) == static_cast<ssize_t>(size));
    Log log;
    const auto preview = run(kPath, log, hub::RosterMode::Preview);
    require(log.size() == 0);
    const auto first = run(kPath, log, hub::RosterMode::Import);
    require(first.created == preview.created && first.rejected == preview.rejected);
    require(log.size() == first.created && first.updated + first.unchanged + first.removed == 0);
    const auto second = run(kPath, log, hub::RosterMode::Import);
    require(second.unchanged == first.created && second.created + second.updated == 0);
    require(second.erased == first.erased && second.problems == first.problems);
    const auto removed = run(kPath, log, hub::RosterMode::Remove);
    require(removed.removed == first.created && log.size() == 0);
    return 0;
}
