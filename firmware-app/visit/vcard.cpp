// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/visit/vcard.h"

#include "firmware-app/visit/plain_text.h"

namespace tapport::visit {
namespace {

std::string upper(std::string_view text) {
    std::string result(text);
    for (char& c : result) {
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return result;
}

/// RFC 6350 section 3.2: a line break followed by a space or tab continues the line.
std::vector<std::string> unfold(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        std::string_view line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        }
        const bool continues = line.starts_with(' ') || line.starts_with('\t');
        if (continues && !lines.empty()) {
            lines.back().append(line.substr(1));
        } else {
            lines.emplace_back(line);
        }
    }
    return lines;
}

struct Property {
    std::string name;  ///< upper case, without a group
    std::string parameters;
    std::string value;
};

std::optional<Property> propertyIn(std::string_view line) {
    bool isQuoted = false;
    std::size_t colon = 0;
    for (; colon < line.size() && (isQuoted || line[colon] != ':'); ++colon) {
        isQuoted ^= line[colon] == '"';
    }
    if (colon == line.size()) {
        return std::nullopt;
    }
    const std::string_view head = line.substr(0, colon);
    std::string_view name = head.substr(0, head.find(';'));
    const std::string_view parameters = head.substr(name.size());
    if (const auto dot = name.rfind('.'); dot != std::string_view::npos) {
        name.remove_prefix(dot + 1);
    }
    return Property{upper(name), upper(parameters), std::string(line.substr(colon + 1))};
}

/// The components of a value, split at bare semicolons, escapes undone (RFC 6350 section 3.4).
std::vector<std::string> components(std::string_view value) {
    std::vector<std::string> parts(1);
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] == ';') {
            parts.emplace_back();
        } else if (value[i] == '\\' && i + 1 < value.size()) {
            ++i;
            parts.back().push_back(value[i] == 'n' || value[i] == 'N' ? ' ' : value[i]);
        } else {
            parts.back().push_back(value[i]);
        }
    }
    return parts;
}

/// FN and the like are one text: semicolons in them are text, although writers differ in escaping.
std::string wholeText(std::string_view value) {
    std::string text;
    for (const std::string& part : components(value)) {
        text += text.empty() ? part : ";" + part;
    }
    return plainText(text, kMaxName);
}

void setOnce(std::string& field, std::string value) {
    if (field.empty()) {
        field = std::move(value);
    }
}

}  // namespace

record::Contact readVcard(std::string_view text) {
    record::Contact contact;
    if (text.size() > kMaxVcardSize) {
        return contact;
    }
    std::string nameFromParts;
    for (const std::string& line : unfold(text)) {
        const auto property = propertyIn(line);
        if (!property || property->parameters.find("ENCODING") != std::string::npos) {
            continue;
        }
        const auto& [name, parameters, value] = *property;
        if (name == "END") {
            break;
        }
        if (name == "FN") {
            setOnce(contact.name, wholeText(value));
        } else if (name == "N") {
            const auto parts = components(value);  // family; given; ...
            const std::string given = parts.size() > 1 ? parts[1] : "";
            setOnce(nameFromParts, plainText(given + " " + parts[0], kMaxName));
        } else if (name == "ORG") {
            setOnce(contact.company, plainText(components(value).front(), kMaxName));
        } else if (name == "EMAIL") {
            setOnce(contact.email, contactValue(ContactField::Email, value).value_or(""));
        } else if (name == "TEL") {
            const bool isUri = upper(value).starts_with("TEL:");
            const std::string_view number = std::string_view(value).substr(isUri ? 4 : 0);
            setOnce(contact.phone, contactValue(ContactField::Phone, number).value_or(""));
        }
    }
    setOnce(contact.name, nameFromParts);
    return contact;
}

}  // namespace tapport::visit
