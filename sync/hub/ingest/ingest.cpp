// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/ingest/ingest.h"

#include "sync/hub/ingest/links.h"
#include "sync/wire/topics.h"

#include <fmt/core.h>

namespace tapport::hub {
Decoded decode(Message message) {
    auto decoded = wire::decodeUp(message.payload);
    return {std::move(message), std::move(decoded)};
}

std::vector<Decoded> decode(std::vector<Message> messages) {
    std::vector<Decoded> decoded;
    decoded.reserve(messages.size());
    for (Message& message : messages) {
        decoded.push_back(decode(std::move(message)));
    }
    return decoded;
}

/// One call of take(): what goes into the transaction, and who is to be answered afterwards.
struct Ingest::Round {
    Intake intake;
    std::vector<wire::Hello> hellos;
    /// Of each batch, in the order in which they came. It is answered to the kiosk whose topic it
    /// was, whatever its envelope says.
    std::map<Sequence, std::vector<wire::Answered>> answered;
    std::size_t bytes = 0;  ///< of parcels
    Taken taken;
};

Result<Taken> Ingest::take(std::span<const Decoded> messages, record::WallTime now) {
    Round round;
    for (const Decoded& one : messages) {
        sort(one, now, round);
    }
    return conclude(std::move(round), now);
}

Result<Taken> Ingest::takeAgain(Message message, record::WallTime now) {
    const Decoded one = decode(std::move(message));  // the round has views of it
    Round round;
    round.intake.whose = Whose::Anybodys;
    round.intake.isHeard = false;
    sort(one, now, round);
    return conclude(std::move(round), now);
}

Result<Taken> Ingest::conclude(Round round, record::WallTime now) {
    for (const wire::Hello& hello : round.hellos) {
        auto alarm = alarmOf(hello);
        if (!alarm) {
            return tl::unexpected(alarm.error());
        }
        if (*alarm) {
            round.taken.alarms.push_back(std::move(**alarm));
        }
    }
    if (round.bytes > 0) {
        if (const auto made = sorting_.makeRoom(); !made) {
            return tl::unexpected(made.error());
        }
    }
    if (const auto kept = store_.take(round.intake, now); !kept) {
        return tl::unexpected(kept.error());
    }
    sorting_.kept(round.bytes);

    std::vector<Message>& answers = round.taken.answers;
    for (const auto& [sequence, batches] : round.answered) {
        wire::Ack ack = blankAck(sequence.epoch, now);
        ack.watermark = store_.watermark(sequence).value_or(0);
        addInParts(sequence.kiosk, std::move(ack), batches, answers);
    }
    for (const wire::Hello& hello : round.hellos) {
        // What it asks for is known of sorted records only.
        if (const auto sorted = sorting_.allOf(hello.kiosk, round.intake.whose); !sorted) {
            return tl::unexpected(sorted.error());
        }
        const auto ack = answerHello(hello, now);
        if (!ack) {
            return tl::unexpected(ack.error());
        }
        answers.push_back(toKiosk(hello.kiosk, *ack));
    }
    std::vector<std::string> alarms = sorting_.takeAlarms();
    std::move(alarms.begin(), alarms.end(), std::back_inserter(round.taken.alarms));
    return std::move(round.taken);
}

void Ingest::sort(const Decoded& one, record::WallTime now, Round& round) {
    const auto& [message, decoded] = one;
    const auto refuse = [&, &message = message](Reason reason, std::string detail) {
        if (!hasRoom(message, now, round)) {
            return;
        }
        round.taken.alarms.push_back(
            fmt::format("quarantined a message of {} bytes: {}", message.payload.size(), detail));
        round.intake.suspects.push_back({message.topic, message.payload, reason, detail});
    };
    const auto kiosk = wire::kioskOfUpTopic(message.topic);
    if (!kiosk) {
        return refuse(Reason::Unreadable, kiosk.error().context);
    }
    if (!decoded) {
        return refuse(Reason::Unreadable, decoded.error().context);
    }
    const auto* batch = std::get_if<wire::Batch>(&decoded->message);
    if (!signatures_.isKiosks(*kiosk, decoded->signature, decoded->covered)) {
        const std::string why =
            fmt::format("no key of {} that is known here signed it", kiosk->value);
        if (batch != nullptr) {
            return refuse(Reason::NotSigned, why);
        }
        // Nothing is lost with a question: the kiosk asks again.
        round.taken.alarms.push_back("a hello or answer is not heeded: " + why);
        return;
    }
    if (round.intake.isHeard) {
        credit_.heard(*kiosk, now);
    }
    if (batch != nullptr) {
        return sortBatch(message, *kiosk, *batch, now, round);
    }
    if (const auto* has = std::get_if<wire::DownAck>(&decoded->message)) {
        if (const auto why = whyNot(*kiosk, has->kiosk, has->event)) {
            return refuse(why->first, why->second);
        }
        round.taken.heard.push_back({has->kiosk, has->has});
        return;
    }
    if (const auto* farewell = std::get_if<wire::Farewell>(&decoded->message)) {
        if (const auto why = whyNot(*kiosk, farewell->kiosk, farewell->event)) {
            return refuse(why->first, why->second);
        }
        round.taken.ended.push_back(farewell->kiosk);
        return;
    }
    const auto& hello = std::get<wire::Hello>(decoded->message);
    if (const auto why = whyNot(*kiosk, hello.kiosk, hello.event)) {
        return refuse(why->first, why->second);
    }
    round.taken.heard.push_back({hello.kiosk, {store_.hubEpoch(), hello.downVersion}});
    round.intake.announcements.push_back({{hello.kiosk, hello.epoch}, hello.last, hello.forkOf});
    round.intake.clocks.push_back({{hello.kiosk, hello.epoch}, hello.base});
    round.hellos.push_back(hello);
}

bool Ingest::hasRoom(const Message& message, record::WallTime now, Round& round) {
    if (!round.intake.isHeard) {
        return true;  // was kept since it came
    }
    const auto answer = room_.ask(message.topic, message.payload.size(), now);
    if (!answer || *answer == QuarantineRoom::Answer::Kept) {
        return true;  // a store that cannot be read takes nothing either, and says so
    }
    if (*answer == QuarantineRoom::Answer::Full) {
        round.taken.alarms.push_back(fmt::format(
            "the quarantine has no more room for what comes on {}: it is not kept, and not "
            "acknowledged; see tapport-hub quarantine list",
            message.topic));
    }
    return false;
}

std::optional<std::pair<Reason, std::string>> Ingest::whyNot(const record::KioskId& topics,
                                                             const record::KioskId& kiosk,
                                                             const record::EventId& event) const {
    if (kiosk != topics) {
        return std::pair(Reason::WrongKiosk, "hello or answer of another kiosk than its topic's");
    }
    if (event != event_) {
        return std::pair(Reason::WrongEvent, "hello or answer for another event");
    }
    return std::nullopt;
}

void Ingest::sortBatch(const Message& message, const record::KioskId& kiosk,
                       const wire::Batch& batch, record::WallTime now, Round& round) {
    wire::Answered answer{wire::nameOf(message.payload), {}};
    if (batch.kiosk != kiosk || batch.event != event_) {
        if (!hasRoom(message, now, round)) {
            return;
        }
        const bool isStranger = batch.kiosk != kiosk;
        Suspect suspect{
            message.topic, message.payload, isStranger ? Reason::WrongKiosk : Reason::WrongEvent,
            isStranger ? "batch of another kiosk than its topic's" : "batch for another event"};
        suspect.sequence = Sequence{kiosk, batch.epoch};
        for (const LinkedUnit& unit : linkedUnits(batch)) {
            answer.quarantined.add(unit.link.seq);
            suspect.links.push_back(unit.link);
        }
        round.answered[*suspect.sequence].push_back(std::move(answer));
        round.taken.alarms.push_back(fmt::format("quarantined {} records from {}: {}",
                                                 suspect.links.size(), kiosk.value,
                                                 suspect.detail));
        round.intake.suspects.push_back(std::move(suspect));
        return;
    }
    const Sequence sequence{kiosk, batch.epoch};
    round.intake.parcels.push_back({kiosk, message.payload});
    round.bytes += message.payload.size();
    const wire::Run& last = batch.runs.back();
    round.intake.announcements.push_back({sequence, last.first + last.units.size() - 1, {}});
    round.intake.clocks.push_back({sequence, batch.base});
    for (const wire::Run& run : batch.runs) {
        round.taken.records += run.units.size();
    }
    round.answered[sequence].push_back(std::move(answer));
}

wire::Ack Ingest::blankAck(const record::Epoch& epoch, record::WallTime now) const {
    wire::Ack ack;
    ack.hub = store_.hubEpoch();
    ack.epoch = epoch;
    ack.creditBytes = credit_.share();
    ack.hubTime = now;
    return ack;
}

Message Ingest::toKiosk(const record::KioskId& kiosk, const wire::Ack& ack) const {
    return {wire::ackTopic(kiosk), wire::encode(ack, signatures_.sign)};
}

/// As many messages as the bound on names asks for; nearly always one.
void Ingest::addInParts(const record::KioskId& kiosk, wire::Ack ack,
                        std::span<const wire::Answered> batches,
                        std::vector<Message>& answers) const {
    while (!batches.empty()) {
        const auto some = batches.first(std::min(batches.size(), wire::kMostAnswered));
        ack.batches.assign(some.begin(), some.end());
        answers.push_back(toKiosk(kiosk, ack));
        batches = batches.subspan(some.size());
    }
}

Result<std::optional<std::string>> Ingest::alarmOf(const wire::Hello& hello) const {
    const auto epochs = store_.epochsOf(hello.kiosk);
    if (!epochs) {
        return tl::unexpected(epochs.error());
    }
    const bool isKnown = std::find(epochs->begin(), epochs->end(), hello.epoch) != epochs->end();
    if (isKnown || (epochs->empty() && !hello.forkOf)) {
        return std::optional<std::string>();
    }
    const std::string begins =
        fmt::format("{} begins epoch {}", hello.kiosk.value, hello.epoch.hex());
    return hello.forkOf
               ? fmt::format(
                     "{}: what it had given out up to {}/{} is not what is here; it was "
                     "restored or cloned",
                     begins, hello.forkOf->epoch.hex(), hello.forkOf->seq)
               : fmt::format("{} with a new database: its card was replaced or made anew", begins);
}

Result<wire::Ack> Ingest::answerHello(const wire::Hello& hello, record::WallTime now) const {
    const auto held = store_.held({hello.kiosk, hello.epoch});
    if (!held) {
        return tl::unexpected(held.error());
    }
    wire::Ack ack = blankAck(hello.epoch, now);
    // 0 would make it an answer to batches; a kiosk that has recorded nothing lacks nothing.
    ack.completeThrough = std::max<std::uint64_t>(hello.last, 1);
    ack.prefix = held->prefix();
    ack.watermark = store_.watermark({hello.kiosk, hello.epoch}).value_or(0);
    // An acknowledgement names a bounded number of ranges: where more are held, it is complete
    // up to the last one it names, and the kiosk sends the rest again.
    const auto put = [&](const record::SeqRanges& all, record::SeqRanges& into) {
        for (const record::SeqRange& range : all.view()) {
            if (into.view().size() == wire::kMostRanges) {
                ack.completeThrough = std::min(ack.completeThrough, into.view().back().last);
                return;
            }
            into.add(range);
        }
    };
    put(held->received(), ack.received);
    put(held->quarantined(), ack.quarantined);
    return ack;
}

}  // namespace tapport::hub
