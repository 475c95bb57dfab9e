// SPDX-License-Identifier: GPL-3.0-or-later
// The memory of an NTAG213, 215 or 216, octet for octet (NXP NTAG213_215_216 data sheet, chapters 8
// and 10): capability container, lock pages, configuration, passwords that read as zero. Pure.
#pragma once

#include "sync/base/bytes.h"
#include "sync/base/error.h"

#include <optional>

namespace tapport::pn532sim {

enum class TagKind : std::uint8_t {
    Ntag213,
    Ntag215,
    Ntag216,
    Uid,  ///< answers with an id (ISO 14443-3 type A) and has no memory that we could read
};

inline constexpr std::size_t kPageSize = 4;
using Uid7 = std::array<std::uint8_t, 7>;

class TagMemory {
  public:
    /// As delivered: an empty NDEF message. `kind` is one of the NTAGs.
    TagMemory(TagKind kind, const Uid7& uid);
    /// InvalidInput unless `image` has the size of an NTAG (180, 540 or 924 octets), and its check
    /// octets fit its UID.
    [[nodiscard]] static Result<TagMemory> fromImage(ByteView image);

    /// Lays this message in an NDEF TLV into the data area. InvalidInput when it does not fit.
    [[nodiscard]] Result<> putMessage(ByteView message);

    [[nodiscard]] TagKind kind() const { return kind_; }
    [[nodiscard]] Uid7 uid() const;
    [[nodiscard]] std::uint8_t pages() const;
    [[nodiscard]] ByteView image() const { return image_; }
    /// What GET_VERSION answers.
    [[nodiscard]] std::array<std::uint8_t, 8> version() const;

    // Commands. Nothing means NAK. `isUnlocked`: PWD_AUTH has succeeded since activation.
    /// Four pages, rolling over to page 0 behind the last readable one.
    [[nodiscard]] std::optional<Bytes> read(std::uint8_t page, bool isUnlocked) const;
    [[nodiscard]] std::optional<Bytes> fastRead(std::uint8_t first, std::uint8_t last,
                                                bool isUnlocked) const;
    [[nodiscard]] bool write(std::uint8_t page, ByteView fourOctets, bool isUnlocked);
    /// PACK when the password fits.
    [[nodiscard]] std::optional<Bytes> authenticate(ByteView password) const;

  private:
    TagMemory(TagKind kind, Bytes image) : kind_(kind), image_(std::move(image)) {}
    [[nodiscard]] std::uint8_t at(std::size_t page, std::size_t octet) const;
    [[nodiscard]] bool isLocked(std::uint8_t page) const;
    /// First page that needs the password for this; past the end when none does.
    [[nodiscard]] std::uint8_t firstProtected(bool forWriting, bool isUnlocked) const;
    void appendPage(Bytes& out, std::uint8_t page) const;

    TagKind kind_;
    Bytes image_;
};

}  // namespace tapport::pn532sim
