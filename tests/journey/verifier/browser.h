// SPDX-License-Identifier: GPL-3.0-or-later
// Debian's Chromium without a window: opens a page, waits until it has come to rest, and tells what
// became of it and what it asked the network for.
#pragma once

#include "tests/support/temp_dir.h"

#include <string>
#include <vector>

namespace tapport::journey {

struct Visited {
    std::string dom;                    ///< as it stands at the end, without scripts
    std::vector<std::string> requests;  ///< addresses that the page asked for, refused ones as well

    /// Of the body; empty when it has none.
    [[nodiscard]] std::string attribute(const std::string& name) const;
    /// The text of the element with this id, up to its first child element.
    [[nodiscard]] std::string text(const std::string& id) const;
};

class Browser {
  public:
    /// Throws std::runtime_error when there is no browser or it writes no network log.
    [[nodiscard]] Visited open(const std::filesystem::path& page, const std::string& fragment = "");

  private:
    support::TempDir profile_;
};

}  // namespace tapport::journey
