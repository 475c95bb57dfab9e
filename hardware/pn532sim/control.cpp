// SPDX-License-Identifier: GPL-3.0-or-later
#include "hardware/pn532sim/control.h"

#include "hardware/pn532sim/local_socket.h"
#include "sync/base/cbor.h"

#include <utility>

namespace tapport::pn532sim {
namespace {

constexpr std::size_t kLongestUid = 10;
constexpr std::size_t kMaxText = 200;

}  // namespace

Bytes encode(const Request& request) {
    return CborWriter()
        .array(4)
        .uinteger(static_cast<std::uint64_t>(request.verb))
        .bytes(request.uid)
        .bytes(request.memory)
        .uinteger(request.leaveAfter)
        .take();
}

Result<Request> decodeRequest(ByteView packet) {
    CborReader in(packet);
    Request request;
    in.arrayOf(4);
    request.verb = in.enumeration(Verb::Status);
    request.uid = toBytes(in.bytes(kLongestUid));
    request.memory = toBytes(in.bytes(kMaxPacket));
    request.leaveAfter = static_cast<std::uint32_t>(in.uinteger());
    if (const auto fine = in.finish(); !fine) {
        return tl::unexpected(fine.error().in("simulator request"));
    }
    return request;
}

Bytes encode(const Response& response) {
    return CborWriter()
        .array(3)
        .boolean(response.succeeded)
        .text(response.text)
        .bytes(response.data)
        .take();
}

Result<Response> decodeResponse(ByteView packet) {
    CborReader in(packet);
    Response response;
    in.arrayOf(3);
    response.succeeded = in.boolean();
    response.text = in.text(kMaxText);
    response.data = toBytes(in.bytes(kMaxPacket));
    if (const auto fine = in.finish(); !fine) {
        return tl::unexpected(fine.error().in("simulator response"));
    }
    return response;
}

Result<Tag> tagOf(const Request& request) {
    const auto leaving = [&request](Tag tag) {
        if (request.leaveAfter > 0) {
            tag.leaveAfter(request.leaveAfter);
        }
        return tag;
    };
    if (!request.memory.empty()) {
        return TagMemory::fromImage(request.memory).map([&](TagMemory&& memory) {
            return leaving(Tag(std::move(memory)));
        });
    }
    const auto size = request.uid.size();
    if (size != 4 && size != 7 && size != kLongestUid) {
        return fail(Code::InvalidInput, "a UID has 4, 7 or 10 octets");
    }
    return leaving(Tag(request.uid));
}

Result<Response> ask(const std::filesystem::path& socket, const Request& request) {
    const auto connection = connectLocal(socket);
    if (!connection) {
        return tl::unexpected(connection.error());
    }
    sendPacket(connection->get(), encode(request));
    return decodeResponse(receivePacket(connection->get()));
}

}  // namespace tapport::pn532sim
