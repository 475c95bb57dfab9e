// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/vault/withdrawn.h"

#include "sync/base/cbor.h"
#include "sync/record/parts.h"

#include <span>

namespace tapport::vault {
namespace {

using record::ConsentEvent;

constexpr std::uint8_t kBeside = 1;
constexpr std::size_t kMostCauses = 256;

Bytes encodeAll(std::span<const ConsentEvent> withdrawals) {
    CborWriter out;
    out.array(2).uinteger(kWithdrawnSchema).array(withdrawals.size());
    for (const ConsentEvent& one : withdrawals) {
        out.array(6)
            .bytes(one.id.view())
            .text(one.purpose.value)
            .uinteger(static_cast<std::uint64_t>(one.channel))
            .integer(one.at.wall.time_since_epoch().count())
            .integer(one.validUntil.time_since_epoch().count())
            .array(one.causes.size());
        for (const record::RecordId& cause : one.causes) {
            out.bytes(cause.view());
        }
    }
    return out.take();
}

ConsentEvent readOne(CborReader& in) {
    ConsentEvent one;
    in.arrayOf(6);
    one.id = in.id<record::RecordId>();
    one.purpose = record::readName<record::PurposeId>(in);
    one.channel = in.enumeration(record::Channel::Messenger);
    one.state = record::ConsentState::Withdrawn;
    one.method = record::Method::ReceiptLink;
    one.at.wall = record::readTime(in);
    one.validUntil = record::readTime(in);
    const std::size_t causes = in.array(kMostCauses);
    for (std::size_t i = 0; i < causes && in.ok(); ++i) {
        one.causes.push_back(in.id<record::RecordId>());
    }
    return one;
}

}  // namespace

Bytes withdrawnKey(const record::VaultLookup& lookup) {
    Bytes key = toBytes(lookup.view());
    key.push_back(kBeside);
    return key;
}

Bytes encodeWithdrawn(const std::vector<ConsentEvent>& withdrawals, std::size_t mostBytes) {
    auto last = std::span(withdrawals);
    last = last.last(std::min(last.size(), kMostWithdrawn));
    Bytes encoded = encodeAll(last);
    while (encoded.size() > mostBytes && !last.empty()) {
        last = last.last(last.size() / 2);
        encoded = encodeAll(last);
    }
    return encoded;
}

Result<std::vector<ConsentEvent>> decodeWithdrawn(ByteView bytes) {
    CborReader in(bytes);
    std::vector<ConsentEvent> withdrawals;
    in.arrayOf(2);
    if (in.uinteger() != kWithdrawnSchema) {
        in.reject("unknown schema of withdrawals");
    }
    const std::size_t count = in.array(kMostWithdrawn);
    for (std::size_t i = 0; i < count && in.ok(); ++i) {
        withdrawals.push_back(readOne(in));
    }
    if (const auto finished = in.finish(); !finished) {
        return tl::unexpected(finished.error().in("withdrawals"));
    }
    return withdrawals;
}

}  // namespace tapport::vault
