// SPDX-License-Identifier: GPL-3.0-or-later
// Turns what was answered and logged into the units of one transaction and the badge's next vault
// entry. This is where a refusal is cut off from the person: it must never share a unit, a subject,
// a contact or a cause with anything that names one. Pure.
#pragma once

#include "firmware-app/visit/visit_session.h"

namespace tapport::visit {

/// One purpose and channel, answered on this visit.
struct AnswerGiven {
    record::PurposeId purpose;
    record::Channel channel = record::Channel::Email;
    Answer answer = Answer::Unset;
    record::Method method = record::Method::KioskNo;
    record::NoticeRef notice;
    std::chrono::days validity{};
    record::Evidence evidence;
};

/// Everything a confirmation stands for.
struct Outcome {
    seal::BadgeIdentity badge;
    BadgeStrength strength = BadgeStrength::Secret;
    std::optional<vault::Entry> known;
    /// Of other kiosks, which what is `known` does not name: what is decided now does.
    std::vector<record::ConsentEvent> beside;
    std::uint64_t hubState = 0;  ///< version of the hub's state that was seen
    /// Nothing is known here, and the person asked for earlier answers: a no takes them back.
    bool mayHaveAnsweredElsewhere = false;
    std::vector<AnswerGiven> answers;
    record::Contact contact;  ///< all that is at hand; only what a yes needs is taken from it
    std::vector<record::Conversation> conversations;  ///< logged during this visit
};

/// A yes that stands.
[[nodiscard]] bool hasYes(const std::vector<record::ConsentEvent>& decisions);
[[nodiscard]] bool hasYes(const vault::Entry& entry);
/// The erasure that emptied the entry; null without one. What is agreed to afterwards names it.
[[nodiscard]] const record::ConsentEvent* tombstoneOf(const vault::Entry& entry);
/// The hub knows the person: a refusal alone tells it nothing about them.
[[nodiscard]] bool isErasable(const vault::Entry& entry);
[[nodiscard]] const record::ConsentEvent* findDecision(const vault::Entry& entry,
                                                       const record::PurposeId& purpose,
                                                       record::Channel channel);

[[nodiscard]] ContactField fieldFor(record::Channel channel);
[[nodiscard]] std::string& fieldOf(record::Contact& contact, ContactField field);
/// Name, company, and the fields that one of the channels needs; nothing without a channel.
[[nodiscard]] record::Contact contactFor(const record::Contact& from,
                                         const std::vector<record::Channel>& channels);

class UnitBuilder {
  public:
    UnitBuilder(const event::Event& event, std::string build,
                std::function<record::RecordId()> newId,
                std::function<record::ReceiptId()> newReceipt);

    /// No units when every answer repeats what is recorded already.
    [[nodiscard]] Commit visit(const Outcome& outcome, const record::ClockReading& now) const;
    /// One Erased event over every purpose that names all that is known; what is left of the vault
    /// entry is that event alone. `outcome.known` must be erasable; its answers are not looked at.
    [[nodiscard]] Commit erasure(const Outcome& outcome, const std::string& language,
                                 record::Method method, record::Evidence evidence,
                                 const record::ClockReading& now) const;
    /// A conversation about a person who said yes.
    [[nodiscard]] Commit conversation(const seal::BadgeIdentity& badge, BadgeStrength strength,
                                      vault::Entry entry, const record::Conversation& conversation,
                                      const record::ClockReading& now) const;
    /// What is left of a conversation without a yes: need, hour, and who logged it.
    [[nodiscard]] Commit count(const record::Conversation& conversation,
                               const record::ClockReading& now) const;

  private:
    [[nodiscard]] record::Unit unit(record::UnitKind kind, const record::SubjectId& subject,
                                    const record::ClockReading& now) const;
    [[nodiscard]] record::Unit countUnit(const record::Conversation& conversation,
                                         const record::ClockReading& now) const;
    /// `known`: with what this visit has decided so far.
    [[nodiscard]] record::ConsentEvent decide(const AnswerGiven& given, record::ConsentState state,
                                              const record::RecordId& id, const vault::Entry& known,
                                              const Outcome& outcome,
                                              const record::ClockReading& now) const;
    /// What the vault keeps of a no: enough not to ask again, and nothing that is the same as in
    /// the record under the one-off subject, which a badge must not lead to.
    [[nodiscard]] record::ConsentEvent rememberedRefusal(const record::ConsentEvent& refusal) const;
    /// An id that tells no more of its time than the hour.
    [[nodiscard]] record::RecordId hourId(const record::ClockReading& now) const;
    [[nodiscard]] record::SubjectId oneOffSubject() const;

    const event::Event& event_;
    std::string build_;
    std::function<record::RecordId()> newId_;
    std::function<record::ReceiptId()> newReceipt_;
};

}  // namespace tapport::visit
