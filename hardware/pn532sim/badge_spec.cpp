// SPDX-License-Identifier: GPL-3.0-or-later
#include "hardware/pn532sim/badge_spec.h"

#include "hardware/ndef/content.h"

#include <fstream>
#include <iterator>

namespace tapport::pn532sim {
namespace {

Result<Bytes> contentOf(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        return fail(Code::NotFound, "cannot read " + file.string());
    }
    return Bytes(std::istreambuf_iterator<char>(in), {});
}

std::optional<TagKind> kindOf(std::string_view name) {
    if (name == "ntag213") {
        return TagKind::Ntag213;
    }
    if (name == "ntag215") {
        return TagKind::Ntag215;
    }
    if (name == "ntag216") {
        return TagKind::Ntag216;
    }
    return name == "uid" ? std::optional(TagKind::Uid) : std::nullopt;
}

/// NXP's manufacturer code and FNV-1a over the content.
Uid7 uidFrom(ByteView content) {
    std::uint64_t hash = 0xCBF29CE484222325;
    for (const auto octet : content) {
        hash = (hash ^ octet) * 0x100000001B3;
    }
    Uid7 uid{0x04};
    for (std::size_t i = 1; i < uid.size(); ++i) {
        uid[i] = static_cast<std::uint8_t>(hash >> (8 * i));
    }
    return uid;
}

/// No records: no message, an empty tag.
Result<Bytes> messageOf(const BadgeSpec& spec) {
    std::vector<ndef::Record> records;
    if (!spec.uri.empty()) {
        records.push_back(ndef::uriRecord(spec.uri));
    }
    if (!spec.text.empty()) {
        records.push_back(ndef::textRecord("en", spec.text));
    }
    if (!spec.vcard.empty()) {
        const auto card = contentOf(spec.vcard);
        if (!card) {
            return card;
        }
        records.push_back(ndef::mimeRecord("text/vcard", *card));
    }
    return records.empty() ? Bytes{} : ndef::encodeMessage(records);
}

Result<Bytes> uidMemory(TagKind kind, const BadgeSpec& spec, ByteView givenUid) {
    const auto message = messageOf(spec);
    if (!message) {
        return message;
    }
    Uid7 uid = uidFrom(*message);
    if (!givenUid.empty()) {
        if (givenUid.size() != uid.size()) {
            return fail(Code::InvalidInput, "an NTAG's UID has 7 octets");
        }
        std::copy(givenUid.begin(), givenUid.end(), uid.begin());
    }
    TagMemory memory(kind, uid);
    if (const auto fine = memory.putMessage(*message); !fine) {
        return tl::unexpected(fine.error());
    }
    return toBytes(memory.image());
}

}  // namespace

Result<Request> requestFor(Verb verb, const BadgeSpec& spec) {
    Request request{verb, {}, {}, spec.leaveAfter};
    const auto kind = kindOf(spec.type);
    const auto uid = fromHex(spec.uidHex);
    if (!kind || !uid) {
        return fail(Code::InvalidInput, "--type or --uid is none that a tag can have");
    }
    const bool hasContent = !spec.uri.empty() || !spec.text.empty() || !spec.vcard.empty();
    if (*kind == TagKind::Uid) {
        if (hasContent || !spec.dump.empty()) {
            return fail(Code::InvalidInput, "a tag of type uid carries nothing");
        }
        request.uid = uid->empty() ? Bytes{0x3A, 0x51, 0x7C, 0x0D} : *uid;
    } else if (!spec.dump.empty()) {
        if (hasContent || !uid->empty()) {
            return fail(Code::InvalidInput, "--dump is the whole tag: no --uri, --text, --uid");
        }
        auto image = contentOf(spec.dump);
        if (!image) {
            return tl::unexpected(image.error());
        }
        request.memory = std::move(*image);
    } else {
        auto memory = uidMemory(*kind, spec, *uid);
        if (!memory) {
            return tl::unexpected(memory.error());
        }
        request.memory = std::move(*memory);
    }
    if (const auto tag = tagOf(request); !tag) {
        return tl::unexpected(tag.error());
    }
    return request;
}

}  // namespace tapport::pn532sim
