// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/hub_page.h"

#include "sync/record/codec.h"
#include "tests/simulation/sim_opener.h"

namespace tapport::simulation {

/// The journal's disk, apart from the database's.
class SimJournal final : public hub::JournalDisk {
  public:
    explicit SimJournal(HubPage& page) : page_(page) {}

    Result<std::string> read() override { return page_.file_; }
    Result<> append(std::string_view text) override {
        if (happens(0.03)) {
            if (page_.made_) {
                page_.unjournaled_.insert(page_.made_->id);
            }
            return fail(Code::StorageFull, "the journal's disk failed");
        }
        if (page_.mutant_ == Mutant::NoJournal) {
            return {};
        }
        if (page_.mutant_ == Mutant::JournalNotForced) {
            page_.file_ += std::exchange(unforced_, std::string(text));
            return {};
        }
        if (happens(0.03)) {
            page_.file_ += text.substr(0, page_.random_.between(0, text.size()));
            throw ProcessEnded();
        }
        page_.file_ += text;
        return {};
    }
    Result<> replace(std::string_view text) override {
        if (happens(0.03)) {
            return fail(Code::StorageFull, "the journal's disk failed");
        }
        page_.file_ = text;
        if (happens(0.03)) {
            throw ProcessEnded();
        }
        return {};
    }

  private:
    bool happens(double chance) { return page_.disk_.failing > 0 && page_.random_.happens(chance); }

    HubPage& page_;
    std::string unforced_;  ///< JournalNotForced only
};

hub::PhoneLink::Making HubPage::making() {
    const auto newId = [this] {
        std::array<std::uint8_t, 10> some{};
        record::RecordId id;
        // The hub made them itself: it can read them, and nobody has their ids.
        do {
            for (std::uint8_t& byte : some) {
                byte = static_cast<std::uint8_t>(random_.between(0, 255));
            }
            id = record::makeRecordId(now_, some);
        } while (HubDisk::isPoison(id) || SimOpener::isDeadly(id));
        return id;
    };
    return {newId, [this] { return random_.id<record::ReceiptId>(); },
            [this] { return random_.id<record::Epoch>(); },
            [this](record::PositionedUnit& unit) {
                made_ = unit.unit;
                return record::encode(unit);
            }};
}

Result<> HubPage::start(hub::Filing& filing, record::WallTime now) {
    auto journal = hub::WithdrawalJournal::open(std::make_unique<SimJournal>(*this));
    if (!journal) {
        return tl::unexpected(journal.error());
    }
    link_.emplace(hub::PhoneLink::Parts{disk_, disk_, filing, event_, making(), "simulation",
                                        std::move(*journal)});
    if (mutant_ == Mutant::NoRecall) {
        return {};
    }
    return link_->recall(now).map([](std::size_t) {});
}

Page HubPage::pageOf(const hub::Dossier& dossier) const {
    Page page;
    for (const ledger::Scope& scope : hub::withdrawable(dossier)) {
        page.standing[scope];
    }
    for (const hub::KeptConsent& kept : dossier.consents) {
        const auto at = page.standing.find({kept.event.purpose, kept.event.channel});
        if (record::isYes(kept.event.state)) {
            page.yeses.insert(kept.event.id);
            if (at != page.standing.end()) {
                at->second.insert(kept.event.id);
            }
        }
        if (kept.origin.position.kiosk == record::kHubLink) {
            page.taken.insert(kept.origin.unit);
        }
    }
    return page;
}

PageAnswer HubPage::serve(const PageRequest& request, const record::WallTime& now) {
    if (random_.happens(disk_.failing)) {
        return fail(Code::Storage, "the hub's disk failed");
    }
    now_ = now;
    // A copy, as of a database: what is filed meanwhile is not in it.
    const auto dossier = disk_.dossierOf(request.receipt);
    if (!dossier) {
        return std::nullopt;
    }
    return request.press ? withdraw(*dossier, request) : PageAnswer(pageOf(*dossier));
}

PageAnswer HubPage::withdraw(const hub::Dossier& dossier, const PageRequest& request) {
    std::vector<ledger::Scope> scopes = hub::withdrawable(dossier);
    if (mutant_ == Mutant::TakeBackAgain) {
        std::set<ledger::Scope> all;
        for (const hub::KeptConsent& kept : dossier.consents) {
            if (record::isYes(kept.event.state)) {
                all.insert({kept.event.purpose, kept.event.channel});
            }
        }
        scopes.assign(all.begin(), all.end());
    }
    std::erase_if(scopes, [&](const ledger::Scope& scope) {
        return request.scope && *request.scope != scope;
    });
    if (scopes.empty()) {
        return pageOf(dossier);
    }
    const record::ClockReading clock{now_, record::ClockQuality::Synced, {}, {}};
    const auto done = link_->withdraw(dossier, scopes, record::Method::ReceiptLink, clock);
    if (!done && mutant_ != Mutant::PageBeforeCommit) {
        return tl::unexpected(done.error());
    }
    const auto since = disk_.dossierOf(request.receipt);
    Page page = pageOf(since ? *since : dossier);
    if (made_) {
        page.taken.insert(made_->id);
    }
    return page;
}

}  // namespace tapport::simulation
