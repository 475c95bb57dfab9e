// SPDX-License-Identifier: GPL-3.0-or-later
// Faults put into the world on purpose, each one rule of the protocol broken. They live in what
// surrounds the production code here, never in it. A simulation that does not find them proves
// nothing.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace tapport::simulation {

enum class Mutant {
    None,
    // The hub's end.
    AckBeforeCommit,      ///< what is acknowledged is on the disk only with the next transaction
    DedupeByPosition,     ///< a record at a held position is taken for a duplicate
    DropPoison,           ///< what cannot be taken is acknowledged and thrown away
    KeepHubEpoch,         ///< a hub restored from a backup goes on under its old epoch
    TakeUnsignedBatches,  ///< whoever can publish can make records
    // The kiosk's transport.
    AckUpToHighest,       ///< an acknowledgement counts for everything below it
    TrustTheBroker,       ///< sent is received
    AcceptUnsignedAcks,   ///< anybody can release a record
    AcceptForeignEpochs,  ///< an acknowledgement for another epoch counts for this one
    TakeAnyBatch,         ///< an acknowledgement counts without its batch's name, by position
    ForkKeepsMarks,       ///< what was received stays so when the epoch is left
    IgnoreHubEpoch,       ///< acknowledgements from before a restore count
    SendOnce,             ///< what was sent on a connection is not sent again on it
    ForgetMissing,        ///< what a restored hub says it lacks does not wait again
    PruneOnAck,           ///< acknowledged is erased, before the hub has a backup of it
    StayInEpoch,          ///< another copy of the card is seen, and no new epoch begins
    NoUrgentLane,         ///< withdrawals wait their turn
    NoLiveLane,           ///< new records wait behind the backlog
    // The kiosk's screen and disk.
    ConfirmBeforeCommit,  ///< "thank you" although the transaction failed
    RetryUnderNewIds,     ///< a save that failed is tried again as another record
    // The hub's export.
    LastAnswerCounts,  ///< of yes and no the one with the later wall time wins
};

struct NamedMutant {
    Mutant mutant;
    std::string_view name;
};

inline constexpr std::array kMutants{
    NamedMutant{Mutant::AckBeforeCommit, "ack-before-commit"},
    NamedMutant{Mutant::DedupeByPosition, "dedupe-by-position"},
    NamedMutant{Mutant::DropPoison, "drop-poison"},
    NamedMutant{Mutant::KeepHubEpoch, "keep-hub-epoch"},
    NamedMutant{Mutant::TakeUnsignedBatches, "take-unsigned-batches"},
    NamedMutant{Mutant::AckUpToHighest, "ack-up-to-highest"},
    NamedMutant{Mutant::TrustTheBroker, "trust-the-broker"},
    NamedMutant{Mutant::AcceptUnsignedAcks, "accept-unsigned-acks"},
    NamedMutant{Mutant::AcceptForeignEpochs, "accept-foreign-epochs"},
    NamedMutant{Mutant::TakeAnyBatch, "take-any-batch"},
    NamedMutant{Mutant::ForkKeepsMarks, "fork-keeps-marks"},
    NamedMutant{Mutant::IgnoreHubEpoch, "ignore-hub-epoch"},
    NamedMutant{Mutant::SendOnce, "send-once"},
    NamedMutant{Mutant::ForgetMissing, "forget-missing"},
    NamedMutant{Mutant::PruneOnAck, "prune-on-ack"},
    NamedMutant{Mutant::StayInEpoch, "stay-in-epoch"},
    NamedMutant{Mutant::NoUrgentLane, "no-urgent-lane"},
    NamedMutant{Mutant::NoLiveLane, "no-live-lane"},
    NamedMutant{Mutant::ConfirmBeforeCommit, "confirm-before-commit"},
    NamedMutant{Mutant::RetryUnderNewIds, "retry-under-new-ids"},
    NamedMutant{Mutant::LastAnswerCounts, "last-answer-counts"},
};

[[nodiscard]] constexpr std::optional<Mutant> mutantNamed(std::string_view name) {
    for (const NamedMutant& one : kMutants) {
        if (one.name == name) {
            return one.mutant;
        }
    }
    return std::nullopt;
}

}  // namespace tapport::simulation
