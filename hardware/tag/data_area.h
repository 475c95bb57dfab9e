// SPDX-License-Identifier: GPL-3.0-or-later
// The data area of a Type 2 tag: capability container, TLV blocks, reserved areas, lock bits
// (NFC Forum Type 2 Tag specification 1.2, chapters 2 and 6). Pure.
#pragma once

#include "sync/base/bytes.h"

#include <optional>
#include <vector>

namespace tapport::tag {

inline constexpr std::size_t kPageSize = 4;
inline constexpr unsigned kCcPage = 3;
inline constexpr unsigned kFirstDataPage = 4;

struct CapabilityContainer {
    std::size_t size = 0;  ///< of the data area in octets
    bool mayRead = false;
    bool mayWrite = false;

    /// Of page 3; nothing without the magic number E1 or with a version other than 1.x.
    [[nodiscard]] static std::optional<CapabilityContainer> from(ByteView page);
    /// The size from which on tags know FAST_READ (NTAG213 has 0x12 times 8).
    [[nodiscard]] bool suggestsFastRead() const { return size >= 0x12 * 8; }
};

/// Pages that must not be written (NTAG213_215_216 data sheet, section 8.5.2 and 8.5.3).
class LockBits {
  public:
    /// The two lock octets of page 2.
    void setStatic(ByteView twoOctets) { static_ = {twoOctets[0], twoOctets[1]}; }
    /// Where a tag of this size keeps its dynamic lock octets; nothing for a size we do not know:
    /// there the tag's NAK has to do.
    [[nodiscard]] static std::optional<unsigned> dynamicPage(const CapabilityContainer& cc);
    void setDynamic(const CapabilityContainer& cc, ByteView lockPage);
    [[nodiscard]] bool covers(unsigned page) const;

  private:
    std::array<std::uint8_t, 2> static_{};
    std::array<std::uint8_t, 2> dynamic_{};
    unsigned pagesPerBit_ = 1;
};

struct PageWrite {
    std::uint8_t page = 0;
    std::array<std::uint8_t, kPageSize> octets{};
    bool operator==(const PageWrite&) const = default;
};

/// The part of the data area that was fetched so far, from page 4 on without a gap.
class DataArea {
  public:
    explicit DataArea(const CapabilityContainer& cc) : cc_(cc) {}

    void append(ByteView pages) { octets_.insert(octets_.end(), pages.begin(), pages.end()); }
    [[nodiscard]] unsigned nextPage() const {
        return kFirstDataPage + static_cast<unsigned>(octets_.size() / kPageSize);
    }
    [[nodiscard]] unsigned endPage() const { return pageAfter(cc_.size); }
    [[nodiscard]] const CapabilityContainer& cc() const { return cc_; }

    /// Octets that belong to no TLV (lock and memory control), counted from page 4.
    struct Reserved {
        std::size_t first = 0;
        std::size_t end = 0;
    };
    struct Found {
        enum class Kind : std::uint8_t {
            NeedMore,   ///< fetch up to `needPage`
            Message,    ///< the first NDEF TLV
            NoMessage,  ///< no NDEF TLV; one may be laid at `tlv`
            Full,       ///< no NDEF TLV, no terminator, no room
            Malformed,  ///< a TLV that leads out of the area
        };
        Kind kind = Kind::Malformed;
        unsigned needPage = 0;
        Bytes message;
        std::size_t tlv = 0;  ///< where it starts, in octets from page 4
        std::vector<Reserved> reserved;
    };
    [[nodiscard]] Found findMessage() const;

    struct Plan {
        enum class Kind : std::uint8_t { NeedMore, TooLong, Writes };
        Kind kind = Kind::TooLong;
        unsigned needPage = 0;
        std::vector<PageWrite> writes;  ///< in this order
    };
    /// What to write, so that the TLV found (or the place found for one) holds `message`. Blocks
    /// behind it are given up. The length becomes zero first and gets its value last.
    [[nodiscard]] Plan planMessage(const Found& place, ByteView message) const;

  private:
    class Cursor;
    [[nodiscard]] static unsigned pageAfter(std::size_t octets) {
        return kFirstDataPage + static_cast<unsigned>((octets + kPageSize - 1) / kPageSize);
    }
    [[nodiscard]] std::vector<PageWrite> inSafeOrder(Bytes image,
                                                     const std::vector<std::size_t>& slots) const;

    CapabilityContainer cc_;
    Bytes octets_;
};

}  // namespace tapport::tag
