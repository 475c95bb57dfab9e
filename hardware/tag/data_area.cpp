// SPDX-License-Identifier: GPL-3.0-or-later
#include "hardware/tag/data_area.h"

#include <algorithm>
#include <utility>

namespace tapport::tag {
namespace {

constexpr std::uint8_t kNullTlv = 0x00;
constexpr std::uint8_t kLockControlTlv = 0x01;
constexpr std::uint8_t kMemoryControlTlv = 0x02;
constexpr std::uint8_t kNdefTlv = 0x03;
constexpr std::uint8_t kTerminatorTlv = 0xFE;
constexpr std::uint8_t kLongLength = 0xFF;
constexpr std::size_t kControlSize = 3;
// READ addresses a page with one octet; what lies beyond needs SECTOR_SELECT, which no badge has.
constexpr std::size_t kMaxSize = (256 - kFirstDataPage) * kPageSize;

struct NtagLocks {
    std::size_t size;
    unsigned page;
    unsigned pagesPerBit;
};
constexpr std::array<NtagLocks, 3> kNtagLocks = {
    {{0x12 * 8, 0x28, 2}, {0x3E * 8, 0x82, 16}, {0x6D * 8, 0xE2, 16}}};
constexpr unsigned kFirstDynamicPage = 16;

const NtagLocks* locksOf(const CapabilityContainer& cc) {
    const auto* found = std::find_if(kNtagLocks.begin(), kNtagLocks.end(),
                                     [&cc](const NtagLocks& ntag) { return ntag.size == cc.size; });
    return found == kNtagLocks.end() ? nullptr : found;
}

}  // namespace

std::optional<CapabilityContainer> CapabilityContainer::from(ByteView page) {
    constexpr std::uint8_t kMagic = 0xE1;
    if (page.size() < kPageSize || page[0] != kMagic || page[1] >> 4 != 1) {
        return std::nullopt;
    }
    const auto size = std::min(std::size_t{page[2]} * 8, kMaxSize);
    return CapabilityContainer{size, page[3] >> 4 == 0, (page[3] & 0x0F) == 0};
}

std::optional<unsigned> LockBits::dynamicPage(const CapabilityContainer& cc) {
    const auto* ntag = locksOf(cc);
    return ntag == nullptr ? std::nullopt : std::optional(ntag->page);
}

void LockBits::setDynamic(const CapabilityContainer& cc, ByteView lockPage) {
    if (const auto* ntag = locksOf(cc)) {
        dynamic_ = {lockPage[0], lockPage[1]};
        pagesPerBit_ = ntag->pagesPerBit;
    }
}

bool LockBits::covers(unsigned page) const {
    const bool isStatic = page < kFirstDynamicPage;
    const auto& octets = isStatic ? static_ : dynamic_;
    const unsigned bit = isStatic ? page : (page - kFirstDynamicPage) / pagesPerBit_;
    const unsigned bits = octets[0] | octets[1] << 8U;
    return bit < 16 && (bits >> bit & 1U) != 0;
}

/// Walks the area octet by octet around reserved areas. Remembers why it could not go on.
class DataArea::Cursor {
  public:
    explicit Cursor(const DataArea& area) : area_(area) {}
    /// From a TLV that was found before.
    Cursor(const DataArea& area, const Found& place)
        : area_(area), position_(place.tlv), reserved_(place.reserved) {}

    [[nodiscard]] std::size_t position() {
        skipReserved();
        return position_;
    }
    [[nodiscard]] bool atEnd() { return position() >= area_.cc_.size; }
    [[nodiscard]] std::uint8_t take() {
        skipReserved();
        const auto at = position_++;
        if (at >= area_.cc_.size) {
            leftArea_ = true;
        } else if (at >= area_.octets_.size()) {
            needed_ = std::max(needed_, at + 1);
        } else {
            return area_.octets_[at];
        }
        return 0;
    }
    /// The next `count` octets. Goes through all of them even when some are missing: then needed()
    /// covers the whole of it, and one fetch gets it.
    [[nodiscard]] Bytes take(std::size_t count) {
        Bytes out;
        for (; count > 0 && !leftArea_; --count) {
            out.push_back(take());
        }
        return out;
    }
    [[nodiscard]] std::size_t takeLength() {
        const std::size_t length = take();
        if (length != kLongLength) {
            return length;
        }
        const std::size_t high = take();
        return high << 8 | take();
    }
    void reserve(Reserved reserved) { reserved_.push_back(reserved); }

    [[nodiscard]] bool hasLeftArea() const { return leftArea_; }
    [[nodiscard]] std::size_t needed() const { return needed_; }
    [[nodiscard]] const std::vector<Reserved>& reserved() const { return reserved_; }

  private:
    void skipReserved() {
        for (bool moved = true; moved;) {
            moved = false;
            for (const auto& area : reserved_) {
                if (position_ >= area.first && position_ < area.end) {
                    position_ = area.end;
                    moved = true;
                }
            }
        }
    }

