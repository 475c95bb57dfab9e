// SPDX-License-Identifier: GPL-3.0-or-later
// The members of one JSON object, read by name. The first problem is latched, as in CborReader, so
// that a caller reads a whole structure and asks once. Internal to sync/receipt. Pure; names keys,
// never values.
#pragma once

#include "sync/receipt/json_text.h"
#include "sync/record/ids.h"

namespace tapport::receipt {

class Fields {
  public:
    /// `object` must outlive this. A problem unless it is an object with no member but `known`.
    Fields(const Json& object, std::initializer_list<std::string_view> known);

    [[nodiscard]] bool has(std::string_view key) const;
    [[nodiscard]] std::string text(std::string_view key);
    /// Passes record::isName().
    [[nodiscard]] std::string name(std::string_view key);
    [[nodiscard]] std::int64_t integer(std::string_view key, std::int64_t least, std::int64_t most);
    /// Base64url of a whole id.
    template <typename Id>
    [[nodiscard]] Id id(std::string_view key) {
        const auto bytes = fromBase64Url(text(key));
        const auto value = bytes ? Id::from(*bytes) : std::nullopt;
        if (!value) {
            reject(key, "is not base64url of the right length");
        }
        return value.value_or(Id{});
    }
    [[nodiscard]] const Json& list(std::string_view key);

    void reject(std::string_view key, std::string_view what);
    [[nodiscard]] bool ok() const { return problem_.empty(); }
    [[nodiscard]] Result<> finish() const;

  private:
    [[nodiscard]] const Json* find(std::string_view key);

    const Json& object_;
    std::string problem_;
};

}  // namespace tapport::receipt
