// SPDX-License-Identifier: GPL-3.0-or-later
// The offline verifier as one HTML file (packaging/verifier), with an event's published files in
// it.
#pragma once

#include <string>

namespace tapport::admin {

struct PublishedFiles {
    std::string keySet;   ///< keys.json
    std::string notices;  ///< notices.json
    std::string
        rootKey;  ///< 64 hexadecimal digits; pinned: whoever opens the page cannot change it
};

[[nodiscard]] std::string verifierPage(const PublishedFiles& files);

}  // namespace tapport::admin
