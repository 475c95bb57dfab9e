// SPDX-License-Identifier: GPL-3.0-or-later
// A hub's filing over a store in a file, with an opener that has the key, a root that publishes
// kiosks' keys, and a register of enrolled kiosks.
#pragma once

#include "sync/enrol/register_file.h"
#include "sync/hub/opener/filing.h"
#include "sync/hub/store/sqlite_store.h"
#include "sync/identity/authority.h"
#include "sync/receipt/full_receipt.h"
#include "sync/receipt/unit_signature.h"
#include "tests/support/temp_dir.h"
#include "tests/sync/hub/example_answers.h"

#include <gtest/gtest.h>

namespace tapport::hub {

using namespace samples;

class OpenerTest : public testing::Test {
  protected:
    /// Stores it as the envelope would claim it: `claimed` may differ from what is inside.
    void receive(const record::PositionedUnit& inside, const record::PositionedUnit& claimed) {
        Parcels parcels;
        parcels.add(claimed.unit.id, claimed.position, seal::sealUnit(inside, keys_.publicKey));
        ASSERT_TRUE(store_->take(parcels.intake(), kNow));
    }
    void receive(const record::PositionedUnit& unit) { receive(unit, unit); }
    static event::Event eventOf(const receipt::SigningKeys& root) {
        event::Event event = exampleEvent();
        event.rootKey = root.publicKey;
        return event;
    }
    /// As the kiosk with `keys` would sign it.
    record::PositionedUnit proven(std::uint64_t seq, std::uint8_t who,
                                  const receipt::SigningKeys& keys) const {
        record::PositionedUnit unit =
            visitFor(event_, seq, who,
                     {{"newsletter", record::Channel::Email, record::ConsentState::Given}});
        unit.proof = receipt::prove(unit, event_, keys);
        unit.signature = receipt::signUnit(unit, keys);
        return unit;
    }
    void publish(std::vector<receipt::KioskKey> keys) const {
        // The length tells one edition from the next within a file system's clock tick.
        const std::string issued = "2026-11-25T12:00:0" + std::to_string(keys.size()) + ".000Z";
        const receipt::KeySet set(event_.id, issued, std::move(keys));
        support::writeFile(dir_ / "keys.json", set.publish(root_).value());
    }
    bool settle() { return settle(filing_); }
    static bool settle(Filing& filing) {
        for (;;) {
            const auto hasMore = filing.step(kNow);
            if (!hasMore || !*hasMore) {
                return hasMore.has_value();
            }
        }
    }
    ProofState proofAt(std::uint64_t seq) {
        const std::vector<Receipted> units = store_->proofs({}, 100).value();
        for (const Receipted& one : units) {
            if (one.unit.position.seq == seq) {
                return one.proof;
            }
        }
        return ProofState::Unchecked;
    }
    std::vector<Reason> quarantined() {
        std::vector<Reason> reasons;
        const auto entries = store_->quarantine({}, 10).value();
        reasons.reserve(entries.size());
        for (const QuarantineEntry& entry : entries) {
            reasons.push_back(entry.reason);
        }
        return reasons;
    }

    void enter(const enrol::Entry& entry) const {
        const enrol::RegisterFile file(dir_ / "kiosks.register");
        ASSERT_TRUE(file.change(
            kNow, [&](const enrol::KioskRegister&) { return std::vector<enrol::Entry>{entry}; }));
    }
    void enrol(const receipt::SigningKeys& kiosk, const record::KioskId& name = kKiosk) const {
        enter(enrol::Enrolled{
            name, {}, kiosk.publicKey, identity::Authority::make("fair").value().certificate()});
    }
    /// Held up to `seq` by then.
    void revoke(std::uint64_t seq) const {
        const record::Position at = visit(1, 7).position;
        enter(enrol::Revoked{kKiosk, receipt::Revocation{{{at.epoch, seq}}}, "lost"});
    }

    bool isReady_ = seal::initialise().has_value();
    support::TempDir dir_;
    std::unique_ptr<Store> store_ = openSqliteStore(dir_ / "hub.db", kScope, kKey).value();
    seal::SealingKeys keys_ = seal::makeSealingKeys();
    LocalOpener opener_{keys_, kScope.event};
    receipt::SigningKeys root_ = receipt::makeSigningKeys();
    event::Event event_ = eventOf(root_);
    ProofKeys published_{dir_ / "keys.json", dir_ / "kiosks.register", event_,
                         seal::digestOf(viewOf("edition 1"))};
    Filing filing_{*store_, opener_, published_};
};

}  // namespace tapport::hub
