// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/ingest/ingest.h"

#include "sync/seal/chain.h"
#include "sync/wire/topics.h"

#include <list>

#include <fmt/core.h>

namespace tapport::hub {
namespace {

/// A conflict at a position that also holds a good record: the good one counts.
record::SeqRanges without(const record::SeqRanges& ranges, const record::SeqRanges& others) {
    record::SeqRanges rest;
    for (const record::SeqRange& range : ranges.view()) {
        rest.merge(others.holes(range));
    }
    return rest;
}

/// Each unit of the batch with its digest and its link in the chain.
template <typename Visit>
void follow(const wire::Batch& batch, Visit visit) {
    for (const wire::Run& run : batch.runs) {
        Link link{run.first, run.before, run.before};
        for (const wire::BatchUnit& unit : run.units) {
            const seal::Digest digest = seal::digestOf(unit.sealed);
            link.after = seal::chainAfter(link.before, batch.epoch, link.seq, unit.id, digest);
            visit(unit, digest, link);
            link = {link.seq + 1, link.after, link.after};
        }
    }
}

}  // namespace

/// One call of take(): what goes into the transaction, and who is to be answered afterwards.
struct Ingest::Round {
    Intake intake;
    std::list<wire::Batch> batches;  ///< own the sealed bytes that `intake` looks at
    std::vector<wire::Hello> hellos;
    /// Acknowledgements go to the kiosk whose topic it was, whatever its envelope says.
    std::map<Sequence, record::SeqRanges> quarantined;
    Taken taken;
};

Result<Taken> Ingest::take(std::span<const Message> messages, record::WallTime now) {
    Round round;
    for (const Message& message : messages) {
        sort(message, now, round);
    }
    for (const wire::Hello& hello : round.hellos) {
        auto alarm = alarmOf(hello);
        if (!alarm) {
            return tl::unexpected(alarm.error());
        }
        if (*alarm) {
            round.taken.alarms.push_back(std::move(**alarm));
        }
    }
    const auto verdicts = store_.take(round.intake, now);
    if (!verdicts) {
        return tl::unexpected(verdicts.error());
    }
    round.taken.records = verdicts->size();

    std::map<Sequence, wire::Ack> acks;
    const auto ackFor = [&](const Sequence& sequence) -> wire::Ack& {
        return acks.try_emplace(sequence, blankAck(sequence.epoch, now)).first->second;
    };
    for (std::size_t i = 0; i < verdicts->size(); ++i) {
        const record::Position& position = round.intake.arrivals[i].position;
        wire::Ack& ack = ackFor({position.kiosk, position.epoch});
        if (verdicts->at(i) == Verdict::Conflict) {
            ack.quarantined.add(position.seq);
            round.taken.alarms.push_back(
                fmt::format("a record at {}/{}/{} has the id of another: quarantined",
                            position.kiosk.value, position.epoch.hex(), position.seq));
        } else {
            ack.received.add(position.seq);
        }
        if (verdicts->at(i) == Verdict::Forked) {
            round.taken.alarms.push_back(
                fmt::format("another copy's record at or beside {}/{}/{}: cloned or restored kiosk",
                            position.kiosk.value, position.epoch.hex(), position.seq));
        }
    }
    for (const auto& [sequence, positions] : round.quarantined) {
        ackFor(sequence).quarantined.merge(positions);
    }

    std::vector<Message>& answers = round.taken.answers;
    for (auto& [sequence, ack] : acks) {
        ack.quarantined = without(ack.quarantined, ack.received);
        ack.watermark = store_.watermark(sequence).value_or(0);
        addInParts(sequence.kiosk, ack, answers);
    }
    for (const wire::Hello& hello : round.hellos) {
        const auto ack = answerHello(hello, now);
        if (!ack) {
            return tl::unexpected(ack.error());
        }
        answers.push_back(toKiosk(hello.kiosk, *ack));
    }
    return std::move(round.taken);
}

void Ingest::sort(const Message& message, record::WallTime now, Round& round) {
    const auto refuse = [&](Reason reason, std::string detail) {
        round.taken.alarms.push_back(
            fmt::format("quarantined a message of {} bytes: {}", message.payload.size(), detail));
        round.intake.suspects.push_back({message.topic, message.payload, reason, detail});
    };
    const auto kiosk = wire::kioskOfUpTopic(message.topic);
    if (!kiosk) {
        return refuse(Reason::Unreadable, kiosk.error().context);
    }
    auto decoded = wire::decodeUp(message.payload);
    if (!decoded) {
        return refuse(Reason::Unreadable, decoded.error().context);
    }
    auto* batch = std::get_if<wire::Batch>(&decoded->message);
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
    credit_.heard(*kiosk, now);
    if (batch != nullptr) {
        return sortBatch(message, *kiosk, std::move(*batch), round);
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

void Ingest::sortBatch(const Message& message, const record::KioskId& kiosk, wire::Batch&& batch,
                       Round& round) const {
    if (batch.kiosk != kiosk || batch.event != event_) {
        const bool isStranger = batch.kiosk != kiosk;
        Suspect suspect{
            message.topic, message.payload, isStranger ? Reason::WrongKiosk : Reason::WrongEvent,
            isStranger ? "batch of another kiosk than its topic's" : "batch for another event"};
        suspect.sequence = Sequence{kiosk, batch.epoch};
        record::SeqRanges& positions = round.quarantined[*suspect.sequence];
        follow(batch, [&](const wire::BatchUnit&, const seal::Digest&, const Link& link) {
            positions.add(link.seq);
            suspect.links.push_back(link);
        });
        round.taken.alarms.push_back(fmt::format("quarantined {} records from {}: {}",
                                                 suspect.links.size(), kiosk.value,
                                                 suspect.detail));
        round.intake.suspects.push_back(std::move(suspect));
        return;
    }
    const wire::Batch& kept = round.batches.emplace_back(std::move(batch));
    round.intake.clocks.push_back({{kept.kiosk, kept.epoch}, kept.base});
    follow(kept, [&](const wire::BatchUnit& unit, const seal::Digest& digest, const Link& link) {
        round.intake.arrivals.push_back({unit.id,
                                         {kept.kiosk, kept.epoch, link.seq},
                                         digest,
                                         unit.sealed,
                                         link.before,
                                         link.after});
    });
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

/// As many messages as the bound on ranges asks for; nearly always one.
void Ingest::addInParts(const record::KioskId& kiosk, const wire::Ack& whole,
                        std::vector<Message>& answers) const {
    const auto received = whole.received.view();
    const auto quarantined = whole.quarantined.view();
    for (std::size_t at = 0; at < std::max(received.size(), quarantined.size());
         at += wire::kMostRanges) {
        wire::Ack part = whole;
        const auto cut = [at](std::span<const record::SeqRange> ranges) {
            record::SeqRanges some;
            for (std::size_t i = at; i < std::min(ranges.size(), at + wire::kMostRanges); ++i) {
                some.add(ranges[i]);
            }
            return some;
        };
        part.received = cut(received);
        part.quarantined = cut(quarantined);
        answers.push_back(toKiosk(kiosk, part));
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
    // 0 would make it an answer to a batch; a kiosk that has recorded nothing lacks nothing.
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
