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
    DeathsGoUnseen,       ///< a unit that ends the opener each time is tried for ever
    MarkUnopened,         ///< kiosks may drop what is received, and not opened
    MarkAfterCopy,        ///< kiosks may drop what came while the backup was made
    TellNoWithdrawals,    ///< other kiosks hear of a yes only
    // Its receipts' pages.
    PageBeforeCommit,  ///< "withdrawn" although the transaction failed
    NoJournal,         ///< what is taken back by phone is in the database only
    JournalNotForced,  ///< in the journal's file only with the next one
    NoRecall,          ///< a hub that starts does not look into its journal
    TakeBackAgain,     ///< who presses twice takes back twice
    TellNoPhones,      ///< kiosks hear nothing of what was taken back by phone
    // The kiosk's transport.
    AckUpToHighest,       ///< an acknowledgement counts for everything below it
    TrustTheBroker,       ///< sent is received
    AcceptUnsignedAcks,   ///< anybody can release a record
    AcceptForeignEpochs,  ///< an acknowledgement for another epoch counts for this one
    TakeAnyBatch,         ///< an acknowledgement counts without its batch's name, by position
    IgnoreHubEpoch,       ///< acknowledgements from before a restore count
    SendOnce,             ///< what was sent on a connection is not sent again on it
    KeepMarks,  ///< what another hub acknowledged counts, but for what this one names as missing
    ForgetMissing,  ///< and that does not wait again either
    PruneOnAck,     ///< acknowledged is erased, before the hub has a backup of it
    StayInEpoch,    ///< another copy of the card is seen, and no new epoch begins
    NoUrgentLane,   ///< withdrawals wait their turn
    NoLiveLane,     ///< new records wait behind the backlog
    // What the hub tells.
    TakeAnyChunk,     ///< a chunk is taken although another is missing before it
    TakeAnyBulk,      ///< the same, where only the roster has a gap
    RosterFirst,      ///< what is urgent is told behind the roster
    KeepUntold,       ///< what a restored hub does not tell stays as its predecessor told it
    KeepDownVersion,  ///< what one hub told counts as told by the restored one
    // The kiosk's screen and disk.
    ConfirmBeforeCommit,  ///< "thank you" although the transaction failed
    RetryUnderNewIds,     ///< a save that failed is tried again as another record
    // The hub's export.
    LastAnswerCounts,  ///< of yes and no the one with the later wall time wins
    ExportUnopened,    ///< does not wait for what is still sealed
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
    NamedMutant{Mutant::DeathsGoUnseen, "deaths-go-unseen"},
    NamedMutant{Mutant::MarkUnopened, "mark-unopened"},
    NamedMutant{Mutant::MarkAfterCopy, "mark-after-copy"},
    NamedMutant{Mutant::TellNoWithdrawals, "tell-no-withdrawals"},
    NamedMutant{Mutant::PageBeforeCommit, "page-before-commit"},
    NamedMutant{Mutant::NoJournal, "no-journal"},
    NamedMutant{Mutant::JournalNotForced, "journal-not-forced"},
    NamedMutant{Mutant::NoRecall, "no-recall"},
    NamedMutant{Mutant::TakeBackAgain, "take-back-again"},
    NamedMutant{Mutant::TellNoPhones, "tell-no-phones"},
    NamedMutant{Mutant::TakeAnyChunk, "take-any-chunk"},
    NamedMutant{Mutant::TakeAnyBulk, "take-any-bulk"},
    NamedMutant{Mutant::RosterFirst, "roster-first"},
    NamedMutant{Mutant::KeepUntold, "keep-untold"},
    NamedMutant{Mutant::KeepDownVersion, "keep-down-version"},
    NamedMutant{Mutant::AckUpToHighest, "ack-up-to-highest"},
    NamedMutant{Mutant::TrustTheBroker, "trust-the-broker"},
    NamedMutant{Mutant::AcceptUnsignedAcks, "accept-unsigned-acks"},
    NamedMutant{Mutant::AcceptForeignEpochs, "accept-foreign-epochs"},
    NamedMutant{Mutant::TakeAnyBatch, "take-any-batch"},
    NamedMutant{Mutant::IgnoreHubEpoch, "ignore-hub-epoch"},
    NamedMutant{Mutant::SendOnce, "send-once"},
    NamedMutant{Mutant::KeepMarks, "keep-marks"},
    NamedMutant{Mutant::ForgetMissing, "forget-missing"},
    NamedMutant{Mutant::PruneOnAck, "prune-on-ack"},
    NamedMutant{Mutant::StayInEpoch, "stay-in-epoch"},
    NamedMutant{Mutant::NoUrgentLane, "no-urgent-lane"},
    NamedMutant{Mutant::NoLiveLane, "no-live-lane"},
    NamedMutant{Mutant::ConfirmBeforeCommit, "confirm-before-commit"},
    NamedMutant{Mutant::RetryUnderNewIds, "retry-under-new-ids"},
    NamedMutant{Mutant::LastAnswerCounts, "last-answer-counts"},
    NamedMutant{Mutant::ExportUnopened, "export-unopened"},
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
