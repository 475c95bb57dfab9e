// SPDX-License-Identifier: GPL-3.0-or-later
// What may lie at a kiosk for a badge, of another release or another kiosk out of its mind: entries
// and roster entries, closed here as the hub closes them, and withdrawals, which come in the clear.
// What is accepted must be the only encoding of what it says, and any two memories of a badge must
// become one.
#include "sync/base/cbor.h"
#include "sync/seal/seal.h"
#include "sync/vault/merge.h"
#include "sync/vault/roster.h"
#include "sync/vault/withdrawn.h"
#include "tests/fuzz/support/fuzz.h"
#include "tests/sync/receipt/samples.h"

#include <set>

namespace {

using namespace tapport;
using fuzz::require;

const record::VaultAccess kBadge{{{1}}, {{2}}};

vault::SealedEntry closed(ByteView plain) {
    return {kBadge.lookup, seal::closeForBadge(plain, kBadge)};
}

Bytes plainOf(const vault::SealedEntry& entry) {
    return seal::openForBadge(entry.sealed, kBadge).value();
}

/// One decision a purpose and channel, whatever the two held.
void mergeWith(const vault::Entry& own, const vault::Entry& others) {
    std::set<std::pair<record::PurposeId, record::Channel>> scopes;
    for (const auto& one : vault::merge(own, others).entry.decisions) {
        require(scopes.emplace(one.purpose, one.channel).second);
    }
}

void readEntry(ByteView plain) {
    const auto entry = vault::open(closed(plain), kBadge.key);
    if (!entry) {
        return;
    }
    require(plainOf(vault::close(*entry, kBadge)) == toBytes(plain));
    mergeWith(*entry, {});
    mergeWith({}, *entry);
    mergeWith(*entry, *entry);
}

void readRoster(ByteView plain) {
    if (const auto contact = vault::openRoster(closed(plain), kBadge.key)) {
        require(plainOf(vault::closeRoster(*contact, kBadge)) == toBytes(plain));
    }
}

void readWithdrawn(ByteView bytes) {
    if (const auto withdrawn = vault::decodeWithdrawn(bytes)) {
        require(vault::encodeWithdrawn(*withdrawn, bytes.size()) == toBytes(bytes));
        vault::Entry told;
        told.decisions = *withdrawn;
        mergeWith({}, told);
        mergeWith(told, told);
    }
}

enum Reader : std::uint8_t { Entry, Roster, Withdrawn };

std::vector<Bytes> seeds() {
    const auto units = receipt::samples::mixedVisit(receipt::samples::event());
    vault::Entry entry;
    entry.decisions = units[0].unit.consents;
    entry.contact = record::Contact{"Test Attendee", "Example Works", "test@example.com", "", ""};
    entry.receipt = receipt::samples::receiptId(1);
    entry.conversations.emplace_back().staff = {"kim"};
    auto withdrawals = units[0].unit.consents;
    for (auto& one : withdrawals) {
        one.causes = {one.id};
        one.state = record::ConsentState::Withdrawn;
    }
    return {fuzz::chosen(Entry, plainOf(vault::close(entry, kBadge))),
            fuzz::chosen(Roster, plainOf(vault::closeRoster(*entry.contact, kBadge))),
            fuzz::chosen(Withdrawn, vault::encodeWithdrawn(withdrawals, 4096))};
}

}  // namespace

TAPPORT_FUZZ_SEEDS(seeds)

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return tapport::fuzz::readChosen(data, size, readEntry, readRoster, readWithdrawn);
}
