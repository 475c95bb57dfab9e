// SPDX-License-Identifier: GPL-3.0-or-later
// The one-time code that an operator reads on the hub and types on the kiosk: 100 random bits, five
// groups of five characters (Crockford's base32: no I, L, O, U), the last of each group a check
// character, so that a typing error is found before anything is sent, and named. Pure.
#pragma once

#include "sync/receipt/keys.h"

#include <span>

namespace tapport::enrol {

/// How a request says which code it was made with; tells nothing about the code.
using CodeId = FixedBytes<struct CodeIdTag, 8>;
/// Closes replies: both ends derive it from the code.
using ReplyKey = FixedBytes<struct ReplyKeyTag, 32>;

/// What the hub keeps of a code. It recognises a request made with the code, and cannot make one:
/// whoever reads the hub's register cannot enrol.
struct CodeCheck {
    CodeId id;
    Bytes publicKey;  ///< Ed25519, of a pair whose seed only the code gives
    ReplyKey replyKey;
    bool operator==(const CodeCheck&) const = default;
};

class OneTimeCode {
  public:
    static constexpr std::size_t kRandomBytes = 20;

    /// From kRandomBytes random bytes.
    [[nodiscard]] static OneTimeCode make(std::span<const std::uint8_t, kRandomBytes> random);
    /// Takes either case, O for 0, I and L for 1; blanks and dashes count for nothing. InvalidInput
    /// says which group is mistyped.
    [[nodiscard]] static Result<OneTimeCode> parse(std::string_view typed);

    /// "ABCD1-…": what is printed.
    [[nodiscard]] std::string text() const;
    [[nodiscard]] CodeCheck check() const;
    /// Signs requests.
    [[nodiscard]] receipt::SigningKeys keys() const;

  private:
    std::array<std::uint8_t, kRandomBytes> symbols_{};  ///< five bits each
};

}  // namespace tapport::enrol
