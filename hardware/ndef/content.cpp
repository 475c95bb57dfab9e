// SPDX-License-Identifier: GPL-3.0-or-later
#include "hardware/ndef/content.h"

#include "hardware/ndef/unicode.h"

#include <algorithm>
#include <array>
#include <utility>

namespace tapport::ndef {
namespace {

// URI RTD 1.0, table 3; codes from 0x24 on are reserved and read as "no prefix" (section 3.2.2).
constexpr std::array<std::string_view, 0x24> kPrefixes = {
    "",
    "http://www.",
    "https://www.",
    "http://",
    "https://",
    "tel:",
    "mailto:",
    "ftp://anonymous:anonymous@",
    "ftp://ftp.",
    "ftps://",
    "sftp://",
    "smb://",
    "nfs://",
    "ftp://",
    "dav://",
    "news:",
    "telnet://",
    "imap:",
    "rtsp://",
    "urn:",
    "pop:",
    "sip:",
    "sips:",
    "tftp:",
    "btspp://",
    "btl2cap://",
    "btgoep://",
    "tcpobex://",
    "irdaobex://",
    "file://",
    "urn:epc:id:",
    "urn:epc:tag:",
    "urn:epc:pat:",
    "urn:epc:raw:",
    "urn:epc:",
    "urn:nfc:",
};
constexpr std::uint8_t kUtf16 = 0x80;
constexpr std::uint8_t kLanguageLength = 0x3F;

Parsed<Uri> checkedUri(std::string text) {
    if (text.size() > kMaxUriSize) {
        return tl::unexpected(Fault::TooLong);
    }
    const auto points = decodeUtf8(text);
    if (!points || points->empty() || std::any_of(points->begin(), points->end(), isControl)) {
        return tl::unexpected(Fault::Uri);
    }
    return Uri{std::move(text)};
}

Parsed<Uri> parseUri(ByteView payload) {
    if (payload.empty()) {
        return tl::unexpected(Fault::Uri);
    }
    const auto code = payload[0];
    std::string text(code < kPrefixes.size() ? kPrefixes[code] : kPrefixes[0]);
    text += textOf(payload.subspan(1));
    return checkedUri(std::move(text));
}

Parsed<Text> parseText(ByteView payload) {
    if (payload.empty() || payload.size() < std::size_t{1} + (payload[0] & kLanguageLength)) {
        return tl::unexpected(Fault::Text);
    }
    const std::size_t languageLength = payload[0] & kLanguageLength;
    const auto language = payload.subspan(1, languageLength);
    const auto body = payload.subspan(1 + languageLength);
    const auto points = (payload[0] & kUtf16) != 0 ? decodeUtf16(body) : decodeUtf8(textOf(body));
    if (!points) {
        return tl::unexpected(Fault::Text);
    }
    return Text{std::string(textOf(language)), encodeUtf8(*points)};
}

bool isWellKnown(const Record& record, std::string_view type) {
    return record.tnf == Tnf::WellKnown && textOf(record.type) == type;
}

Parsed<SmartPoster> parseSmartPoster(ByteView payload) {
    const auto inner = parseMessage(payload);
    if (!inner) {
        return tl::unexpected(inner.error());
    }
    std::optional<Uri> uri;
    std::vector<Text> titles;
    for (const auto& record : inner->records) {
        if (isWellKnown(record, "Sp") || (isWellKnown(record, "U") && uri)) {
            return tl::unexpected(Fault::SmartPoster);
        }
        const auto content = interpret(record);
        if (!content) {
            return tl::unexpected(content.error());
        }
        if (isWellKnown(record, "U")) {
            uri = std::get<Uri>(*content);
        } else if (const auto* text = std::get_if<Text>(&*content)) {
            titles.push_back(*text);
        }
    }
    if (!uri) {
        return tl::unexpected(Fault::SmartPoster);
    }
    return SmartPoster{std::move(*uri), std::move(titles)};
}

std::string lowerCase(std::string_view text) {
    std::string out(text);
    for (auto& c : out) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return out;
}

template <typename T>
Parsed<Content> asContent(Parsed<T> parsed) {
    return std::move(parsed).map([](T&& value) { return Content(std::move(value)); });
}

}  // namespace

Parsed<Content> interpret(const Record& record) {
    if (isWellKnown(record, "U")) {
        return asContent(parseUri(record.payload));
    }
    if (isWellKnown(record, "T")) {
        return asContent(parseText(record.payload));
    }
    if (isWellKnown(record, "Sp")) {
        return asContent(parseSmartPoster(record.payload));
    }
    if (record.tnf == Tnf::AbsoluteUri) {
        // The URI is the record's type; the payload is up to whoever defined it (section 3.2.6).
        return asContent(checkedUri(std::string(textOf(record.type))));
    }
    if (record.tnf == Tnf::Mime && !record.type.empty()) {
        return Content(Mime{lowerCase(textOf(record.type)), record.payload});
    }
    return Content(Other{});
}

Parsed<std::vector<Content>> interpretMessage(ByteView bytes) {
    const auto message = parseMessage(bytes);
    if (!message) {
        return tl::unexpected(message.error());
    }
    std::vector<Content> contents;
    for (const auto& record : message->records) {
        auto content = interpret(record);
        if (!content) {
            return tl::unexpected(content.error());
        }
        contents.push_back(std::move(*content));
    }
    return contents;
}

std::optional<std::string> firstUri(const std::vector<Content>& contents) {
    for (const auto& content : contents) {
        if (const auto* uri = std::get_if<Uri>(&content)) {
            return uri->text;
        }
        if (const auto* poster = std::get_if<SmartPoster>(&content)) {
            return poster->uri.text;
        }
    }
    return std::nullopt;
}

const Mime* findMime(const std::vector<Content>& contents, std::string_view type) {
    for (const auto& content : contents) {
        const auto* mime = std::get_if<Mime>(&content);
        if (mime != nullptr && mime->type.substr(0, mime->type.find_first_of("; ")) == type) {
            return mime;
        }
    }
    return nullptr;
}

std::string displayText(std::string_view utf8) {
    std::u32string kept;
    for (std::size_t i = 0; i < utf8.size();) {
        // The longest well-formed character that starts here; a stray byte is skipped alone.
        std::size_t size = 0;
        for (std::size_t length = 1; length <= 4 && i + length <= utf8.size(); ++length) {
            const auto points = decodeUtf8(utf8.substr(i, length));
            if (!points) {
                continue;
            }
            const auto point = points->front();
            const bool isBlank = point == U'\n' || point == U'\r' || point == U'\t';
            if (isBlank || !(isControl(point) || isFormatting(point))) {
                kept.push_back(isBlank ? U' ' : point);
            }
            size = length;
            break;
        }
        i += std::max<std::size_t>(size, 1);
    }
    return encodeUtf8(kept);
}

Record uriRecord(std::string_view uri) {
    std::size_t code = 0;
    for (std::size_t i = 1; i < kPrefixes.size(); ++i) {
        if (uri.substr(0, kPrefixes[i].size()) == kPrefixes[i] &&
            kPrefixes[i].size() > kPrefixes[code].size()) {
            code = i;
        }
    }
    Bytes payload{static_cast<std::uint8_t>(code)};
    const auto rest = viewOf(uri.substr(kPrefixes[code].size()));
    payload.insert(payload.end(), rest.begin(), rest.end());
    return {Tnf::WellKnown, {'U'}, {}, std::move(payload)};
}

Record textRecord(std::string_view language, std::string_view text) {
    const auto code = viewOf(language.substr(0, kLanguageLength));
    const auto body = viewOf(text);
    Bytes payload{static_cast<std::uint8_t>(code.size())};
    payload.insert(payload.end(), code.begin(), code.end());
    payload.insert(payload.end(), body.begin(), body.end());
    return {Tnf::WellKnown, {'T'}, {}, std::move(payload)};
}

Record mimeRecord(std::string_view type, ByteView payload) {
    return {Tnf::Mime, toBytes(viewOf(type)), {}, toBytes(payload)};
}

}  // namespace tapport::ndef
