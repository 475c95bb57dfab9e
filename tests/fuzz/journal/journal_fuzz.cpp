// SPDX-License-Identifier: GPL-3.0-or-later
// The journal of withdrawals as a disk may keep it: half written, changed, grown together. What it
// holds is read; what it does not understand stays; a line without an end goes and nothing else;
// and it can be written to again.
#include "sync/hub/run/withdrawal_journal.h"
#include "tests/fuzz/support/fuzz.h"

#include <sstream>

#include <unistd.h>

namespace {

using namespace tapport;
using fuzz::require;
using hub::WithdrawalJournal;

/// On a file system in memory: each input is synced several times.
std::filesystem::path fileOfThisProcess() {
    const auto folder =
        std::filesystem::path("/dev/shm") / ("tapport-fuzz-journal-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    std::atexit([] {
        std::error_code ignored;
        std::filesystem::remove_all("/dev/shm/tapport-fuzz-journal-" + std::to_string(::getpid()),
                                    ignored);
    });
    return folder / "withdrawals";
}

std::string contentOf(const std::filesystem::path& file) {
    std::ostringstream out;
    out << std::ifstream(file, std::ios::binary).rdbuf();
    return out.str();
}

WithdrawalJournal::Entry entry(std::uint64_t seq) {
    return {{{1}}, {{2}}, seq, {{3}}, Bytes(48, 4)};
}

std::string lineOf(const WithdrawalJournal::Entry& one) {
    const std::filesystem::path file = fileOfThisProcess();
    std::filesystem::remove(file);
    require(WithdrawalJournal::open(file)->add(one).has_value());
    return contentOf(file);
}

std::vector<Bytes> seeds() {
    const std::string lines = lineOf(entry(1)) + lineOf(entry(2));
    return {fuzz::bytesOf(lines), fuzz::bytesOf(lines.substr(0, lines.size() - 9)),
            fuzz::bytesOf("\n?\n" + lines)};
}

}  // namespace

TAPPORT_FUZZ_SEEDS(seeds)

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::filesystem::path kFile = fileOfThisProcess();
    const std::string text(textOf({data, size}));
    std::ofstream(kFile, std::ios::binary | std::ios::trunc) << text;
    auto journal = WithdrawalJournal::open(kFile);
    require(journal.has_value());
    // Whole lines stay as they were.
    const std::string whole = text.substr(0, text.rfind('\n') + 1);
    require(contentOf(kFile) == whole);
    const auto before = journal->entries();
    require(before.size() + journal->damaged() ==
            std::size_t(std::count(whole.begin(), whole.end(), '\n')));
    require(journal->add(entry(77)).has_value());
    auto again = WithdrawalJournal::open(kFile);
    require(again && again->entries() == journal->entries() &&
            again->damaged() == journal->damaged());
    // Another entry may have said the same.
    require(again->drop([&](const auto& one) { return one == entry(77); }).has_value());
    const auto last = WithdrawalJournal::open(kFile);
    require(last && last->entries() == again->entries() && last->damaged() == journal->damaged());
    return 0;
}
