// SPDX-License-Identifier: GPL-3.0-or-later
// Takes what kiosks publish: one transaction for all messages that wait, then the answers to
// publish. Sealed bytes stay sealed here. Whatever arrives, the stream moves on: what cannot be
// taken goes into the quarantine in the same transaction. Knows no MQTT client; called on the
// store's thread.
#pragma once

#include "sync/hub/ingest/credit.h"
#include "sync/hub/ingest/unpacked.h"
#include "sync/hub/store/store.h"

namespace tapport::hub {

/// What a kiosk says it has of what this hub tells.
struct Heard {
    record::KioskId kiosk;
    wire::DownState has;
};

/// What is true once the transaction has been committed.
struct Taken {
    std::uint64_t records = 0;        ///< committed, duplicates included
    std::vector<Message> answers;     ///< acknowledgements to publish
    std::vector<std::string> alarms;  ///< for the log: quarantines, forks, repeats; nobody's data
    std::vector<Heard> heard;         ///< in order
    std::vector<record::KioskId> ended;  ///< where the event is over: they destroy everything
};

/// Who signed what, and the hub's own signature. Keys stay with whoever makes this.
struct Signatures {
    wire::Signer sign;  ///< with the hub's online key
    /// Whether a key of this kiosk made it, whatever became of the key since: published, enrolled
    /// or revoked.
    std::function<bool(const record::KioskId&, const record::Signature&, ByteView covered)>
        isKiosks;
};

class Ingest {
  public:
    Ingest(ArrivalStore& store, record::EventId event, Signatures signatures)
        : store_(store), event_(std::move(event)), signatures_(std::move(signatures)) {}

    /// One transaction. On an error nothing may be acknowledged: the kiosks send again.
    [[nodiscard]] Result<Taken> take(std::span<const Unpacked> messages, record::WallTime now);
    /// The same, unpacked here.
    [[nodiscard]] Result<Taken> take(std::vector<Message> messages, record::WallTime now) {
        return take(unpack(std::move(messages)), now);
    }

  private:
    struct Round;
    void sort(const Unpacked& unpacked, record::WallTime now, Round& round);
    void sortBatch(const Unpacked& unpacked, const record::KioskId& kiosk, const wire::Batch& batch,
                   Round& round) const;
    /// Why a question or answer of the kiosk whose topic it came on is not taken: quarantined as
    /// what. Nothing when it is.
    [[nodiscard]] std::optional<std::pair<Reason, std::string>> whyNot(
        const record::KioskId& topics, const record::KioskId& kiosk,
        const record::EventId& event) const;
    [[nodiscard]] wire::Ack blankAck(const record::Epoch& epoch, record::WallTime now) const;
    [[nodiscard]] Result<wire::Ack> answerHello(const wire::Hello& hello,
                                                record::WallTime now) const;
    /// What a hello of a new epoch says about its kiosk; nothing for the first one.
    [[nodiscard]] Result<std::optional<std::string>> alarmOf(const wire::Hello& hello) const;
    [[nodiscard]] Message toKiosk(const record::KioskId& kiosk, const wire::Ack& ack) const;
    void addInParts(const record::KioskId& kiosk, wire::Ack ack,
                    std::span<const wire::Answered> batches, std::vector<Message>& answers) const;

    /// Of kiosks that sent nothing but what is here already: seldom enough to be read.
    void noteRepeats(std::span<const Arrival> arrivals, std::span<const Verdict> verdicts,
                     record::WallTime now, std::vector<std::string>& alarms);

    ArrivalStore& store_;
    record::EventId event_;
    Signatures signatures_;
    Credit credit_;
    struct Repeats {
        std::uint64_t since = 0;  ///< how many, since they were last spoken of
        std::optional<record::WallTime> said;
    };
    std::map<record::KioskId, Repeats> repeats_;
};

}  // namespace tapport::hub
