// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/opener/proof_keys.h"

#include "sync/enrol/register_file.h"
#include "sync/receipt/full_receipt.h"
#include "sync/receipt/unit_signature.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

namespace tapport::hub {

std::vector<receipt::KioskKey> ProofKeys::keysOfLink(const event::Event& event,
                                                     const std::vector<Edition>& earlier) {
    std::vector<receipt::KioskKey> keys{{record::kHubLink, event.hubKey}};
    for (const Edition& edition : earlier) {
        receipt::KioskKey key{record::kHubLink, edition.event.hubKey};
        if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
            keys.push_back(std::move(key));
        }
    }
    return keys;
}

std::optional<ProofKeys::Stamp> ProofKeys::changed(const std::filesystem::path& file,
                                                   const std::optional<Stamp>& last) {
    std::error_code error;
    Stamp stamp;
    stamp.changed = std::filesystem::last_write_time(file, error);
    if (!error) {
        stamp.size = std::filesystem::file_size(file, error);
    }
    return error || last == stamp ? std::nullopt : std::optional(stamp);
}

Result<> ProofKeys::refresh() {
    const auto published = changed(file_, stamp_);
    const auto enrolled = changed(register_, registerStamp_);
    if (!published && !enrolled) {
        return {};
    }
    const Result<> first = published ? readPublished(*published) : Result<>{};
    const Result<> second = enrolled ? readRegister(*enrolled) : Result<>{};
    combine();
    return first ? second : first;
}

Result<> ProofKeys::readPublished(const Stamp& stamp) {
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
    rootsKeys_ = keys->keys();
    published_ = std::move(json);
    return {};
}

Result<> ProofKeys::readRegister(const Stamp& stamp) {
    registerStamp_ = stamp;
    const auto kiosks = enrol::RegisterFile(register_).read();
    if (!kiosks) {
        return tl::unexpected(kiosks.error());
    }
    ownKeys_ = kiosks->signingKeys();
    return {};
}

void ProofKeys::combine() {
    vouched_ = rootsKeys_;
    unvouched_.clear();
    for (const receipt::KioskKey& own : ownKeys_) {
        const auto known =
            std::find_if(vouched_.begin(), vouched_.end(), [&](const receipt::KioskKey& key) {
                return key.kiosk == own.kiosk && key.publicKey == own.publicKey;
            });
        if (known == vouched_.end()) {
            unvouched_.push_back(own);
        } else if (own.revoked) {
            // At once, before the root has said so as well; whoever of the two vouches for less.
            known->revoked =
                known->revoked ? receipt::narrower(*known->revoked, *own.revoked) : own.revoked;
        }
    }
    if (!published_) {
        return;
    }
    std::string said = edition_.hex() + '\n';
    for (const Edition& earlier : earlier_) {
        said += earlier.digest.hex() + '\n';
    }
    std::map<record::KioskId, std::string> saidOf;
    for (const auto* keys : {&vouched_, &unvouched_}) {
        const char* const whose = keys == &vouched_ ? "root " : "hub ";
        for (const receipt::KioskKey& key : *keys) {
            const std::string line = receipt::jwkText(key) + '\n';
            said += line;
            saidOf[key.kiosk] += whose + line;
        }
        said += '\n';
    }
    digest_ = seal::digestOf(viewOf(said));
    basis_.clear();
    for (const auto& [kiosk, lines] : saidOf) {
        basis_.emplace(kiosk, seal::digestOf(viewOf(lines)));
    }
}

Result<std::string> ProofKeys::rebuilt(const record::PositionedUnit& unit,
                                       ByteView publicKey) const {
    auto receipt = receipt::fullJws(unit, event_, publicKey);
    for (const Edition& earlier : earlier_) {
        if (receipt) {
            break;
        }
        auto another = receipt::fullJws(unit, earlier.event, publicKey);
        // Where one of them has the notices, and the signature does not fit, that is what counts.
        if (another || receipt.error().code == Code::NotFound) {
            receipt = std::move(another);
        }
    }
    return receipt;
}