    const DataArea& area_;
    std::size_t position_ = 0;
    std::size_t needed_ = 0;
    bool leftArea_ = false;
    std::vector<Reserved> reserved_;
};

namespace {

/// Lock control and memory control TLV (sections 2.3.2 and 2.3.3): an address, a size, a page size.
/// The result counts from page 4; empty when the area lies before it.
DataArea::Reserved reservedBy(std::uint8_t type, ByteView value) {
    constexpr std::size_t kStart = kFirstDataPage * kPageSize;
    const std::size_t pageBytes = std::size_t{1} << (value[2] & 0x0F);
    const std::size_t first = (value[0] >> 4) * pageBytes + (value[0] & 0x0F);
    const std::size_t amount = value[1] == 0 ? 256 : value[1];
    const std::size_t octets = type == kLockControlTlv ? (amount + 7) / 8 : amount;
    return first < kStart ? DataArea::Reserved{}
                          : DataArea::Reserved{first - kStart, first - kStart + octets};
}

}  // namespace

DataArea::Found DataArea::findMessage() const {
    Cursor cursor(*this);
    while (!cursor.atEnd()) {
        const auto tlv = cursor.position();
        const auto type = cursor.take();
        const bool isHere = cursor.needed() == 0;
        if (isHere && type == kNullTlv) {
            continue;
        }
        if (isHere && type == kTerminatorTlv) {
            return {Found::Kind::NoMessage, 0, {}, tlv, cursor.reserved()};
        }
        const auto length = isHere ? cursor.takeLength() : 0;
        auto value = cursor.needed() == 0 ? cursor.take(length) : Bytes{};
        if (cursor.hasLeftArea()) {
            return {};
        }
        if (cursor.needed() > 0) {
            return {Found::Kind::NeedMore, pageAfter(cursor.needed()), {}, 0, {}};
        }
        if (type == kNdefTlv) {
            return {Found::Kind::Message, 0, std::move(value), tlv, cursor.reserved()};
        }
        if (type == kLockControlTlv || type == kMemoryControlTlv) {
            if (value.size() != kControlSize) {
                return {};
            }
            cursor.reserve(reservedBy(type, value));
        }
    }
    return {Found::Kind::Full, 0, {}, 0, {}};
}

DataArea::Plan DataArea::planMessage(const Found& place, ByteView message) const {
    // Type, length (zero in between), the message, a terminator when there is room.
    Bytes block = {kNdefTlv};
    if (message.size() < kLongLength) {
        block.push_back(static_cast<std::uint8_t>(message.size()));
    } else {
        block.insert(block.end(), {kLongLength, static_cast<std::uint8_t>(message.size() >> 8),
                                   static_cast<std::uint8_t>(message.size())});
    }
    block.insert(block.end(), message.begin(), message.end());
    Cursor cursor(*this, place);
    std::vector<std::size_t> slots;
    for (std::size_t i = 0; i < block.size() && !cursor.atEnd(); ++i) {
        slots.push_back(cursor.position());
        (void)cursor.take();
    }
    if (slots.size() < block.size()) {
        return {Plan::Kind::TooLong, 0, {}};
    }
    if (!cursor.atEnd()) {
        slots.push_back(cursor.position());
        block.push_back(kTerminatorTlv);
    }
    if (slots.back() >= octets_.size()) {
        return {Plan::Kind::NeedMore, pageAfter(slots.back() + 1), {}};
    }
    Bytes image = octets_;
    for (std::size_t i = 0; i < block.size(); ++i) {
        image[slots[i]] = block[i];
    }
    return {Plan::Kind::Writes, 0, inSafeOrder(image, slots)};
}

std::vector<PageWrite> DataArea::inSafeOrder(Bytes image,
                                             const std::vector<std::size_t>& slots) const {
    const auto pageOf = [](std::size_t slot) { return slot / kPageSize; };
    const auto contentOf = [](const Bytes& from, std::size_t page) {
        PageWrite write{static_cast<std::uint8_t>(kFirstDataPage + page), {}};
        std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(page * kPageSize), kPageSize,
                    write.octets.begin());
        return write;
    };
    const auto lengthSlot = slots[1];
    const auto last = contentOf(image, pageOf(lengthSlot));
    std::vector<PageWrite> writes;
    image[lengthSlot] = 0;
    writes.push_back(contentOf(image, pageOf(lengthSlot)));
    for (auto page = pageOf(slots.front()); page <= pageOf(slots.back()); ++page) {
        const auto write = contentOf(image, page);
        if (page != pageOf(lengthSlot) && write != contentOf(octets_, page)) {
            writes.push_back(write);
        }
    }
    writes.push_back(last);
    return writes;
}

}  // namespace tapport::tag
