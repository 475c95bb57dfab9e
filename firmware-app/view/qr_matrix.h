// SPDX-License-Identifier: GPL-3.0-or-later
// A text as the modules of a QR code (ISO/IEC 18004), error correction M: a phone still reads it
// with 15 % of it lost to glare or scratches. Pure; the one place that includes qrcodegen.
#pragma once

#include "sync/base/error.h"

#include <string>
#include <vector>

namespace tapport::view {

/// Light modules around the code, on each side, without which readers do not find it (clause 9.1).
inline constexpr int kQuietZone = 4;

class QrMatrix {
  public:
    /// InvalidInput for a text that no QR code holds (more than 2,331 bytes at level M).
    [[nodiscard]] static Result<QrMatrix> encode(const std::string& text);

    /// Modules a side, without the quiet zone.
    [[nodiscard]] int size() const { return size_; }
    [[nodiscard]] bool isDark(int x, int y) const {
        return dark_[static_cast<std::size_t>(y * size_ + x)];
    }

  private:
    explicit QrMatrix(int size) : size_(size), dark_(static_cast<std::size_t>(size * size)) {}

    int size_;
    std::vector<bool> dark_;
};

}  // namespace tapport::view
