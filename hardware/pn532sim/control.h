// SPDX-License-Identifier: GPL-3.0-or-later
// What `tapport-badgesim ctl` asks a running simulator: one request and one answer, each a packet
// of CBOR on a Unix socket (SOCK_SEQPACKET). For development and tests only.
#pragma once

#include "hardware/pn532sim/tag.h"

#include <filesystem>

namespace tapport::pn532sim {

enum class Verb : std::uint8_t {
    Place,  ///< the tag instead of whatever lies there
    Add,    ///< the tag beside whatever lies there
    Remove,
    Dead,
    Mute,
    NoAck,
    BadChecksum,
    Truncate,
    BadStatus,
    Hangup,
    Alive,  ///< mends everything; plugs it in again after Hangup
    Dump,   ///< the memory of the tag that lies there
    Status,
};

struct Request {
    Verb verb = Verb::Status;
    Bytes uid;                     ///< of a tag without memory
    Bytes memory;                  ///< of an NTAG
    std::uint32_t leaveAfter = 0;  ///< the tag leaves after this many commands; 0: it stays
};

struct Response {
    bool succeeded = false;
    std::string text;
    Bytes data;  ///< answer to Dump
};

inline constexpr std::size_t kMaxPacket = 4096;

[[nodiscard]] Bytes encode(const Request& request);
[[nodiscard]] Result<Request> decodeRequest(ByteView packet);
[[nodiscard]] Bytes encode(const Response& response);
[[nodiscard]] Result<Response> decodeResponse(ByteView packet);

/// The tag that a Place or Add describes.
[[nodiscard]] Result<Tag> tagOf(const Request& request);

/// Asks the simulator at `socket`; NotFound when none answers.
[[nodiscard]] Result<Response> ask(const std::filesystem::path& socket, const Request& request);

}  // namespace tapport::pn532sim
