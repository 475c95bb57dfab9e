// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/visit/unit_builder.h"

namespace tapport::visit {
namespace {

using record::ConsentEvent;
using record::ConsentState;
using record::UnitKind;

/// Far below what the codec takes (256). Past it the oldest go: a withdrawal that is no longer
/// named makes a later yes wait for the hub's re-confirmation, which is the safe side.
constexpr std::size_t kMostCauses = 128;

/// On a badge's next tap, as many as the hub tells kiosks of. It keeps all.
constexpr std::size_t kMostConversations = 24;

/// Nothing when the answer repeats a no: it is recorded already, and would count twice.
std::optional<ConsentState> stateAfter(const ConsentEvent* before, Answer answer,
                                       bool mayHaveAnsweredElsewhere) {
    if (answer == Answer::Yes) {
        const bool renews =
            before && (isYes(before->state) || before->state == ConsentState::Expired);
        return renews ? ConsentState::Renewed : ConsentState::Given;
    }
    if (!before && mayHaveAnsweredElsewhere) {
        return ConsentState::Withdrawn;
    }
    if (!before || before->state == ConsentState::Expired) {
        return ConsentState::Refused;
    }
    return isYes(before->state) ? std::optional(ConsentState::Withdrawn) : std::nullopt;
}

/// All that is known to have come before, oldest first, so that a yes names every withdrawal it
/// overrules. A refusal stands under a one-off subject: naming it would tie that subject to this
/// badge.
std::vector<record::RecordId> causesAfter(const std::vector<const ConsentEvent*>& before) {
    std::vector<record::RecordId> causes;
    for (const ConsentEvent* const event : before) {
        causes.insert(causes.end(), event->causes.begin(), event->causes.end());
        if (event->state != ConsentState::Refused) {
            causes.push_back(event->id);
        }
    }
    std::sort(causes.begin(), causes.end());
    causes.erase(std::unique(causes.begin(), causes.end()), causes.end());
    if (causes.size() > kMostCauses) {
        causes.erase(causes.begin(), causes.end() - kMostCauses);
    }
    return causes;
}

/// Of what the unit says next: beside the unit's own, so that it takes no room of its own.
record::RecordId idFor(const record::Unit& unit) {
    return record::idBeside(unit.id, unit.consents.size() + unit.conversations.size() + 1);
}

void replaceDecision(vault::Entry& entry, const ConsentEvent& decision) {
    std::erase_if(entry.decisions, [&](const ConsentEvent& old) {
        return old.purpose == decision.purpose && old.channel == decision.channel;
    });
    entry.decisions.push_back(decision);
}

/// Without an end an entry would outgrow what a reader takes (256), and never be read again.
void remember(vault::Entry& entry, const std::vector<record::Conversation>& conversations) {
    auto& all = entry.conversations;
    all.insert(all.end(), conversations.begin(), conversations.end());
    if (all.size() > kMostConversations) {
        all.erase(all.begin(), all.end() - kMostConversations);
    }
}

std::vector<record::Channel> channelsWithYes(const vault::Entry& entry) {
    std::vector<record::Channel> channels;
    for (const ConsentEvent& decision : entry.decisions) {
        if (isYes(decision.state)) {
            channels.push_back(decision.channel);
        }
    }
    return channels;
}

/// None for a badge that can be guessed: the hub would write more into other kiosks' vaults than
/// such an entry may hold.
std::optional<record::VaultAccess> accessFor(const seal::BadgeIdentity& badge,
                                             BadgeStrength strength) {
    return strength == BadgeStrength::Secret ? std::optional(badge.vault) : std::nullopt;
}

record::ClockReading wholeHour(record::ClockReading at) {
    at.wall = std::chrono::floor<std::chrono::hours>(at.wall);
    at.monotonic = std::chrono::floor<std::chrono::hours>(at.monotonic);
    return at;
}

}  // namespace

bool hasYes(const std::vector<ConsentEvent>& decisions) {
    return std::any_of(decisions.begin(), decisions.end(),
                       [](const ConsentEvent& decision) { return isYes(decision.state); });
}

bool hasYes(const vault::Entry& entry) {
    return hasYes(entry.decisions);
}

const ConsentEvent* tombstoneOf(const vault::Entry& entry) {
    const auto found =
        std::find_if(entry.decisions.begin(), entry.decisions.end(),
                     [](const ConsentEvent& d) { return d.state == ConsentState::Erased; });
    return found == entry.decisions.end() ? nullptr : &*found;
}

bool isErasable(const vault::Entry& entry) {
    return std::any_of(entry.decisions.begin(), entry.decisions.end(), [](const ConsentEvent& d) {
        return d.state != ConsentState::Refused && d.state != ConsentState::Erased;
    });
}

const ConsentEvent* findDecision(const vault::Entry& entry, const record::PurposeId& purpose,
                                 record::Channel channel) {
    const auto found = std::find_if(
        entry.decisions.begin(), entry.decisions.end(),
        [&](const ConsentEvent& d) { return d.purpose == purpose && d.channel == channel; });
    return found == entry.decisions.end() ? nullptr : &*found;
}

ContactField fieldFor(record::Channel channel) {
    switch (channel) {
        case record::Channel::Email:
            return ContactField::Email;
        case record::Channel::Phone:
        case record::Channel::Sms:
        case record::Channel::Messenger:
            return ContactField::Phone;
        case record::Channel::Post:
            return ContactField::Address;
    }
    return ContactField::Email;
}

std::string& fieldOf(record::Contact& contact, ContactField field) {
    switch (field) {
        case ContactField::Phone:
            return contact.phone;
        case ContactField::Address:
            return contact.address;
        case ContactField::Name:
            return contact.name;
        case ContactField::Company:
            return contact.company;
        case ContactField::Email:
            break;
    }
    return contact.email;
}

record::Contact contactFor(const record::Contact& from,
                           const std::vector<record::Channel>& channels) {
    record::Contact source = from;
    record::Contact needed;
    if (channels.empty()) {
        return needed;
    }
    needed.name = source.name;
    needed.company = source.company;
    for (const record::Channel channel : channels) {
        const ContactField field = fieldFor(channel);
        fieldOf(needed, field) = fieldOf(source, field);
    }
    return needed;
}

UnitBuilder::UnitBuilder(const event::Event& event, std::string build,
                         std::function<record::RecordId()> newId,
                         std::function<record::ReceiptId()> newReceipt)
    : event_(event),
      build_(std::move(build)),
      newId_(std::move(newId)),
      newReceipt_(std::move(newReceipt)) {}

Commit UnitBuilder::visit(const Outcome& outcome, const record::ClockReading& now) const {
    const record::SubjectId& subject = outcome.badge.subject;
    record::Unit named = unit(UnitKind::Withdrawal, subject, now);
    record::Unit refusal = unit(UnitKind::Refusal, oneOffSubject(), now);
    vault::Entry entry = outcome.known.value_or(vault::Entry{subject, {}, {}, {}});
    for (const AnswerGiven& given : outcome.answers) {
        const ConsentEvent* const before = findDecision(entry, given.purpose, given.channel);
        const auto state = stateAfter(before, given.answer, outcome.mayHaveAnsweredElsewhere);
        if (!state) {
            continue;
        }
        const record::Unit& into = *state == ConsentState::Refused ? refusal : named;
        const ConsentEvent decision = decide(given, *state, idFor(into), entry, outcome, now);
        if (*state == ConsentState::Refused) {
            replaceDecision(entry, rememberedRefusal(decision));
            refusal.consents.push_back(decision);
            refusal.consents.back().causes.clear();
        } else {
            replaceDecision(entry, decision);
            named.consents.push_back(decision);
        }
    }

    const bool isNamed = hasYes(entry);
    const record::Contact contact = contactFor(outcome.contact, channelsWithYes(entry));
    // Whoever guesses a UID or a code could open the entry: it then holds decisions only.
    const bool isSecret = outcome.strength == BadgeStrength::Secret;
    if (isNamed && isSecret) {
        entry.contact = contact;
        remember(entry, outcome.conversations);
    } else {
        entry.contact.reset();
        entry.conversations.clear();
    }

    Commit commit;
    std::vector<record::Conversation> unplaced = outcome.conversations;
    if (!named.consents.empty()) {
        named.vault = accessFor(outcome.badge, outcome.strength);
        named.receipt = newReceipt_();
        entry.receipt = named.receipt;
        if (hasYes(named.consents)) {
            named.kind = UnitKind::Visit;
            named.contact = contact;
            named.conversations = std::exchange(unplaced, {});
        }
        commit.units.push_back(named);
    }
    if (!refusal.consents.empty()) {
        // An id of its own, which the vault entry does not keep: it would tie the refusal to a
        // badge.
        refusal.receipt = newReceipt_();
        commit.units.push_back(refusal);
    }
    for (const record::Conversation& conversation : unplaced) {
        if (!isNamed) {
            commit.units.push_back(countUnit(conversation, now));
            continue;
        }
        record::Unit about = unit(UnitKind::Conversation, subject, now);
        about.vault = accessFor(outcome.badge, outcome.strength);
        about.conversations = {conversation};
        commit.units.push_back(about);
    }
    if (!commit.units.empty()) {
        commit.access = outcome.badge.vault;
        commit.entry = entry;
    }
    return commit;
}

Commit UnitBuilder::erasure(const Outcome& outcome, const std::string& language,
                            record::Method method, record::Evidence evidence,
                            const record::ClockReading& now) const {
    const vault::Entry& known = *outcome.known;
    record::Unit unit = this->unit(UnitKind::Withdrawal, known.subject, now);
    ConsentEvent erased;
    erased.id = idFor(unit);
    erased.purpose = {std::string(record::kEveryPurpose)};
    erased.state = ConsentState::Erased;
    erased.method = method;
    erased.at = now;
    erased.evidence = std::move(evidence);
    erased.evidence.build = build_;
    std::vector<const ConsentEvent*> before;
    for (const ConsentEvent& decision : known.decisions) {
        // The notice that told how, in the words that are on the screen.
        const event::Ask* const ask = event_.find(decision.purpose, decision.channel);
        if (erased.notice.id.empty() && ask) {
            erased.notice = ask->noticeRef(language);
        }
        erased.validUntil = std::max(erased.validUntil, decision.validUntil);
        before.push_back(&decision);
    }
    for (const ConsentEvent& other : outcome.beside) {
        before.push_back(&other);
    }
    erased.hubState = outcome.hubState;
    if (erased.notice.id.empty()) {
        erased.notice = known.decisions.front().notice;
    }
    erased.causes = causesAfter(before);

    unit.consents = {erased};
    unit.vault = accessFor(outcome.badge, outcome.strength);
    unit.receipt = newReceipt_();
    return {
        {unit}, outcome.badge.vault, vault::Entry{known.subject, {erased}, {}, {}, unit.receipt}};
}

Commit UnitBuilder::conversation(const seal::BadgeIdentity& badge, BadgeStrength strength,
                                 vault::Entry entry, const record::Conversation& conversation,
                                 const record::ClockReading& now) const {
    record::Unit about = unit(UnitKind::Conversation, badge.subject, now);
    about.vault = accessFor(badge, strength);
    about.conversations = {conversation};
    if (strength == BadgeStrength::Secret) {
        remember(entry, {conversation});
    }
    return {{about}, badge.vault, std::move(entry)};
}

Commit UnitBuilder::count(const record::Conversation& conversation,
                          const record::ClockReading& now) const {
    return {{countUnit(conversation, now)}, {}, {}};
}

record::Unit UnitBuilder::unit(UnitKind kind, const record::SubjectId& subject,
                               const record::ClockReading& now) const {
    record::Unit unit;
    unit.id = newId_();
    unit.kind = kind;
    unit.event = event_.id;
    unit.subject = subject;
    unit.at = now;
    return unit;
}

record::Unit UnitBuilder::countUnit(const record::Conversation& conversation,
                                    const record::ClockReading& now) const {
    const record::ClockReading hour = wholeHour(now);
    record::Unit count = unit(UnitKind::Count, *record::SubjectId::from(hourId(now).view()), hour);
    count.id = hourId(now);
    record::Conversation topic;
    topic.id = idFor(count);
    topic.staff = conversation.staff;
    topic.at = wholeHour(conversation.at);
    topic.need = conversation.need;
    count.conversations = {topic};
    return count;
}

ConsentEvent UnitBuilder::rememberedRefusal(const ConsentEvent& refusal) const {
    ConsentEvent mark;
    mark.id = hourId(refusal.at);
    mark.purpose = refusal.purpose;
    mark.channel = refusal.channel;
    mark.state = refusal.state;
    mark.method = refusal.method;
    mark.by = refusal.by;
    mark.notice = refusal.notice;
    mark.at = wholeHour(refusal.at);
    mark.validUntil = std::chrono::floor<std::chrono::hours>(refusal.validUntil);
    return mark;
}

record::RecordId UnitBuilder::hourId(const record::ClockReading& now) const {
    std::array<std::uint8_t, 10> random{};
    const record::RecordId id = newId_();
    std::copy(id.bytes.begin() + 6, id.bytes.end(), random.begin());
    return record::makeRecordId(wholeHour(now).wall, random);
}

ConsentEvent UnitBuilder::decide(const AnswerGiven& given, ConsentState state,
                                 const record::RecordId& id, const vault::Entry& known,
                                 const Outcome& outcome, const record::ClockReading& now) const {
    ConsentEvent decision;
    decision.id = id;
    decision.purpose = given.purpose;
    decision.channel = given.channel;
    decision.state = state;
    decision.method = given.method;
    decision.notice = given.notice;
    decision.at = now;
    decision.validUntil = now.wall + given.validity;
    decision.evidence = given.evidence;
    decision.evidence.build = build_;
    std::vector<const ConsentEvent*> before;
    for (const auto* const some : {&known.decisions, &outcome.beside}) {
        for (const ConsentEvent& other : *some) {
            const bool isOnThis = other.purpose == given.purpose && other.channel == given.channel;
            if (isOnThis || other.purpose.value == record::kEveryPurpose) {
                before.push_back(&other);
            }
        }
    }
    decision.causes = causesAfter(before);
    decision.hubState = outcome.hubState;
    return decision;
}

record::SubjectId UnitBuilder::oneOffSubject() const {
    return *record::SubjectId::from(newId_().view());
}

}  // namespace tapport::visit
