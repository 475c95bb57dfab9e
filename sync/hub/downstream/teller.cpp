// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/downstream/teller.h"

#include "sync/wire/topics.h"

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
    std::vector<Message> chunks;
    for (const Downstream::Due& due : downstream_.due(*newest, now, kMostChunks)) {
        auto chunk = chunkFor(due);
        if (!chunk) {
            return tl::unexpected(chunk.error());
        }
        chunks.push_back(std::move(*chunk));
        downstream_.told(due.kiosk, now);
    }
    return chunks;
}

Result<Message> Teller::chunkFor(const Downstream::Due& due) {
    return log_.downPage(due.kiosk, due.from).map([&](DownPage page) {
        const wire::DownChunk chunk{
            event_, due.kiosk, hub_, due.from, page.through, std::move(page.items), page.rest};
        return Message{wire::downTopic(due.kiosk), wire::encode(chunk, sign_)};
    });
}

}  // namespace tapport::hub
