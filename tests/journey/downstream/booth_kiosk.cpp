// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/journey/downstream/booth_kiosk.h"

#include "sync/program/program.h"

#include <deque>

namespace tapport::journey {
namespace {

std::filesystem::path folderOf(const HubSite& site, const record::KioskId& kiosk) {
    std::filesystem::create_directories(site.path(kiosk.value));
    return site.path(kiosk.value);
}

std::unique_ptr<store::KioskStore> openRecords(const HubSite& site, const record::KioskId& kiosk,
                                               const receipt::SigningKeys& keys) {
    return store::KioskStore::open({folderOf(site, kiosk) / "kiosk.db", kiosk, site.event(), keys})
        .value();
}

record::ReceiptId newReceiptId() {
    record::ReceiptId id;
    program::fillRandom(id.bytes.data(), id.bytes.size());
    return id;
}

}  // namespace

BoothKiosk::BoothKiosk(const HubSite& site, record::KioskId kiosk, receipt::SigningKeys keys)
    : site_(site),
      kiosk_(std::move(kiosk)),
      keys_(std::move(keys)),
      told_(store::DownstreamStore::open(folderOf(site, kiosk_) / "down.db", site.event().id)
                .value()),
      records_(openRecords(site, kiosk_, keys_)),
      now_(program::readClocks()),
      session_(
          site.event(), {}, "0.1.0", [] { return program::newRecordId(); }, newReceiptId) {}

void BoothKiosk::plugIn() {
    agent::AgentOptions options;
    options.broker.port = site_.broker().port();
    options.pump.event = site_.event().id;
    options.pump.kiosk = kiosk_;
    options.pump.bootSpread = record::Millis(0);
    options.pump.sign = [this](ByteView covered) { return receipt::signMessage(covered, keys_); };
    options.isHubs = [this](const record::Signature& signature, ByteView covered) {
        return receipt::fits(signature, covered, site_.event().hubKey);
    };
    options.sink = told_.get();
    options.isEnding = [this] { return told_->command(wire::kEndOfEvent).value().has_value(); };
    options.onDrained = [this](const agent::DrainProof&) { mayForget_ = true; };
    options.askAgain = record::Millis(200);
    agent_ = std::make_unique<agent::AgentRunner>(options, outbox_,
                                                  [this](const agent::AgentStatus& status) {
                                                      const std::lock_guard lock(mutex_);
                                                      status_ = status;
                                                  });
}

bool BoothKiosk::isDrained() {
    const auto counts = outbox_.counts();
    return counts && counts->waiting == 0;
}

agent::AgentStatus BoothKiosk::status() const {
    const std::lock_guard lock(mutex_);
    return status_;
}

visit::BadgeSeen BoothKiosk::badgeOf(const std::string& token, record::Contact card) const {
    return {seal::deriveBadge(viewOf(token), site_.event().badgeSalt), std::move(card),
            visit::BadgeStrength::Secret};
}

store::Memory BoothKiosk::recall(const std::string& token) {
    const record::VaultAccess access = badgeOf(token, {}).identity.vault;
    return records_
        .run([&](store::KioskStore& records) { return store::recall(records, *told_, access); })
        .value();
}

void BoothKiosk::tap(const std::string& token, record::Contact card) {
    press(visit::Cancel{});
    press(visit::TapBadge{badgeOf(token, std::move(card))});
}

void BoothKiosk::press(const visit::Event& what) {
    now_.wall += std::chrono::seconds(1);
    now_.monotonic += std::chrono::seconds(1);
    step(what);
}

void BoothKiosk::step(const visit::Event& what) {
    std::deque<visit::Event> events{what};
    while (!events.empty()) {
        const auto effects = session_.step(events.front(), now_);
        events.pop_front();
        for (const visit::Effect& effect : effects) {
            if (auto answer = perform(effect)) {
                events.push_back(std::move(*answer));
            }
        }
    }
}

std::optional<visit::Event> BoothKiosk::perform(const visit::Effect& effect) {
    if (const auto* lookUp = std::get_if<visit::LookUpVault>(&effect)) {
        auto found = records_.run([&](store::KioskStore& records) {
            return store::recall(records, *told_, lookUp->access);
        });
        return visit::VaultAnswered{std::move(found->entry), std::move(found->beside),
                                    std::move(found->roster), found->hubState};
    }
    if (const auto* commit = std::get_if<visit::Commit>(&effect)) {
        std::optional<store::EntryToKeep> entry;
        if (commit->entry && commit->access) {
            entry = store::EntryToKeep{*commit->access, *commit->entry};
        }
        const auto link = records_.run(
            [&](store::KioskStore& records) { return records.commit(commit->units, entry); });
        if (agent_) {
            agent_->recordAdded();
        }
        return visit::Committed{link.value().value_or("")};
    }
    return std::nullopt;
}

}  // namespace tapport::journey
