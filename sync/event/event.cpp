// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/event/event.h"

#include <algorithm>

#include <sodium/crypto_hash_sha256.h>

namespace tapport::event {

record::NoticeHash noticeHash(const Notice& notice) {
    std::string netstrings;
    for (const auto& part : kNoticeParts) {
        const std::string& text = notice.*part.text;
        netstrings += std::to_string(text.size()) + ':' + text + ',';
    }
    const ByteView bytes = viewOf(netstrings);
    record::NoticeHash hash;
    static_assert(record::NoticeHash::kSize == crypto_hash_sha256_BYTES);
    crypto_hash_sha256(hash.bytes.data(), bytes.data(), bytes.size());
    return hash;
}

record::NoticeRef Ask::noticeRef(const std::string& language) const {
    return {noticeId, noticeVersion, notices.at(language).hash, language};
}

bool Ask::covers(const record::NoticeRef& seen) const {
    const auto current = notices.find(seen.language);
    if (seen.id != noticeId || current == notices.end()) {
        return false;
    }
    if (seen.version == noticeVersion) {
        return seen.hash == current->second.hash;
    }
    // From the newest to the one that was seen: one material change in between ends the agreement.
    NoticeChange change = noticeChange;
    for (std::size_t i = earlierNotices.size(); i-- > 0;) {
        const EarlierNotice& earlier = earlierNotices[i];
        if (change == NoticeChange::Material) {
            return false;
        }
        if (earlier.version == seen.version) {
            const auto hash = earlier.hashes.find(seen.language);
            return hash != earlier.hashes.end() && hash->second == seen.hash;
        }
        change = earlier.change;
    }
    return false;
}

const Ask* Event::find(const record::PurposeId& purpose, record::Channel channel) const {
    const auto found = std::find_if(asks.begin(), asks.end(), [&](const Ask& ask) {
        return ask.purpose == purpose && ask.channel == channel;
    });
    return found == asks.end() ? nullptr : &*found;
}

const Staff* Event::findStaff(const record::StaffId& id) const {
    const auto found =
        std::find_if(staff.begin(), staff.end(), [&](const Staff& one) { return one.id == id; });
    return found == staff.end() ? nullptr : &*found;
}

}  // namespace tapport::event
