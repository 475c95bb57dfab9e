// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/receipt/profile.h"

#include "sync/receipt/jcs.h"
#include "sync/receipt/json_text.h"

namespace tapport::receipt {

Result<nlohmann::json> parseProfile(std::string_view json) {
    if (json.size() > kMostProfile) {
        return fail(Code::InvalidInput, "too long");
    }
    return readJson(json);
}

Result<nlohmann::json> parseCanonical(std::string_view json) {
    auto value = parseProfile(json);
    if (value && canonicalText(*value) != json) {
        return fail(Code::InvalidInput, "not in canonical form");
    }
    return value;
}

}  // namespace tapport::receipt
