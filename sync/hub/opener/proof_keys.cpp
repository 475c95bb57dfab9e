// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/opener/proof_keys.h"

#include "sync/receipt/full_receipt.h"

#include <fstream>
#include <iterator>
#include <set>

namespace tapport::hub {

Result<> ProofKeys::refresh() {
    std::error_code error;
    Stamp stamp;
    stamp.changed = std::filesystem::last_write_time(file_, error);
    if (!error) {
        stamp.size = std::filesystem::file_size(file_, error);
    }
    if (error || stamp_ == stamp) {
        return {};
    }
    std::ifstream in(file_, std::ios::binary);
    std::string json{std::istreambuf_iterator<char>(in), {}};
    stamp_ = stamp;
    auto keys = receipt::KeySet::parse(json, event_.rootKey);
    if (!keys) {
        return tl::unexpected(keys.error().in("keys " + file_.string()));
    }
    if (keys->event() != event_.id) {
        return fail(Code::InvalidConfig, "keys " + file_.string() + ": of another event");
    }
    keys_ = std::move(*keys);
    digest_ = seal::digestOf(viewOf(edition_.hex() + json));
    published_ = std::move(json);
    return {};
}

ProofState ProofKeys::check(const record::PositionedUnit& unit) const {
    if (!keys_ || unit.unit.consents.empty()) {
        return ProofState::Unchecked;
    }
    const record::Position& position = unit.position;
    bool isKnown = false;
    bool isOfAnotherEdition = false;
    for (const receipt::KioskKey& key : keys_->keys()) {
        if (key.kiosk != position.kiosk) {
            continue;
        }
        isKnown = true;
        const auto receipt = receipt::fullJws(unit, event_, key.publicKey);
        if (receipt) {
            return key.vouchesFor(position.epoch, position.seq) ? ProofState::Proven
                                                                : ProofState::Unconfirmed;
        }
        isOfAnotherEdition = isOfAnotherEdition || receipt.error().code == Code::NotFound;
    }
    if (!isKnown) {
        return ProofState::KeyUnknown;
    }
    return isOfAnotherEdition ? ProofState::OtherEdition : ProofState::NotProven;
}

std::optional<std::string> ProofKeys::receiptOf(const record::PositionedUnit& unit) const {
    if (keys_) {
        for (const receipt::KioskKey& key : keys_->keys()) {
            if (key.kiosk != unit.position.kiosk) {
                continue;
            }
            if (auto receipt = receipt::fullJws(unit, event_, key.publicKey); receipt) {
                return std::move(*receipt);
            }
        }
    }
    return std::nullopt;
}

std::vector<record::KioskId> ProofKeys::kiosks() const {
    std::set<record::KioskId> names;
    if (keys_) {
        for (const receipt::KioskKey& key : keys_->keys()) {
            if (!key.revoked) {
                names.insert(key.kiosk);
            }
        }
    }
    return {names.begin(), names.end()};
}

}  // namespace tapport::hub
