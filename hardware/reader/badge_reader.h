// SPDX-License-Identifier: GPL-3.0-or-later
// Port: what a badge reader tells the application, whatever the hardware. No libnfc here.
// The promises below are tested on every implementation: tests/contract/badge_reader_contract.h.
#pragma once

#include "sync/base/bytes.h"

#include <functional>
#include <string>
#include <string_view>
#include <variant>

namespace tapport::reader {

/// A badge came into the field and one complete NDEF message was read from it.
struct BadgeRead {
    Bytes uid;      ///< an identifier, no secret
    Bytes message;  ///< the NDEF message: parsed and found well-formed (ndef::interpretMessage)
};
/// A badge is in the field, but carries nothing we can use; `reason` tells the attendee what to do.
enum class Unusable : std::uint8_t {
    UnknownTag,      ///< no NFC Forum Type 2 tag
    Empty,           ///< no NDEF message, or an empty one
    Malformed,       ///< an NDEF message that breaks the format or the limits
    RemovedTooSoon,  ///< pulled away while reading
    SeveralTags,     ///< one badge at a time
};
struct BadgeUnusable {
    Unusable reason = Unusable::UnknownTag;
    /// Of a tag that was there all the time and only lacks a message we can use (UnknownTag,
    /// Empty); may be made up anew at each tap. Empty otherwise.
    Bytes uid{};
};
/// After each BadgeRead and BadgeUnusable, when the badge has left; not when the reader is lost.
struct BadgeRemoved {};
struct ReaderLost {
    std::string why;  ///< for staff; never holds tag contents
};
/// How `why` begins while another process has the device.
inline constexpr std::string_view kHeldByAnother = "another process holds ";
/// The first event of all is ReaderBack or ReaderLost; afterwards they alternate.
struct ReaderBack {};
/// The answer to a write request.
struct BadgeWritten {
    bool succeeded = false;
    std::string why;
};

using ReaderEvent =
    std::variant<BadgeRead, BadgeUnusable, BadgeRemoved, ReaderLost, ReaderBack, BadgeWritten>;

class BadgeReader {
  public:
    virtual ~BadgeReader() = default;
    /// Events arrive on the reader's own thread until the object is destroyed. Call once.
    virtual void start(std::function<void(const ReaderEvent&)> listener) = 0;
    /// Asks to write this NDEF message to the next (or present) badge; ends in one BadgeWritten. A
    /// badge that is written when it comes is not read as well. A second request answers the first
    /// with a failure, and so does losing the reader. Thread-safe.
    virtual void write(Bytes message) = 0;
};

}  // namespace tapport::reader
