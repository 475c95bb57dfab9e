// SPDX-License-Identifier: GPL-3.0-or-later
#include "hardware/pn532sim/tag_memory.h"

#include <utility>

namespace tapport::pn532sim {
namespace {

/// Data sheet, tables 3, 4, 5 (memory) and 28 (version). The dynamic lock page follows the user
/// memory; CFG0, CFG1, PWD and PACK follow it.
struct Layout {
    std::uint8_t pages;
    std::uint8_t ccSize;
    std::uint8_t dynamicLockPage;
    std::uint8_t pagesPerLockBit;
    std::uint8_t versionSize;
};

const Layout& layoutOf(TagKind kind) {
    static constexpr Layout kNtag213 = {45, 0x12, 0x28, 2, 0x0F};
    static constexpr Layout kNtag215 = {135, 0x3E, 0x82, 16, 0x11};
    static constexpr Layout kNtag216 = {231, 0x6D, 0xE2, 16, 0x13};
    switch (kind) {
        case TagKind::Ntag213:
            return kNtag213;
        case TagKind::Ntag216:
            return kNtag216;
        case TagKind::Ntag215:
        case TagKind::Uid:
            break;
    }
    return kNtag215;
}

constexpr std::uint8_t kCascadeTag = 0x88;
constexpr std::uint8_t kStaticLockPage = 2;
constexpr std::uint8_t kCcPage = 3;
constexpr std::uint8_t kFirstDataPage = 4;
constexpr std::uint8_t kFirstDynamicPage = 16;
constexpr std::uint8_t kLastStaticPage = 15;
constexpr std::uint8_t kReadPages = 4;
// NTAG213 is delivered with a lock control TLV; the greater ones with the empty NDEF TLV alone.
constexpr std::array<std::uint8_t, 5> kLockControl213 = {0x01, 0x03, 0xA0, 0x0C, 0x34};
constexpr std::uint8_t kNdefTlv = 0x03;
constexpr std::uint8_t kTerminatorTlv = 0xFE;

std::uint8_t cfg0Page(const Layout& layout) {
    return layout.dynamicLockPage + 1;
}
std::uint8_t passwordPage(const Layout& layout) {
    return layout.dynamicLockPage + 3;
}
std::uint8_t packPage(const Layout& layout) {
    return layout.dynamicLockPage + 4;
}

}  // namespace

TagMemory::TagMemory(TagKind kind, const Uid7& uid) : kind_(kind) {
    const auto& layout = layoutOf(kind);
    image_.assign(std::size_t{layout.pages} * kPageSize, 0);
    const auto put = [this](std::size_t page, std::array<std::uint8_t, kPageSize> octets) {
        std::copy(octets.begin(), octets.end(), image_.begin() + std::ptrdiff_t(page * kPageSize));
    };
    const auto check0 = static_cast<std::uint8_t>(kCascadeTag ^ uid[0] ^ uid[1] ^ uid[2]);
    const auto check1 = static_cast<std::uint8_t>(uid[3] ^ uid[4] ^ uid[5] ^ uid[6]);
    put(0, {uid[0], uid[1], uid[2], check0});
    put(1, {uid[3], uid[4], uid[5], uid[6]});
    put(kStaticLockPage, {check1, 0x48, 0x00, 0x00});
    put(kCcPage, {0xE1, 0x10, layout.ccSize, 0x00});
    put(layout.dynamicLockPage, {0x00, 0x00, 0x00, 0xBD});
    put(cfg0Page(layout), {0x04, 0x00, 0x00, 0xFF});
    put(cfg0Page(layout) + 1, {0x00, 0x05, 0x00, 0x00});
    put(passwordPage(layout), {0xFF, 0xFF, 0xFF, 0xFF});
    put(packPage(layout), {0x00, 0x00, 0x00, 0x00});
    // The empty message always fits.
    (void)putMessage({});
}

Result<TagMemory> TagMemory::fromImage(ByteView image) {
    for (const auto kind : {TagKind::Ntag213, TagKind::Ntag215, TagKind::Ntag216}) {
        if (image.size() != layoutOf(kind).pages * kPageSize) {
            continue;
        }
        TagMemory memory(kind, toBytes(image));
        const TagMemory fresh(kind, memory.uid());
        if (memory.at(0, 3) != fresh.at(0, 3) || memory.at(2, 0) != fresh.at(2, 0)) {
            return fail(Code::InvalidInput, "the dump's check octets do not fit its UID");
        }
        return memory;
    }
    return fail(Code::InvalidInput, "a dump has 180, 540 or 924 bytes (NTAG213, 215, 216)");
}

Result<> TagMemory::putMessage(ByteView message) {
    Bytes area;
    if (kind_ == TagKind::Ntag213) {
        area.assign(kLockControl213.begin(), kLockControl213.end());
    }
    area.push_back(kNdefTlv);
    if (message.size() < 0xFF) {
        area.push_back(static_cast<std::uint8_t>(message.size()));
    } else {
        area.insert(area.end(), {0xFF, static_cast<std::uint8_t>(message.size() >> 8),
                                 static_cast<std::uint8_t>(message.size())});
    }
    area.insert(area.end(), message.begin(), message.end());
    const std::size_t capacity = std::size_t{layoutOf(kind_).ccSize} * 8;
    if (area.size() > capacity) {
        return fail(Code::InvalidInput, "the message does not fit on this type of tag");
    }
    if (area.size() < capacity) {
        area.push_back(kTerminatorTlv);
    }
    area.resize(capacity, 0);
    std::copy(area.begin(), area.end(), image_.begin() + kFirstDataPage * kPageSize);
    return {};
}

Uid7 TagMemory::uid() const {
    return {image_[0], image_[1], image_[2], image_[4], image_[5], image_[6], image_[7]};
}

std::uint8_t TagMemory::pages() const {
    return layoutOf(kind_).pages;
}

std::array<std::uint8_t, 8> TagMemory::version() const {
    return {0x00, 0x04, 0x04, 0x02, 0x01, 0x00, layoutOf(kind_).versionSize, 0x03};
}

std::uint8_t TagMemory::at(std::size_t page, std::size_t octet) const {
    return image_[page * kPageSize + octet];
}

std::uint8_t TagMemory::firstProtected(bool forWriting, bool isUnlocked) const {
    const auto cfg0 = cfg0Page(layoutOf(kind_));
    const auto auth0 = at(cfg0, 3);
    const bool readsToo = (at(cfg0 + 1, 0) & 0x80) != 0;  // PROT
    return !isUnlocked && (forWriting || readsToo) && auth0 < pages() ? auth0 : pages();
}

void TagMemory::appendPage(Bytes& out, std::uint8_t page) const {
    const auto& layout = layoutOf(kind_);
    if (page == passwordPage(layout) || page == packPage(layout)) {
        out.insert(out.end(), kPageSize, 0x00);
        return;
    }
    const auto octets = ByteView(image_).subspan(page * kPageSize, kPageSize);
    out.insert(out.end(), octets.begin(), octets.end());
}

std::optional<Bytes> TagMemory::read(std::uint8_t page, bool isUnlocked) const {
    const auto end = firstProtected(false, isUnlocked);
    if (page >= end) {
        return std::nullopt;
    }
    Bytes out;
    for (int i = 0; i < kReadPages; ++i) {
        appendPage(out, page);
        page = page + 1 < end ? page + 1 : 0;
    }
    return out;
}

std::optional<Bytes> TagMemory::fastRead(std::uint8_t first, std::uint8_t last,
                                         bool isUnlocked) const {
    if (first > last || last >= firstProtected(false, isUnlocked)) {
        return std::nullopt;
    }
    Bytes out;
    for (int page = first; page <= last; ++page) {
        appendPage(out, static_cast<std::uint8_t>(page));
    }
    return out;
}

bool TagMemory::isLocked(std::uint8_t page) const {
    if (page <= kLastStaticPage) {
        const unsigned locks = at(kStaticLockPage, 2) | at(kStaticLockPage, 3) << 8U;
        return page >= kCcPage && (locks >> page & 1U) != 0;
    }
    const auto& layout = layoutOf(kind_);
    if (page >= layout.dynamicLockPage) {
        return false;  // configuration pages have their own protection (AUTH0)
    }
    const unsigned locks = at(layout.dynamicLockPage, 0) | at(layout.dynamicLockPage, 1) << 8U;
    return (locks >> ((page - kFirstDynamicPage) / layout.pagesPerLockBit) & 1U) != 0;
}

bool TagMemory::write(std::uint8_t page, ByteView fourOctets, bool isUnlocked) {
    if (fourOctets.size() != kPageSize || page < kStaticLockPage ||
        page >= firstProtected(true, isUnlocked) || isLocked(page)) {
        return false;
    }
    const auto& layout = layoutOf(kind_);
    auto* const to = image_.data() + page * kPageSize;
    if (page == kStaticLockPage) {  // only the lock octets, and they only gain bits
        to[2] |= fourOctets[2];
        to[3] |= fourOctets[3];
    } else if (page == kCcPage) {  // one-time programmable
        for (std::size_t i = 0; i < kPageSize; ++i) {
            to[i] |= fourOctets[i];
        }
    } else if (page == layout.dynamicLockPage) {
        for (std::size_t i = 0; i < 3; ++i) {
            to[i] |= fourOctets[i];
        }
    } else {
        std::copy(fourOctets.begin(), fourOctets.end(), to);
    }
    return true;
}

std::optional<Bytes> TagMemory::authenticate(ByteView password) const {
    const auto& layout = layoutOf(kind_);
    const auto stored = ByteView(image_).subspan(passwordPage(layout) * kPageSize, kPageSize);
    if (!std::equal(password.begin(), password.end(), stored.begin(), stored.end())) {
        return std::nullopt;
    }
    return toBytes(ByteView(image_).subspan(packPage(layout) * kPageSize, 2));
}

}  // namespace tapport::pn532sim
