// SPDX-License-Identifier: GPL-3.0-or-later
#include "hardware/tag/type2_session.h"

#include <algorithm>
#include <utility>

namespace tapport::tag {
namespace {

constexpr std::uint8_t kRead = 0x30;
constexpr std::uint8_t kFastRead = 0x3A;
constexpr std::uint8_t kWrite = 0xA2;
constexpr unsigned kPagesOfRead = 4;
constexpr std::size_t kReadSize = kPagesOfRead * kPageSize;
constexpr unsigned kLockPage = 2;

Finished finished(Outcome outcome) {
    return {outcome, {}};
}

}  // namespace

Step PageFetcher::fetch(unsigned page, unsigned end) {
    page_ = page;
    end_ = end;
    const auto first = static_cast<std::uint8_t>(page);
    const unsigned wanted = end - page;
    isFast_ = mayFastRead_ && wanted > kPagesOfRead && options_.fastReadPages > kPagesOfRead;
    if (!isFast_) {
        expected_ = kReadSize;
        return Exchange{Exchange::Framing::Mifare, {kRead, first}, expected_};
    }
    const auto count = std::min<unsigned>(wanted, options_.fastReadPages);
    expected_ = count * kPageSize;
    return Exchange{Exchange::Framing::Raw,
                    {kFastRead, first, static_cast<std::uint8_t>(page + count - 1)},
                    expected_};
}

std::variant<Bytes, Step> PageFetcher::take(Answer answer) {
    if (std::exchange(isReselecting_, false)) {
        return answer ? fetch(page_, end_) : Step(finished(Outcome::Lost));
    }
    if (answer && answer->size() == expected_) {
        // READ always gives four pages; what lies behind the end is not ours (it may roll over).
        const std::size_t wanted = (end_ - page_) * kPageSize;
        return toBytes(answer->first(std::min(wanted, expected_)));
    }
    if (!isFast_) {
        return Step(finished(Outcome::Lost));
    }
    mayFastRead_ = false;
    isReselecting_ = true;
    return Step(Reselect{});
}

Step ReadSession::start() {
    // Page 3 and the three behind it: the CC, and in most cases the TLV's head, in one go.
    return fetcher_.fetch(kCcPage, kCcPage + kPagesOfRead);
}

Step ReadSession::next(Answer answer) {
    auto taken = fetcher_.take(answer);
    if (auto* step = std::get_if<Step>(&taken)) {
        return std::move(*step);
    }
    ByteView pages = std::get<Bytes>(taken);
    if (!area_) {
        const auto cc = CapabilityContainer::from(pages);
        if (!cc || !cc->mayRead) {
            return finished(Outcome::NotOurs);
        }
        if (cc->suggestsFastRead()) {
            fetcher_.allowFastRead();
        }
        area_.emplace(*cc);
        pages = pages.subspan(kPageSize);
    }
    area_->append(pages);
    return proceed();
}

Step ReadSession::proceed() {
    auto found = area_->findMessage();
    switch (found.kind) {
        case DataArea::Found::Kind::NeedMore:
            return fetcher_.fetch(area_->nextPage(), found.needPage);
        case DataArea::Found::Kind::Message:
            if (!found.message.empty()) {
                return Finished{Outcome::Done, std::move(found.message)};
            }
            break;
        case DataArea::Found::Kind::Malformed:
            return finished(Outcome::Malformed);
        case DataArea::Found::Kind::NoMessage:
        case DataArea::Found::Kind::Full:
            break;
    }
    return finished(Outcome::Empty);
}

Step WriteSession::start() {
    return fetcher_.fetch(0, kPagesOfRead);
}

Step WriteSession::next(Answer answer) {
    if (phase_ == Phase::Writing) {
        // A page that the tag refuses although no lock bit says so ends the writing; the length
        // that is still zero makes the tag read as empty.
        return answer ? writeNext() : Step(finished(Outcome::Lost));
    }
    auto taken = fetcher_.take(answer);
    if (auto* step = std::get_if<Step>(&taken)) {
        return std::move(*step);
    }
    const auto& pages = std::get<Bytes>(taken);
    switch (phase_) {
        case Phase::Header:
            return readHeader(pages);
        case Phase::Area:
            area_->append(pages);
            return plan();
        case Phase::DynamicLocks:
            locks_.setDynamic(area_->cc(), pages);
            return startWriting();
        case Phase::Writing:
            break;
    }
    return finished(Outcome::Lost);
}

Step WriteSession::readHeader(ByteView pages) {
    const auto cc = CapabilityContainer::from(pages.subspan(kCcPage * kPageSize));
    if (!cc) {
        return finished(Outcome::NotOurs);
    }
    if (!cc->mayRead || !cc->mayWrite) {
        return finished(Outcome::ReadOnly);
    }
    if (cc->suggestsFastRead()) {
        fetcher_.allowFastRead();
    }
    locks_.setStatic(pages.subspan(kLockPage * kPageSize + 2, 2));
    area_.emplace(*cc);
    phase_ = Phase::Area;
    return plan();
}

Step WriteSession::plan() {
    const auto place = area_->findMessage();
    if (place.kind == DataArea::Found::Kind::NeedMore) {
        return fetcher_.fetch(area_->nextPage(), place.needPage);
    }
    if (place.kind == DataArea::Found::Kind::Malformed) {
        return finished(Outcome::Malformed);
    }
    if (place.kind == DataArea::Found::Kind::Full) {
        return finished(Outcome::TooLong);
    }
    auto planned = area_->planMessage(place, message_);
    switch (planned.kind) {
        case DataArea::Plan::Kind::NeedMore:
            return fetcher_.fetch(area_->nextPage(), planned.needPage);
        case DataArea::Plan::Kind::TooLong:
            return finished(Outcome::TooLong);
        case DataArea::Plan::Kind::Writes:
            break;
    }
    writes_ = std::move(planned.writes);
    if (const auto lockPage = LockBits::dynamicPage(area_->cc())) {
        phase_ = Phase::DynamicLocks;
        return fetcher_.fetch(*lockPage, *lockPage + 1);
    }
    return startWriting();
}

Step WriteSession::startWriting() {
    const bool isLocked = std::any_of(writes_.begin(), writes_.end(), [this](const auto& write) {
        return locks_.covers(write.page);
    });
    if (isLocked) {
        return finished(Outcome::ReadOnly);
    }
    phase_ = Phase::Writing;
    return writeNext();
}

Step WriteSession::writeNext() {
    if (written_ == writes_.size()) {
        return finished(Outcome::Done);
    }
    const auto& write = writes_[written_++];
    Bytes command = {kWrite, write.page};
    command.insert(command.end(), write.octets.begin(), write.octets.end());
    return Exchange{Exchange::Framing::Mifare, std::move(command), 0};
}

}  // namespace tapport::tag
