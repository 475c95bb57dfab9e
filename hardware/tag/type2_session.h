// SPDX-License-Identifier: GPL-3.0-or-later
// Reads and writes the NDEF message of an NFC Forum Type 2 tag (T2T 1.0 / Type 2 Tag specification
// 1.2). Sans-I/O: a session says which command to send and is given what came back, so it runs the
// same on libnfc, another reader, or a test's array. Pure.
#pragma once

#include "hardware/tag/data_area.h"

#include <optional>
#include <variant>

namespace tapport::tag {

/// Sent to the tag as it is (the reader adds the CRC).
struct Exchange {
    enum class Framing : std::uint8_t {
        Mifare,  ///< READ and WRITE: readers handle their answers themselves
        Raw,     ///< FAST_READ, which readers do not know
    };
    Framing framing = Framing::Mifare;
    Bytes command;
    std::size_t answerSize = 0;  ///< octets expected; 0 for WRITE, which only acknowledges
};
/// Switch the field off and on and select the tag again: a NAK has put it to sleep.
struct Reselect {};

enum class Outcome : std::uint8_t {
    Done,
    NotOurs,    ///< no capability container of NDEF, or one we cannot read
    Empty,      ///< no NDEF TLV, or one of length 0
    Malformed,  ///< a TLV that leads out of the tag
    ReadOnly,   ///< write: the CC, a lock bit or the tag itself forbids it; nothing was changed
    TooLong,    ///< write: the message does not fit
    Lost,       ///< the tag does not answer any more
};
struct Finished {
    Outcome outcome = Outcome::Lost;
    Bytes message;  ///< of a read that is Done
};
using Step = std::variant<Exchange, Reselect, Finished>;

struct SessionOptions {
    /// Pages asked for with one FAST_READ; 0: READ only. Frames of a PN532 hold 63.
    std::uint8_t fastReadPages = 63;
};

/// What came back for a step; nothing: no answer, a NAK, or the tag could not be selected again.
using Answer = std::optional<ByteView>;

/// Fetches pages, with FAST_READ where the tag is likely to know it, and falls back to READ.
class PageFetcher {
  public:
    explicit PageFetcher(SessionOptions options) : options_(options) {}
    /// The command that fetches the pages from `page` on, up to `end`.
    [[nodiscard]] Step fetch(unsigned page, unsigned end);
    /// The pages, or the next step, or Lost.
    [[nodiscard]] std::variant<Bytes, Step> take(Answer answer);
    /// From now on FAST_READ may be used: the CC's size says that the tag is an NTAG or alike.
    void allowFastRead() { mayFastRead_ = true; }

  private:
    SessionOptions options_;
    bool mayFastRead_ = false;
    bool isReselecting_ = false;
    unsigned page_ = 0;
    unsigned end_ = 0;
    std::size_t expected_ = 0;
    bool isFast_ = false;
};

class ReadSession {
  public:
    explicit ReadSession(SessionOptions options = {}) : fetcher_(options) {}
    /// The first step.
    [[nodiscard]] Step start();
    /// The step after this answer. Not to be called after Finished.
    [[nodiscard]] Step next(Answer answer);

  private:
    [[nodiscard]] Step proceed();
    PageFetcher fetcher_;
    std::optional<DataArea> area_;
};

/// Replaces the NDEF message. The length octet is set to zero first and to its value last, so that
/// a tag that is pulled away in between reads as empty, never as garbage.
class WriteSession {
  public:
    explicit WriteSession(Bytes message, SessionOptions options = {})
        : message_(std::move(message)), fetcher_(options) {}
    [[nodiscard]] Step start();
    [[nodiscard]] Step next(Answer answer);

  private:
    enum class Phase : std::uint8_t { Header, Area, DynamicLocks, Writing };
    [[nodiscard]] Step readHeader(ByteView pages);
    [[nodiscard]] Step plan();
    [[nodiscard]] Step startWriting();
    [[nodiscard]] Step writeNext();

    Bytes message_;
    PageFetcher fetcher_;
    Phase phase_ = Phase::Header;
    LockBits locks_;
    std::optional<DataArea> area_;
    std::vector<PageWrite> writes_;
    std::size_t written_ = 0;
};

}  // namespace tapport::tag
