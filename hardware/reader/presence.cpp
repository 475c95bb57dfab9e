// SPDX-License-Identifier: GPL-3.0-or-later
#include "hardware/reader/presence.h"

#include "hardware/ndef/content.h"

#include <algorithm>
#include <utility>

namespace tapport::reader {
namespace {

constexpr int kMissesOfARemovedBadge = 2;

/// FNV-1a: tells two messages apart without keeping what they say.
std::uint64_t hashOf(ByteView message) {
    std::uint64_t hash = 0xCBF29CE484222325;
    for (const auto octet : message) {
        hash = (hash ^ octet) * 0x100000001B3;
    }
    return hash;
}

ReaderEvent verdictOn(const Bytes& uid, const tag::Finished& result) {
    switch (result.outcome) {
        case tag::Outcome::Done:
            break;
        case tag::Outcome::Empty:
            return BadgeUnusable{Unusable::Empty, uid};
        case tag::Outcome::Malformed:
            return BadgeUnusable{Unusable::Malformed};
        case tag::Outcome::NotOurs:
            return BadgeUnusable{Unusable::UnknownTag, uid};
        case tag::Outcome::Lost:
        case tag::Outcome::ReadOnly:
        case tag::Outcome::TooLong:
            return BadgeUnusable{Unusable::UnknownTag};
    }
    const auto message = ndef::parseMessage(result.message);
    if (!message || !ndef::interpretMessage(result.message)) {
        return BadgeUnusable{Unusable::Malformed};
    }
    const auto isEmpty = [](const ndef::Record& record) { return record.tnf == ndef::Tnf::Empty; };
    if (std::all_of(message->records.begin(), message->records.end(), isEmpty)) {
        return BadgeUnusable{Unusable::Empty, uid};
    }
    return BadgeRead{uid, result.message};
}

std::string_view whyNotWritten(tag::Outcome outcome) {
    switch (outcome) {
        case tag::Outcome::Done:
            return "";
        case tag::Outcome::ReadOnly:
            return "the badge is locked";
        case tag::Outcome::TooLong:
            return "the message does not fit on the badge";
        case tag::Outcome::Lost:
            return "the badge was pulled away, or does not keep what is written";
        case tag::Outcome::NotOurs:
        case tag::Outcome::Malformed:
        case tag::Outcome::Empty:
            return "the badge is not formatted for NDEF";
    }
    return "";
}

}  // namespace

Presence::Task Presence::task() const {
    switch (state_) {
        case State::Absent:
            return Task::Search;
        case State::Reading:
            return Task::Read;
        case State::Alone:
            return Task::CheckAlone;
        case State::Writing:
            return Task::Write;
        case State::Retrying:
        case State::Reselecting:
        case State::Present:
            break;
    }
    return Task::Recheck;
}

std::chrono::milliseconds Presence::pause() const {
    switch (state_) {
        case State::Absent:
            return options_.searchPause;
        case State::Present:
            return writeWanted_ ? options_.searchPause : options_.recheckPause;
        case State::Retrying:
        case State::Reselecting:
            return misses_ > 0 ? options_.searchPause : std::chrono::milliseconds{0};
        case State::Reading:
        case State::Alone:
        case State::Writing:
            break;
    }
    return std::chrono::milliseconds{0};
}

Presence::Events Presence::found(const std::optional<SeenTag>& tag) {
    if (!tag) {
        return missed();
    }
    misses_ = 0;
    switch (state_) {
        case State::Retrying:
            tag_ = *tag;
            state_ = State::Reading;
            return {};
        case State::Reselecting:
            state_ = isSame(*tag) ? State::Writing : State::Present;
            return {};
        case State::Present:
            // The last of several is not read either: which one was meant is anybody's guess.
            if (areSeveral_) {
                return {};
            }
            if (isSame(*tag)) {
                if (writeWanted_) {
                    state_ = State::Alone;
                } else if (tag->hasRandomUid() && contentHash_) {
                    tag_ = *tag;
                    triesLeft_ = options_.readTries;
                    state_ = State::Reading;
                }
                return {};
            }
            break;
        case State::Absent:
        case State::Reading:
        case State::Alone:
        case State::Writing:
            break;
    }
    auto events = leave();
    for (auto& event : begin(*tag)) {
        events.push_back(std::move(event));
    }
    return events;
}

bool Presence::isSame(const SeenTag& tag) const {
    return tag.uid == tag_.uid || (tag.hasRandomUid() && tag_.hasRandomUid());
}

Presence::Events Presence::begin(const SeenTag& tag) {
    tag_ = tag;
    triesLeft_ = options_.readTries;
    verdict_.reset();
    contentHash_.reset();
    if (!tag.mayBeType2) {
        verdict_ = BadgeUnusable{Unusable::UnknownTag, tag.uid};
    }
    state_ = writeWanted_ || verdict_ ? State::Alone : State::Reading;
    return {};
}

Presence::Events Presence::missed() {
    if (state_ == State::Absent) {
        return {};
    }
    if (++misses_ < kMissesOfARemovedBadge) {
        return {};
    }
    Events events;
    if (state_ == State::Retrying && !isAnnounced_) {
        isAnnounced_ = true;
        events.emplace_back(BadgeUnusable{Unusable::RemovedTooSoon});
    }
    for (auto& event : leave()) {
        events.push_back(std::move(event));
    }
    return events;
}

Presence::Events Presence::leave() {
    state_ = State::Absent;
    misses_ = 0;
    areSeveral_ = false;
    verdict_.reset();
    contentHash_.reset();
    return std::exchange(isAnnounced_, false) ? Events{BadgeRemoved{}} : Events{};
}

Presence::Events Presence::readEnded(const tag::Finished& result) {
    if (result.outcome == tag::Outcome::Lost && --triesLeft_ > 0) {
        state_ = State::Retrying;
        return {};
    }
    if (isAnnounced_) {
        // A badge with a random id lay there: the same content, the same badge.
        if (result.outcome == tag::Outcome::Done && hashOf(result.message) == contentHash_) {
            state_ = State::Present;
            return {};
        }
        auto events = leave();
        verdict_ = verdictOn(tag_.uid, result);
        state_ = State::Alone;
        return events;
    }
    verdict_ = verdictOn(tag_.uid, result);
    state_ = State::Alone;
    return {};
}

Presence::Events Presence::alone(bool isAlone) {
    if (!isAlone) {
        areSeveral_ = true;
        return settle(BadgeUnusable{Unusable::SeveralTags});
    }
    if (writeWanted_) {
        if (!tag_.mayBeType2) {
            writeWanted_ = false;
            state_ = State::Present;
            auto events = isAnnounced_ ? Events{} : settle(BadgeUnusable{Unusable::UnknownTag});
            events.emplace_back(BadgeWritten{false, "this kind of tag cannot be written"});
            return events;
        }
        state_ = State::Reselecting;
        return {};
    }
    return settle(verdict_.value_or(BadgeUnusable{Unusable::UnknownTag}));
}

Presence::Events Presence::settle(ReaderEvent verdict) {
    Events events;
    if (isAnnounced_) {
        events.emplace_back(BadgeRemoved{});
    }
    if (const auto* read = std::get_if<BadgeRead>(&verdict)) {
        contentHash_ = hashOf(read->message);
    }
    verdict_.reset();
    isAnnounced_ = true;
    state_ = State::Present;
    events.push_back(std::move(verdict));
    return events;
}

Presence::Events Presence::writeEnded(tag::Outcome outcome) {
    writeWanted_ = false;
    state_ = State::Present;
    // Its content is another one now, and not to be compared.
    contentHash_.reset();
    return {BadgeWritten{outcome == tag::Outcome::Done, std::string(whyNotWritten(outcome))}};
}

void Presence::interrupted() {
    if (state_ == State::Reading || state_ == State::Alone) {
        triesLeft_ = options_.readTries;
        state_ = State::Retrying;
    } else if (state_ == State::Writing) {
        state_ = State::Reselecting;
    }
}

}  // namespace tapport::reader
