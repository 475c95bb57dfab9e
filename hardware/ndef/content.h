// SPDX-License-Identifier: GPL-3.0-or-later
// What an NDEF record means: URI, Text and Smart Poster (NFC Forum RTDs), MIME; and how to make
// them. Interprets, never acts: no URL is opened, no vCard is read here. Pure.
#pragma once

#include "hardware/ndef/message.h"

#include <optional>
#include <string>
#include <variant>

namespace tapport::ndef {

/// URI RTD 1.0, the prefix code expanded. Well-formed UTF-8 without control characters; whether the
/// scheme and host are welcome is the caller's decision.
struct Uri {
    std::string text;
};
/// Text RTD 1.0, converted to UTF-8. Show it through displayText() only.
struct Text {
    std::string language;  ///< as the tag says; IANA code, unchecked
    std::string text;
};
/// Smart Poster RTD 1.1: its one URI and its titles.
struct SmartPoster {
    Uri uri;
    std::vector<Text> titles;
};
/// RFC 2046 media type in lower case, parameters included; the payload is opaque.
struct Mime {
    std::string type;
    Bytes payload;
};
/// An empty record, or a type we have no use for: no reason to refuse the badge.
struct Other {};

using Content = std::variant<Other, Uri, Text, SmartPoster, Mime>;

/// A fault when the record claims a type of ours and breaks its rules.
[[nodiscard]] Parsed<Content> interpret(const Record& record);

/// A badge's message: parsed, and every record of a type of ours well-formed.
[[nodiscard]] Parsed<std::vector<Content>> interpretMessage(ByteView bytes);

/// The first URI, be it in a URI record, an absolute-URI record or a Smart Poster.
[[nodiscard]] std::optional<std::string> firstUri(const std::vector<Content>& contents);
/// The first MIME record of this type, parameters ignored ("text/vcard;charset=utf-8" matches).
[[nodiscard]] const Mime* findMime(const std::vector<Content>& contents, std::string_view type);

/// The text without anything that steers a display: control characters, bidirectional overrides,
/// zero-width and byte-order marks go; a line break or tab becomes a space. Broken UTF-8 goes too.
[[nodiscard]] std::string displayText(std::string_view utf8);

[[nodiscard]] Record uriRecord(std::string_view uri);
/// Language codes longer than 63 bytes are cut: the format has no room for more.
[[nodiscard]] Record textRecord(std::string_view language, std::string_view text);
[[nodiscard]] Record mimeRecord(std::string_view type, ByteView payload);

}  // namespace tapport::ndef
