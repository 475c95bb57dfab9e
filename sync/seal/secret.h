// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes that hold plaintext or a key, wiped when they go out of scope.
#pragma once

#include "sync/base/bytes.h"

#include <utility>

#include <sodium/utils.h>

namespace tapport::seal {

class Secret {
  public:
    explicit Secret(Bytes bytes) : bytes_(std::move(bytes)) {}
    ~Secret() {
        bytes_.resize(bytes_.capacity());  // also what it held before it became shorter
        sodium_memzero(bytes_.data(), bytes_.size());
    }
    Secret(Secret&&) noexcept = default;
    Secret& operator=(Secret&&) = delete;
    Bytes& operator*() { return bytes_; }
    Bytes* operator->() { return &bytes_; }

  private:
    Bytes bytes_;
};

}  // namespace tapport::seal
