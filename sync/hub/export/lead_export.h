// SPDX-License-Identifier: GPL-3.0-or-later
// An export in two phases: built piece by piece, so that ingest goes on meanwhile, then published
// in one transaction that reads again whoever changed since. So no yes is published whose
// withdrawal was filed before.
#pragma once

#include "sync/hub/export/completeness.h"
#include "sync/hub/export/release.h"

namespace tapport::hub {

struct ExportOrder {
    record::RecordId id;
    std::string by;  ///< who asked for it
    record::ClockReading at;
    std::vector<record::KioskId> expected;   ///< Coverage::expected
    std::vector<record::KioskId> revoked{};  ///< Coverage::revoked
};

struct ExportFile {
    record::RecordId id;
    std::string csv;       ///< lead_csv.h
    std::string manifest;  ///< JSON; fields: README.md
    std::uint64_t rows = 0;
    std::uint64_t people = 0;
    std::uint64_t unsettled = 0;
    std::uint64_t stateVersion = 0;
    std::map<ProofState, std::uint64_t> proofs;  ///< rows by what is known of their signature
    std::vector<std::string> provisional;        ///< why; empty when it is final
};

class LeadExport {
  public:
    /// Both must outlive it. Open what waits first.
    LeadExport(Store& store, const event::Event& event, const record::TrustedNow& now)
        : store_(store), event_(event), now_(now) {}

    /// Takes in some more subjects; false when it has all. The store may file in between.
    [[nodiscard]] Result<bool> readSome();
    /// One transaction: takes in who changed since the first readSome(), and logs the export.
    [[nodiscard]] Result<ExportFile> publish(const ExportOrder& order);

  private:
    struct Part {
        std::string rows;
        std::uint64_t count = 0;
        std::uint64_t unsettled = 0;
        std::map<ProofState, std::uint64_t> proofs;
    };
    [[nodiscard]] Result<> readAll();
    [[nodiscard]] Result<> catchUp();
    void put(const Dossier& dossier);
    [[nodiscard]] Result<Coverage> coverage(const ExportOrder& order);
    [[nodiscard]] ExportFile assemble(const ExportOrder& order) const;

    Store& store_;
    const event::Event& event_;
    record::TrustedNow now_;
    std::optional<std::uint64_t> begunAt_;  ///< state of the store at the first readSome()
    std::optional<record::SubjectId> after_;
    std::map<record::SubjectId, Part> parts_;
};

}  // namespace tapport::hub
