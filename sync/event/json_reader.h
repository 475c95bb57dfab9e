// SPDX-License-Identifier: GPL-3.0-or-later
// Reads a JSON document strictly and collects every problem instead of stopping at the first.
// Problems name places and keys, never values. Internal to sync/event. Pure.
#pragma once

#include "sync/base/bytes.h"
#include "sync/base/error.h"

#include <nlohmann/json.hpp>

namespace tapport::event {

using Json = nlohmann::json;

/// Refuses what nlohmann alone lets pass: a key that stands twice in one object.
[[nodiscard]] Result<Json> parseJson(std::string_view text);

/// Where one stands in the document, and the list of problems that all places share.
class Place {
  public:
    Place(const Json& json, std::string name, std::vector<std::string>& problems)
        : json_(json), name_(std::move(name)), problems_(problems) {}

    void report(std::string_view what) const;
    [[nodiscard]] const std::string& where() const { return name_; }
    /// The same place under another name, when one is known that tells the operator more.
    [[nodiscard]] Place named(std::string name) const {
        return {json_, std::move(name), problems_};
    }

    /// Reports when this is something else than an object, and every key that is not in `allowed`.
    void allow(const std::vector<std::string>& allowed) const;
    /// True when this is an object that has `key`.
    [[nodiscard]] bool has(std::string_view key) const;
    /// An empty result stands for what was reported.
    [[nodiscard]] std::string text(std::string_view key) const;
    /// A list of paragraphs, joined by an empty line.
    [[nodiscard]] std::string paragraphs(std::string_view key) const;
    /// A text that passes record::isName().
    [[nodiscard]] std::string name(std::string_view key) const;
    enum class Empty : std::uint8_t { Refused, Allowed };
    [[nodiscard]] std::vector<std::string> texts(std::string_view key,
                                                 Empty empty = Empty::Refused) const;
    [[nodiscard]] std::int64_t integer(std::string_view key, std::int64_t least,
                                       std::int64_t most) const;
    [[nodiscard]] Bytes hex(std::string_view key, std::size_t size) const;
    /// The keys of this object; reports when it is none or has none.
    [[nodiscard]] std::vector<std::string> keys() const;
    /// The place under `key`; reports when there is none.
    [[nodiscard]] Place at(std::string_view key) const;
    /// The objects of the list under `key`, named "…key[0]" and so on; reports an empty list.
    [[nodiscard]] std::vector<Place> list(std::string_view key) const;

  private:
    [[nodiscard]] const Json& value(std::string_view key) const;
    [[nodiscard]] bool checkText(std::string_view key, const Json& value) const;
    [[nodiscard]] std::string nameOf(std::string_view key) const;

    const Json& json_;
    std::string name_;
    std::vector<std::string>& problems_;
};

}  // namespace tapport::event
