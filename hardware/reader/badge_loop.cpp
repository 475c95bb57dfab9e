// SPDX-License-Identifier: GPL-3.0-or-later
#include "hardware/reader/badge_loop.h"

#include <utility>

namespace tapport::reader {

template <typename Session>
Result<tag::Finished> BadgeLoop::run(TagDevice& device, Session session) const {
    auto step = session.start();
    for (;;) {
        if (auto* finished = std::get_if<tag::Finished>(&step)) {
            return std::move(*finished);
        }
        std::optional<Bytes> answer;
        if (const auto* exchange = std::get_if<tag::Exchange>(&step)) {
            auto got = device.exchange(*exchange);
            if (!got) {
                return tl::unexpected(got.error());
            }
            answer = std::move(*got);
        } else {
            const auto again = device.reselect();
            if (!again) {
                return tl::unexpected(again.error());
            }
            answer = *again ? std::optional(Bytes{}) : std::nullopt;
        }
        step = session.next(answer ? tag::Answer(*answer) : std::nullopt);
    }
}

Result<BadgeLoop::Events> BadgeLoop::writeAndVerify(TagDevice& device) {
    // What the tag kept, not what we sent, decides.
    const auto written = run(device, tag::WriteSession(wanted_->message, options_.session));
    if (!written) {
        return tl::unexpected(written.error());
    }
    if (written->outcome != tag::Outcome::Done) {
        return presence_.writeEnded(written->outcome);
    }
    const auto kept = run(device, tag::ReadSession(options_.session));
    if (!kept) {
        return tl::unexpected(kept.error());
    }
    const bool isKept = kept->message == wanted_->message;
    return presence_.writeEnded(isKept ? tag::Outcome::Done : tag::Outcome::Lost);
}

Result<BadgeLoop::Events> BadgeLoop::perform(TagDevice& device) {
    const auto asFound = [this](const std::optional<SeenTag>& tag) { return presence_.found(tag); };
    switch (presence_.task()) {
        case Presence::Task::Search:
            return device.search().map(asFound);
        case Presence::Task::Recheck:
            return device.reselect().map(asFound);
        case Presence::Task::Read:
            return run(device, tag::ReadSession(options_.session))
                .map([this](const tag::Finished& result) { return presence_.readEnded(result); });
        case Presence::Task::Write:
            return writeAndVerify(device);
        case Presence::Task::CheckAlone:
            break;
    }
    return device.searchAnother().map(
        [this](const std::optional<SeenTag>& other) { return presence_.alone(!other); });
}

Result<std::vector<FromChild>> BadgeLoop::turn(TagDevice& device) {
    auto events = perform(device);
    if (!events) {
        return tl::unexpected(events.error());
    }
    std::vector<FromChild> messages;
    for (auto& event : *events) {
        messages.push_back(forParent(std::move(event)));
    }
    return messages;
}

void BadgeLoop::write(WriteRequest request) {
    wanted_ = std::move(request);
    presence_.wantWrite();
}

FromChild BadgeLoop::forParent(ReaderEvent event) {
    if (auto* read = std::get_if<BadgeRead>(&event)) {
        return std::move(*read);
    }
    if (auto* unusable = std::get_if<BadgeUnusable>(&event)) {
        return *unusable;
    }
    if (auto* written = std::get_if<BadgeWritten>(&event)) {
        const auto request = std::exchange(wanted_, std::nullopt);
        return WriteEnded{request ? request->request : 0, written->succeeded,
                          std::move(written->why)};
    }
    return BadgeRemoved{};  // Presence knows nothing of losing the reader
}

}  // namespace tapport::reader
