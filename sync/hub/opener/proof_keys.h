// SPDX-License-Identifier: GPL-3.0-or-later
// The kiosks' published keys, and what they say of a unit. The file is signed by the event's root,
// so it may lie anywhere; it is read again when it changes. Called on the store's thread.
#pragma once

#include "sync/event/event.h"
#include "sync/hub/store/store.h"
#include "sync/receipt/key_set.h"

#include <filesystem>

namespace tapport::hub {

class ProofKeys {
  public:
    /// `event` must outlive it; `edition` is the digest of its file. Nothing is read yet.
    ProofKeys(std::filesystem::path file, const event::Event& event, const seal::Digest& edition)
        : file_(std::move(file)), event_(event), edition_(edition) {}

    /// Reads the file when it is new or changed. Without a file nothing is checked. An error, once
    /// a change: it is no key set of this event and root, and the former keys stay.
    [[nodiscard]] Result<> refresh();

    /// The file of the keys in use, as it was read; none without.
    [[nodiscard]] const std::optional<std::string>& published() const { return published_; }
    /// Of the keys in use and the event file's edition, which both decide what check() says; none
    /// without keys.
    [[nodiscard]] const std::optional<seal::Digest>& digest() const { return digest_; }
    [[nodiscard]] ProofState check(const record::PositionedUnit& unit) const;
    /// The full receipt of a unit, when one of its kiosk's keys proves it.
    [[nodiscard]] std::optional<std::string> receiptOf(const record::PositionedUnit& unit) const;
    /// Which have a key that is not revoked.
    [[nodiscard]] std::vector<record::KioskId> kiosks() const;

  private:
    struct Stamp {
        std::filesystem::file_time_type changed;
        std::uintmax_t size = 0;
        bool operator==(const Stamp&) const = default;
    };

    std::filesystem::path file_;
    const event::Event& event_;
    seal::Digest edition_;
    std::optional<Stamp> stamp_;
    std::optional<receipt::KeySet> keys_;
    std::optional<std::string> published_;
    std::optional<seal::Digest> digest_;
};

}  // namespace tapport::hub
