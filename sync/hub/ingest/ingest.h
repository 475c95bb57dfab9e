// SPDX-License-Identifier: GPL-3.0-or-later
// Takes what kiosks publish: one transaction for all messages that wait, then the answers to
// publish. Batches are kept as they came, and sorted behind their acknowledgement. Sealed bytes
// stay sealed here. Whatever arrives, the stream moves on: what cannot be taken goes into the
// quarantine in the same transaction. Knows no MQTT client; called on the store's thread.
#pragma once

#include "sync/hub/ingest/credit.h"
#include "sync/hub/ingest/quarantine_room.h"
#include "sync/hub/ingest/sorting.h"

namespace tapport::hub {

struct Message {
    std::string topic;
    Bytes payload;
};

/// A message as far as it can be read without the store: well-formed, not believed.
struct Decoded {
    Message message;
    Result<wire::Signed<wire::UpMessage>> decoded;
};
[[nodiscard]] Decoded decode(Message message);
[[nodiscard]] std::vector<Decoded> decode(std::vector<Message> messages);

/// What a kiosk says it has of what this hub tells.
struct Heard {
    record::KioskId kiosk;
    wire::DownState has;
};

/// What is true once the transaction has been committed.
struct Taken {
    std::uint64_t records = 0;        ///< in batches that were kept
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
    /// `mostQuarantined`: of each kiosk, in bytes, of what is not believed as it comes.
    Ingest(ArrivalStore& store, record::EventId event, Signatures signatures,
           std::uint64_t mostQuarantined = QuarantineRoom::kDefault)
        : store_(store),
          event_(std::move(event)),
          signatures_(std::move(signatures)),
          sorting_(store),
          room_(store, mostQuarantined) {}

    /// One transaction. On an error nothing may be acknowledged: the kiosks send again.
    [[nodiscard]] Result<Taken> take(std::span<const Decoded> messages, record::WallTime now);
    /// The same, read here.
    [[nodiscard]] Result<Taken> take(std::vector<Message> messages, record::WallTime now) {
        return take(decode(std::move(messages)), now);
    }
    /// One that was kept since it came, whichever worker serves its kiosk: nobody is heard with it.
    [[nodiscard]] Result<Taken> takeAgain(Message message, record::WallTime now);
    /// What was taken and has no place yet.
    [[nodiscard]] Sorting& sorting() { return sorting_; }
    [[nodiscard]] QuarantineRoom& room() { return room_; }

  private:
    struct Round;
    [[nodiscard]] Result<Taken> conclude(Round round, record::WallTime now);
    void sort(const Decoded& one, record::WallTime now, Round& round);
    void sortBatch(const Message& message, const record::KioskId& kiosk, const wire::Batch& batch,
                   record::WallTime now, Round& round);
    /// Whether what is not believed can be kept. If not, nothing of it is acknowledged.
    [[nodiscard]] bool hasRoom(const Message& message, record::WallTime now, Round& round);
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

    ArrivalStore& store_;
    record::EventId event_;
    Signatures signatures_;
    Credit credit_;
    Sorting sorting_;
    QuarantineRoom room_;
};

}  // namespace tapport::hub
