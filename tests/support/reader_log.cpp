// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/reader_log.h"

#include "tests/support/wait_until.h"

namespace tapport::support {
namespace {

std::string wordFor(reader::Unusable reason) {
    switch (reason) {
        case reader::Unusable::UnknownTag:
            return "unknown";
        case reader::Unusable::Empty:
            return "empty";
        case reader::Unusable::Malformed:
            return "malformed";
        case reader::Unusable::RemovedTooSoon:
            return "too-soon";
        case reader::Unusable::SeveralTags:
            return "several";
    }
    return "";
}

struct Word {
    std::string operator()(const reader::BadgeRead&) const { return "read"; }
    std::string operator()(const reader::BadgeUnusable& unusable) const {
        return wordFor(unusable.reason);
    }
    std::string operator()(const reader::BadgeRemoved&) const { return "removed"; }
    std::string operator()(const reader::ReaderLost&) const { return "lost"; }
    std::string operator()(const reader::ReaderBack&) const { return "back"; }
    std::string operator()(const reader::BadgeWritten& written) const {
        return written.succeeded ? "written" : "unwritten";
    }
};

}  // namespace

std::function<void(const reader::ReaderEvent&)> ReaderLog::listener() {
    return [this](const reader::ReaderEvent& event) {
        const std::lock_guard lock(mutex_);
        words_.push_back(std::visit(Word{}, event));
        if (const auto* read = std::get_if<reader::BadgeRead>(&event)) {
            lastRead_ = *read;
        } else if (const auto* lost = std::get_if<reader::ReaderLost>(&event)) {
            lastWhy_ = lost->why;
        } else if (const auto* written = std::get_if<reader::BadgeWritten>(&event)) {
            lastWhy_ = written->why;
        }
    };
}

std::string ReaderLog::words() const {
    const std::lock_guard lock(mutex_);
    std::string out;
    for (const auto& word : words_) {
        out += (out.empty() ? "" : " ") + word;
    }
    return out;
}

std::string ReaderLog::waitFor(const std::string& wanted) const {
    (void)waitUntil([&] { return words() == wanted; });
    return words();
}

Bytes ReaderLog::lastMessage() const {
    const std::lock_guard lock(mutex_);
    return lastRead_.message;
}

Bytes ReaderLog::lastUid() const {
    const std::lock_guard lock(mutex_);
    return lastRead_.uid;
}

std::string ReaderLog::lastWhy() const {
    const std::lock_guard lock(mutex_);
    return lastWhy_;
}

void ReaderLog::clear() {
    const std::lock_guard lock(mutex_);
    words_.clear();
}

}  // namespace tapport::support
