// SPDX-License-Identifier: GPL-3.0-or-later
// Whose contact must not be used any more, although nobody may keep it: keyed hashes of the
// addresses and numbers of those who objected or asked for erasure, each with the event that says
// so. Without the key (one a tenant, kept by the hub) nothing can be told from them. Pure.
#pragma once

#include "sync/event/event.h"
#include "sync/record/unit.h"

namespace tapport::ledger {

using SuppressionKey = FixedBytes<struct SuppressionKeyTag, 32>;
/// Keyed BLAKE2b-256 of one normalised contact value and what kind of value it is.
using ContactMark = FixedBytes<struct ContactMarkTag, 32>;

/// The same for all spellings that reach the same person: e-mail in lower case, a phone number by
/// its digits with 00 as +, an address without regard to case and spacing. Empty for no value, and
/// for data that reaches nobody (a name, a company).
[[nodiscard]] std::string normalised(event::PersonalData kind, const record::Contact& contact);

class Suppressions {
  public:
    explicit Suppressions(const SuppressionKey& key) : key_(key) {}

    /// Of every value in `contact` that reaches somebody: what to store when `ending`, an objection
    /// or erasure, is filed, before the contact is destroyed.
    [[nodiscard]] std::vector<ContactMark> marksOf(const record::Contact& contact) const;
    /// Suppresses a value because of the event `ending`. Any number of times.
    void add(const ContactMark& mark, const record::RecordId& ending);
    /// The objections and erasures that stand against the values of `contact` that `uses` names.
    [[nodiscard]] std::set<record::RecordId> endingsOf(
        const record::Contact& contact, const std::set<event::PersonalData>& uses) const;

  private:
    [[nodiscard]] std::optional<ContactMark> markOf(event::PersonalData kind,
                                                    const record::Contact& contact) const;

    SuppressionKey key_;
    std::map<ContactMark, std::set<record::RecordId>> endings_;
};

}  // namespace tapport::ledger
