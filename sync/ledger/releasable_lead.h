// SPDX-License-Identifier: GPL-3.0-or-later
// A person the exhibitor may contact, for one purpose on one channel, with the proof. Exporters and
// connectors take nothing else, and only a ConsentLedger can make one: without a live yes there is
// no value of this type. Pure.
#pragma once

#include "sync/event/event.h"
#include "sync/ledger/contact_choice.h"

namespace tapport::ledger {

/// What the hub holds about a subject, besides the consent events.
struct Person {
    record::SubjectId subject;
    std::vector<ContactGiven> contacts;
    std::vector<record::Conversation> conversations;
};

class ReleasableLead {
  public:
    [[nodiscard]] const record::SubjectId& subject() const { return subject_; }
    [[nodiscard]] const record::PurposeId& purpose() const { return proof_.event.purpose; }
    [[nodiscard]] record::Channel channel() const { return proof_.event.channel; }
    /// Only the fields that the notice named (Ask::uses); the others are empty.
    [[nodiscard]] const record::Contact& contact() const { return contact_; }
    /// Empty unless the notice named them.
    [[nodiscard]] const std::vector<record::Conversation>& conversations() const {
        return conversations_;
    }
    /// The yes itself: id, notice with version, language and hash, time with its quality, validity,
    /// evidence.
    [[nodiscard]] const record::ConsentEvent& consent() const { return proof_.event; }
    [[nodiscard]] const record::KioskId& kiosk() const { return proof_.kiosk; }
    /// Where the event's profile wants double opt-in: what confirmed that yes.
    [[nodiscard]] const std::optional<Recorded>& confirmation() const { return confirmation_; }

  private:
    friend class ConsentLedger;
    /// `contact` is the one that belongs to `proof`.
    ReleasableLead(Recorded proof, std::optional<Recorded> confirmation, const Person& person,
                   const record::Contact& contact, const std::set<event::PersonalData>& uses);

    Recorded proof_;
    std::optional<Recorded> confirmation_;
    record::SubjectId subject_;
    record::Contact contact_;
    std::vector<record::Conversation> conversations_;
};

}  // namespace tapport::ledger
