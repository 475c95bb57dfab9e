// SPDX-License-Identifier: GPL-3.0-or-later
// A text that waits in memory and must not reach a disk: on pages of its own that are locked
// against swapping, left out of core dumps, fenced by guard pages, and overwritten when it goes
// (sodium_malloc). Any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace tapport::seal {

class LockedText {
  public:
    /// Ends the program when there is no memory, as any other allocation would.
    explicit LockedText(std::string_view text);

    [[nodiscard]] std::string_view view() const { return {text_.get(), size_}; }

  private:
    struct Free {
        void operator()(char* text) const;
    };
    std::unique_ptr<char[], Free> text_;
    std::size_t size_;
};

/// Overwrites what the text held, also where it was longer before, and empties it.
void wipe(std::string& text);

}  // namespace tapport::seal
