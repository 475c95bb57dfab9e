// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/downstream/teller.h"

#include "sync/wire/topics.h"

#include <algorithm>

namespace tapport::hub {

void Teller::heard(std::span<const Heard> kiosks) {
    for (const Heard& one : kiosks) {
        // Of a hub that was another one it has nothing that could be gone on from.
        downstream_.heard(one.kiosk, one.has.hub == hub_ ? one.has.version : wire::DownVersion{});
    }
}

Result<std::vector<Message>> Teller::next(Downstream::Instant now) {
    const auto newest = log_.downVersion();
    if (!newest) {
        return tl::unexpected(newest.error());
    }
    const auto dues = downstream_.due(*newest, now, kMostChunks);
    const auto revoked = dues.empty() ? std::vector<record::KioskId>{} : revoked_();
    std::vector<Message> chunks;
    for (const Downstream::Due& due : dues) {
        const bool isRevoked =
            std::find(revoked.begin(), revoked.end(), due.kiosk) != revoked.end();
        auto page = isRevoked ? log_.downPageOfRevoked(due.kiosk, due.from)
                              : log_.downPage(due.kiosk, due.from);
        if (!page) {
            return tl::unexpected(page.error());
        }
        if (isRevoked && page->items.empty()) {
            continue;  // and not waited for: the command may come at any moment
        }
        downstream_.told(due.kiosk, now);
        chunks.push_back(messageOf(due, std::move(*page)));
    }
    return chunks;
}

Message Teller::messageOf(const Downstream::Due& due, DownPage page) const {
    const wire::DownChunk chunk{
        event_, due.kiosk, hub_, due.from, page.through, std::move(page.items), page.rest};
    return {wire::downTopic(due.kiosk), wire::encode(chunk, sign_)};
}

}  // namespace tapport::hub
