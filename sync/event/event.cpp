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

bool Ask::knows(const record::NoticeRef& seen) const {
    if (seen.id != noticeId) {
        return false;
    }
    if (seen.version == noticeVersion) {
        const auto current = notices.find(seen.language);
        return current != notices.end() && current->second.hash == seen.hash;
    }
    return std::any_of(earlierNotices.begin(), earlierNotices.end(),
                       [&](const EarlierNotice& earlier) {
                           const auto hash = earlier.hashes.find(seen.language);
                           return earlier.version == seen.version && hash != earlier.hashes.end() &&
                                  hash->second == seen.hash;
                       });
}

bool Ask::covers(const record::NoticeRef& seen) const {
    if (!knows(seen) || !notices.contains(seen.language)) {
        return false;
    }
    // From the newest to the one that was seen: one material change in between ends the agreement.
    std::uint32_t version = noticeVersion;
    NoticeChange change = noticeChange;
    for (std::size_t i = earlierNotices.size(); i-- > 0 && version != seen.version;) {
        if (change == NoticeChange::Material) {
            return false;
        }
        version = earlierNotices[i].version;
        change = earlierNotices[i].change;
    }
    return true;
}

bool follows(const Event& next, const Event& current) {
    return next.id == current.id && next.badgeSalt == current.badgeSalt &&
           next.sealingKey == current.sealingKey && next.rootKey == current.rootKey &&
           next.hubKey == current.hubKey && next.authority == current.authority &&
           next.edition > current.edition;
}

const Ask* Event::find(const record::PurposeId& purpose, record::Channel channel) const {
    const auto found = std::find_if(asks.begin(), asks.end(), [&](const Ask& ask) {
        return ask.purpose == purpose && ask.channel == channel;
    });
    return found == asks.end() ? nullptr : &*found;
}

const Ask* Event::findShown(const record::ConsentEvent& consent) const {
    const Ask* const ask = find(consent.purpose, consent.channel);
    const bool isShown = ask != nullptr && ask->notices.contains(consent.notice.language) &&
                         ask->noticeRef(consent.notice.language) == consent.notice;
    return isShown ? ask : nullptr;
}

const Staff* Event::findStaff(const record::StaffId& id) const {
    const auto found =
        std::find_if(staff.begin(), staff.end(), [&](const Staff& one) { return one.id == id; });
    return found == staff.end() ? nullptr : &*found;
}

}  // namespace tapport::event
