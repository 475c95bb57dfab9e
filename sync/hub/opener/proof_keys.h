// SPDX-License-Identifier: GPL-3.0-or-later
// The kiosks' keys, and what they say of a unit: those that the event's root published, in a signed
// file that may lie anywhere, and those that this hub enrolled, in its register. Both are read
// again when they change. Called on the store's thread.
#pragma once

#include "sync/event/event.h"
#include "sync/hub/store/store.h"
#include "sync/receipt/key_set.h"

#include <filesystem>
#include <map>

namespace tapport::hub {

class ProofKeys {
  public:
    /// What kiosks asked with before, and some may still: its words are part of what they signed.
    struct Edition {
        event::Event event;
        seal::Digest digest;  ///< of its file
    };
    /// `event` must outlive it; `edition` is the digest of its file. Nothing is read yet.
    ProofKeys(std::filesystem::path file, std::filesystem::path kioskRegister,
              const event::Event& event, const seal::Digest& edition,
              std::vector<Edition> earlier = {})
        : file_(std::move(file)),
          register_(std::move(kioskRegister)),
          event_(event),
          edition_(edition),
          earlier_(std::move(earlier)),
          linkKeys_(keysOfLink(event_, earlier_)) {}

    /// Reads the files when they are new or changed. Without published keys nothing is checked. An
    /// error, once a change: no key set of this event and root, or no register; what was read
    /// before stays.
    [[nodiscard]] Result<> refresh();

    /// The file of the published keys in use, as it was read; none without.
    [[nodiscard]] const std::optional<std::string>& published() const { return published_; }
    /// Of the keys in use and the event file's edition, which together decide what check() says;
    /// none without published keys.
    [[nodiscard]] const std::optional<seal::Digest>& digest() const { return digest_; }
    /// Likewise of each kiosk's keys: what check() says of a kiosk's units changes with its own
    /// only, as long as this object lives. Empty without published keys.
    using Basis = std::map<record::KioskId, seal::Digest>;
    [[nodiscard]] const Basis& basis() const { return basis_; }
    [[nodiscard]] ProofState check(const record::PositionedUnit& unit) const;
    /// What the signature over the whole unit is worth. Unchecked: no kiosk's key is known here,
    /// published or enrolled. NotProven: some are, and none of its kiosk's made it. Else as
    /// check(): which key of the kiosk did, and whether that one vouches for its position.
    [[nodiscard]] ProofState checkSignature(const record::PositionedUnit& unit) const;
    /// The full receipt of a unit, when one of its kiosk's keys proves it.
    [[nodiscard]] std::optional<std::string> receiptOf(const record::PositionedUnit& unit) const;
    /// Whether a key that this kiosk ever had made the signature: published, enrolled or revoked.
    [[nodiscard]] bool signedBy(const record::KioskId& kiosk, const record::Signature& signature,
                                ByteView message) const;
    /// Which have a key that is not revoked, published or enrolled. The hub itself is no kiosk.
    [[nodiscard]] std::vector<record::KioskId> kiosks() const;
    /// Which had one, and have none any more.
    [[nodiscard]] std::vector<record::KioskId> revoked() const;

  private:
    struct Stamp {
        std::filesystem::file_time_type changed;
        std::uintmax_t size = 0;
        bool operator==(const Stamp&) const = default;
    };

    /// What the hub records itself (record::kHubLink) it signs with its online key, which the
    /// event file names; an earlier edition may name another one.
    [[nodiscard]] static std::vector<receipt::KioskKey> keysOfLink(
        const event::Event& event, const std::vector<Edition>& earlier);
    /// Of a file that is there and is not as `last` says.
    [[nodiscard]] static std::optional<Stamp> changed(const std::filesystem::path& file,
                                                      const std::optional<Stamp>& last);
    [[nodiscard]] Result<> readPublished(const Stamp& stamp);
    [[nodiscard]] Result<> readRegister(const Stamp& stamp);
    /// Of the unit as one of the known editions has it. NotFound: none of them has its notices.
    [[nodiscard]] Result<std::string> rebuilt(const record::PositionedUnit& unit,
                                              ByteView publicKey) const;
    /// What both say together.
    void combine();

    std::filesystem::path file_;
    std::filesystem::path register_;
    const event::Event& event_;
    seal::Digest edition_;
    std::vector<Edition> earlier_;
    std::vector<receipt::KioskKey> linkKeys_;
    std::optional<Stamp> stamp_;
    std::optional<Stamp> registerStamp_;
    std::optional<std::string> published_;
    std::vector<receipt::KioskKey> rootsKeys_;  ///< as the root says
    std::vector<receipt::KioskKey> ownKeys_;    ///< as the register says
    std::vector<receipt::KioskKey> vouched_;    ///< the root's, with the register's revocations
    std::vector<receipt::KioskKey> unvouched_;  ///< the register's that the root does not have
    std::optional<seal::Digest> digest_;
    Basis basis_;
};

}  // namespace tapport::hub