ProofState ProofKeys::check(const record::PositionedUnit& unit) const {
    if (!published_ || unit.unit.consents.empty()) {
        return ProofState::Unchecked;
    }
    const record::Position& position = unit.position;
    bool isKnown = false;
    bool isOfAnotherEdition = false;
    for (const auto* keys : {&linkKeys_, &vouched_, &unvouched_}) {
        const bool isVouched = keys != &unvouched_;
        for (const receipt::KioskKey& key : *keys) {
            if (key.kiosk != position.kiosk) {
                continue;
            }
            isKnown = isKnown || isVouched;
            const auto receipt = rebuilt(unit, key.publicKey);
            if (receipt && !key.vouchesFor(position.epoch, position.seq)) {
                return ProofState::Unconfirmed;
            }
            if (receipt) {
                return isVouched ? ProofState::Proven : ProofState::KeyUnknown;
            }
            isOfAnotherEdition = isOfAnotherEdition || receipt.error().code == Code::NotFound;
        }
    }
    if (!isKnown) {
        return ProofState::KeyUnknown;
    }
    return isOfAnotherEdition ? ProofState::OtherEdition : ProofState::NotProven;
}

ProofState ProofKeys::checkSignature(const record::PositionedUnit& unit) const {
    if (!published_ && ownKeys_.empty()) {
        return ProofState::Unchecked;
    }
    const record::Position& position = unit.position;
    const Bytes signedPart = receipt::signedPart(unit);
    for (const auto* keys : {&linkKeys_, &vouched_, &unvouched_}) {
        for (const receipt::KioskKey& key : *keys) {
            if (key.kiosk != position.kiosk ||
                !receipt::fits(unit.signature, signedPart, key.publicKey)) {
                continue;
            }
            if (!key.vouchesFor(position.epoch, position.seq)) {
                return ProofState::Unconfirmed;
            }
            return keys != &unvouched_ ? ProofState::Proven : ProofState::KeyUnknown;
        }
    }
    return ProofState::NotProven;
}

std::optional<std::string> ProofKeys::receiptOf(const record::PositionedUnit& unit) const {
    for (const auto* keys : {&linkKeys_, &vouched_}) {
        for (const receipt::KioskKey& key : *keys) {
            if (key.kiosk != unit.position.kiosk) {
                continue;
            }
            if (auto receipt = rebuilt(unit, key.publicKey); receipt) {
                return std::move(*receipt);
            }
        }
    }
    return std::nullopt;
}

bool ProofKeys::signedBy(const record::KioskId& kiosk, const record::Signature& signature,
                         ByteView message) const {
    const auto fits = [&](const receipt::KioskKey& key) {
        return key.kiosk == kiosk && receipt::fits(signature, message, key.publicKey);
    };
    return std::any_of(vouched_.begin(), vouched_.end(), fits) ||
           std::any_of(unvouched_.begin(), unvouched_.end(), fits);
}

std::vector<record::KioskId> ProofKeys::kiosks() const {
    std::set<record::KioskId> names;
    for (const auto* keys : {&vouched_, &unvouched_}) {
        for (const receipt::KioskKey& key : *keys) {
            if (!key.revoked && key.kiosk != record::kHubLink) {
                names.insert(key.kiosk);
            }
        }
    }
    return {names.begin(), names.end()};
}

std::vector<record::KioskId> ProofKeys::revoked() const {
    std::set<record::KioskId> names;
    for (const auto* keys : {&vouched_, &unvouched_}) {
        for (const receipt::KioskKey& key : *keys) {
            if (key.kiosk != record::kHubLink) {
                names.insert(key.kiosk);
            }
        }
    }
    for (const record::KioskId& current : kiosks()) {
        names.erase(current);
    }
    return {names.begin(), names.end()};
}

}  // namespace tapport::hub
