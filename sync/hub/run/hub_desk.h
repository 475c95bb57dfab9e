// SPDX-License-Identifier: GPL-3.0-or-later
// Answers what people ask, from the store and on the store's thread.
#pragma once

#include "sync/hub/export/desk.h"
#include "sync/hub/ingest/quarantine_room.h"
#include "sync/hub/run/phone_link.h"
#include "sync/hub/run/presence_board.h"
#include "sync/hub/run/retention.h"
#include "sync/hub/run/store_access.h"
#include "sync/hub/store/recovered_outbox.h"

namespace tapport::hub {

class HubDesk final : public Desk {
  public:
    /// All must outlive the desk.
    struct Parts {
        Store& store;
        Sorting& sorting;
        Filing& filing;
        const ProofKeys& keys;
        Retention& retention;
        const event::Event& event;
        std::filesystem::path noticesFile;        ///< what anybody may have, if the root signed it
        const PresenceBoard* presence = nullptr;  ///< none: no hub runs
        PhoneLink* link = nullptr;                ///< none: nobody has a page
        QuarantineRoom* room = nullptr;           ///< none: nothing comes here
        std::filesystem::path database{};  ///< beside it, what restores put aside; empty: nowhere
    };
    using Clock = std::function<record::ClockReading()>;

    HubDesk(Parts parts, Clock clock, StoreAccess::Run run)
        : parts_(std::move(parts)),
          clock_(std::move(clock)),
          onStore_(std::move(run)),
          unsettled_(parts_.store, parts_.event) {}

    Result<HubStatus> status() override;
    Result<LeadPage> leads(const std::optional<record::SubjectId>& after,
                           std::size_t most) override;
    Result<UnsettledPage> unsettled(const std::optional<record::SubjectId>& after,
                                    std::size_t most) override;
    Result<ExportFile> exportLeads(const std::string& by) override;
    Result<std::vector<ExportEntry>> exports(std::size_t most) override;
    Result<std::optional<ExportEntry>> findExport(const record::RecordId& id) override;
    Result<std::vector<QuarantineEntry>> quarantine(const std::optional<std::int64_t>& before,
                                                    std::size_t most) override;
    Result<std::optional<ReceiptView>> receipt(const record::ReceiptId& id) override;
    Result<std::optional<std::string>> receiptJws(const record::ReceiptId& id) override;
    Result<std::optional<Withdrawal>> withdraw(const record::ReceiptId& id,
                                               const WithdrawalWish& wish) override;
    Result<Recovered> recover(const std::filesystem::path& kioskData) override;
    Result<std::uint64_t> sentThrough(const Sequence& sequence) override;
    std::optional<std::string> published(Published file) override;

  private:
    /// What is asked of the store sees all that was acknowledged before.
    template <typename Body>
    auto ask(Body body) -> decltype(body()) {
        const auto sorted = sortSoFar(onStore_, parts_.sorting, Whose::Anybodys);
        return sorted ? onStore_(body) : tl::unexpected(sorted.error());
    }
    /// On the store's thread.
    [[nodiscard]] record::TrustedNow now() const {
        return record::TrustedNow(clock_(), parts_.store.latestSynced());
    }
    [[nodiscard]] Result<HubStatus> readStatus();
    [[nodiscard]] Intake intakeOf(const std::vector<RecoveredRow>& rows, Recovered& recovered);
    [[nodiscard]] Result<std::optional<ReceiptView>> readReceipt(const record::ReceiptId& id);
    [[nodiscard]] Result<Withdrawal> withdraw(ReceiptView view, const WithdrawalWish& wish);

    Parts parts_;
    Clock clock_;
    StoreAccess onStore_;
    UnsettledCount unsettled_;
};

}  // namespace tapport::hub
