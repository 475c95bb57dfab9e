// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/opener/opener_talk.h"

#include "sync/base/cbor.h"
#include "sync/record/codec.h"
#include "sync/record/parts.h"

#include <array>
#include <cerrno>

#include <poll.h>
#include <sys/socket.h>

namespace tapport::hub::talk {
namespace {

constexpr std::uint64_t kVersion = 3;
constexpr std::size_t kMostUnits = 4096;
constexpr std::size_t kMostText = 1024;
/// 200 of the largest units that a batch can bring, and room.
constexpr std::size_t kMostFrame = 64UL * 1024 * 1024;

enum class Kind : std::uint8_t { Opened, Refused };

/// Of an error's words or a reason's; not within a character, which its reader would refuse.
std::string cut(const std::string& text) {
    std::size_t size = std::min(text.size(), kMostText);
    const auto isWithin = [&](std::size_t at) {
        return (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80;
    };
    while (size < text.size() && size > 0 && isWithin(size)) {
        --size;
    }
    return text.substr(0, size);
}

/// True once something can be done with the socket; false at the deadline.
bool awaits(int socket, short what, Deadline deadline) {
    for (;;) {
        int patience = -1;
        if (deadline != Deadline::max()) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(
                deadline - std::chrono::steady_clock::now());
            patience = static_cast<int>(std::max<std::int64_t>(left.count(), 0));
        }
        pollfd one{socket, what, 0};
        const int ready = ::poll(&one, 1, patience);
        if (ready >= 0 || errno != EINTR) {
            return ready > 0;
        }
    }
}

/// How many bytes came before the other end closed; fewer than asked for only then.
Result<std::size_t> receive(int socket, std::span<std::uint8_t> into, Deadline deadline) {
    std::size_t got = 0;
    while (got < into.size()) {
        if (!awaits(socket, POLLIN, deadline)) {
            return fail(Code::Network, "it gave no answer in time");
        }
        const ssize_t count = ::recv(socket, into.data() + got, into.size() - got, MSG_DONTWAIT);
        if (count < 0 && (errno == EINTR || errno == EAGAIN)) {
            continue;
        }
        if (count <= 0) {
            break;
        }
        got += static_cast<std::size_t>(count);
    }
    return got;
}

}  // namespace

Bytes encodeGreeting(const Result<record::EventId>& ready) {
    CborWriter out;
    out.array(3).uinteger(kVersion);
    if (ready) {
        out.null().text(ready->value);
    } else {
        out.uinteger(static_cast<std::uint64_t>(ready.error().code))
            .text(cut(ready.error().context));
    }
    return out.take();
}

Result<record::EventId> decodeGreeting(ByteView bytes) {
    CborReader in(bytes);
    in.arrayOf(3);
    const bool isOurs = in.uinteger() == kVersion;
    const bool isReady = in.skipNull();
    const Code code = isReady ? Code::Internal : in.enumeration(Code::Internal);
    std::string text = in.text(kMostText);
    if (const auto finished = in.finish(); !finished || !isOurs) {
        return fail(Code::Internal, "its greeting is not understood");
    }
    if (!isReady) {
        return fail(code, std::move(text));
    }
    return record::EventId{std::move(text)};
}

Bytes encodeRequest(std::span<const Waiting> units) {
    CborWriter out;
    out.array(units.size());
    for (const Waiting& unit : units) {
        out.array(5)
            .bytes(unit.id.view())
            .text(unit.position.kiosk.value)
            .bytes(unit.position.epoch.view())
            .uinteger(unit.position.seq)
            .bytes(unit.sealed);
    }
    return out.take();
}

Result<std::vector<Waiting>> decodeRequest(ByteView bytes) {
    CborReader in(bytes);
    std::vector<Waiting> units(in.array(kMostUnits));
    for (Waiting& unit : units) {
        in.arrayOf(5);
        unit.id = in.id<record::RecordId>();
        unit.position.kiosk = record::readName<record::KioskId>(in);
        unit.position.epoch = in.id<record::Epoch>();
        unit.position.seq = in.uinteger();
        unit.sealed = toBytes(in.bytes(kMostFrame));
    }
    if (const auto finished = in.finish(); !finished) {
        return tl::unexpected(finished.error());
    }
    return units;
}

Bytes encodeAnswer(std::span<const Opened> opened, std::span<const Waiting> asked) {
    CborWriter out;
    out.array(opened.size());
    for (std::size_t i = 0; i < opened.size(); ++i) {
        const Opened& one = opened[i];
        if (one.content) {
            const record::PositionedUnit unit{asked[i].position, one.content->unit,
                                              one.content->proof, one.content->signature};
            out.array(2).uinteger(static_cast<std::uint64_t>(Kind::Opened));
            out.bytes(record::encode(unit));
        } else {
            out.array(3).uinteger(static_cast<std::uint64_t>(Kind::Refused));
            out.uinteger(static_cast<std::uint64_t>(one.content.error().reason));
            out.text(cut(one.content.error().detail));
        }
    }
    return out.take();
}

Result<std::vector<Opened>> decodeAnswer(ByteView bytes, std::span<const Waiting> asked) {
    CborReader in(bytes);
    in.arrayOf(asked.size());
    std::vector<Opened> opened;
    opened.reserve(asked.size());
    for (const Waiting& unit : asked) {
        const std::size_t items = in.array(3);
        const auto kind = in.enumeration(Kind::Refused);
        if (kind == Kind::Opened && items == 2) {
            auto inside = record::decodeUnit(in.bytes(kMostFrame));
            if (!inside || inside->unit.id != unit.id || inside->position != unit.position) {
                return fail(Code::InvalidInput, "it answers with another unit");
            }
            opened.push_back({unit.id, Content{std::move(inside->unit), inside->proof,
                                               ProofState::Unchecked, inside->signature}});
        } else if (kind == Kind::Refused && items == 3) {
            const auto reason = in.enumeration(Reason::Recovered);
            opened.push_back(
                {unit.id, tl::unexpected(NotOpened{reason, in.text(kMostText), std::nullopt})});
        } else {
            return fail(Code::InvalidInput, "its answer is not understood");
        }
    }
    if (const auto finished = in.finish(); !finished) {
        return tl::unexpected(finished.error().in("its answer"));
    }
    return opened;
}

Result<> writeFrame(int socket, ByteView bytes, Deadline deadline) {
    const auto size = static_cast<std::uint32_t>(bytes.size());
    Bytes frame;
    frame.reserve(bytes.size() + sizeof size);
    for (const unsigned shift : {24U, 16U, 8U, 0U}) {
        frame.push_back(static_cast<std::uint8_t>(size >> shift));
    }
    frame.insert(frame.end(), bytes.begin(), bytes.end());
    for (ByteView rest = frame; !rest.empty();) {
        if (!awaits(socket, POLLOUT, deadline)) {
            return fail(Code::Network, "it takes nothing");
        }
        const ssize_t sent = ::send(socket, rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno != EINTR && errno != EAGAIN) {
            return fail(Code::Network, "it is gone");
        }
        rest = rest.subspan(sent < 0 ? 0 : static_cast<std::size_t>(sent));
    }
    return {};
}

Result<Bytes> readFrame(int socket, Deadline deadline) {
    std::array<std::uint8_t, 4> head{};
    const auto headGot = receive(socket, head, deadline);
    if (!headGot) {
        return tl::unexpected(headGot.error());
    }
    if (*headGot == 0) {
        return fail(Code::NotFound, "it is gone");
    }
    std::size_t size = 0;
    for (const std::uint8_t byte : head) {
        size = size << 8U | byte;
    }
    if (*headGot < head.size() || size > kMostFrame) {
        return fail(Code::Network, "it broke off");
    }
    Bytes bytes(size);
    const auto got = receive(socket, bytes, deadline);
    if (!got) {
        return tl::unexpected(got.error());
    }
    return *got == size ? Result<Bytes>(std::move(bytes)) : fail(Code::Network, "it broke off");
}

}  // namespace tapport::hub::talk
