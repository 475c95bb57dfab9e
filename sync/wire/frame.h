// SPDX-License-Identifier: GPL-3.0-or-later
// What all messages have in common: version, names, and the signature that is their last item.
// Private to this folder.
#pragma once

#include "sync/base/cbor.h"
#include "sync/wire/messages.h"

namespace tapport::wire {

inline std::uint64_t number(auto enumerator) {
    return static_cast<std::uint64_t>(enumerator);
}

inline void readVersion(CborReader& in) {
    if (in.uinteger() != kVersion) {
        in.reject("unknown version");
    }
}

template <typename N>
N readName(CborReader& in) {
    constexpr std::size_t kMostName = 32;
    N name{in.text(kMostName)};
    if (in.ok() && !record::isName(name.value)) {
        in.reject("name outside a-z 0-9 -");
    }
    return name;
}

/// `least` is 0 where 0 means "none", else 1.
inline std::uint64_t readSeq(CborReader& in, std::uint64_t least) {
    const std::uint64_t seq = in.uinteger();
    if (in.ok() && (seq < least || seq > record::kMostSeq)) {
        in.reject("position out of range");
    }
    return seq;
}

inline DownVersion readDownVersion(CborReader& in) {
    DownVersion version;
    in.arrayOf(2);
    version.urgent = readSeq(in, 0);
    version.bulk = readSeq(in, 0);
    return version;
}
inline CborWriter& writeTo(CborWriter& out, const DownVersion& version) {
    return out.array(2).uinteger(version.urgent).uinteger(version.bulk);
}

/// What a signature is over: the label and SHA-256 of the array, which begins with `head`. Ed25519
/// alone would read a batch of 128 KiB three times with SHA-512, which costs more than everything
/// else that is done to it.
[[nodiscard]] Bytes covered(std::string_view label, std::uint8_t head, ByteView afterHead);

/// The same array with its signature as one more item. It has less than 23 items: its head is one
/// byte that counts them.
inline Bytes signedBy(const Signer& signer, std::string_view label, Bytes unsignedArray) {
    const record::Signature signature =
        signer(covered(label, unsignedArray.front(), ByteView(unsignedArray).subspan(1)));
    Bytes message = std::move(unsignedArray);
    ++message.front();
    const Bytes item = CborWriter().bytes(signature.view()).take();
    message.insert(message.end(), item.begin(), item.end());
    return message;
}

template <typename Message>
Result<Message> finished(const CborReader& in, Message message, std::string_view what) {
    if (const auto done = in.finish(); !done) {
        return tl::unexpected(done.error().in(what));
    }
    return message;
}

/// Reads the signature, which is the last item of `bytes`, and what it is over.
template <typename Message>
Result<Signed<Message>> finishedSigned(CborReader& in, Message message, ByteView bytes,
                                       std::string_view label, std::string_view what) {
    const auto signature = in.id<record::Signature>();
    return finished(in, std::move(message), what).map([&](Message whole) {
        constexpr std::size_t kSignatureItem = 2 + record::Signature::kSize;
        const ByteView afterHead = bytes.subspan(1, bytes.size() - kSignatureItem - 1);
        const auto head = static_cast<std::uint8_t>(bytes.front() - 1);
        return Signed<Message>{std::move(whole), covered(label, head, afterHead), signature};
    });
}

/// Latches an error before anything is copied out of an oversized message.
inline CborReader readerOf(ByteView bytes) {
    CborReader in(bytes);
    if (bytes.size() > kMostMessageBytes) {
        in.reject("message too large");
    }
    return in;
}

}  // namespace tapport::wire
