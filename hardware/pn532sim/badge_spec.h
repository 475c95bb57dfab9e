// SPDX-License-Identifier: GPL-3.0-or-later
// A badge as the command line describes it, turned into the memory of a tag.
#pragma once

#include "hardware/pn532sim/control.h"

#include <filesystem>
#include <optional>
#include <string>

namespace tapport::pn532sim {

struct BadgeSpec {
    std::string uri;
    std::string text;
    std::filesystem::path vcard;  ///< a second record (text/vcard) with this file's content
    std::filesystem::path dump;   ///< instead of all others: the memory as it is
    std::string type = "ntag215";
    std::string uidHex;  ///< empty: made from the content, so the same badge has the same UID
    std::uint32_t leaveAfter = 0;

    [[nodiscard]] bool describesBadge() const {
        return !uri.empty() || !text.empty() || !vcard.empty() || !dump.empty() || type == "uid";
    }
};

/// A request to place (or add) this badge. InvalidInput for a combination that makes no tag, a
/// message that does not fit, or a file that is no dump.
[[nodiscard]] Result<Request> requestFor(Verb verb, const BadgeSpec& spec);

}  // namespace tapport::pn532sim
