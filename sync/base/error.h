// SPDX-License-Identifier: GPL-3.0-or-later
// Failure as a value: a stable code that programs and operators act on, and context for people.
// The context never holds personal data: no name, address, note, badge token or key.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace tapport {

/// Stable; printed by name in logs and by the command line. Advice for each: adviceFor().
enum class Code : std::uint8_t {
    InvalidInput,   ///< bytes or text that break a format: quarantine or refuse, never retry
    InvalidConfig,  ///< a configuration or event file that must be corrected by the operator
    NotFound,       ///< what was asked for is not there
    Conflict,       ///< same identity, other content
    Storage,        ///< the database or file system refused; retry with the same ids
    StorageFull,    ///< no space left: nothing was confirmed
    Crypto,         ///< a seal or signature does not open with the key at hand
    Network,        ///< broker or peer unreachable: retried by itself
    Reader,         ///< badge reader missing or silent
    Busy,           ///< another process owns the file or device
    Internal,       ///< a broken promise of a library or of ours
};

struct Error {
    Code code;
    std::string context;

    /// The same failure seen from one step further up: "open outbox: disk full".
    [[nodiscard]] Error in(std::string_view where) const {
        return {code, std::string(where) + ": " + context};
    }
    bool operator==(const Error&) const = default;
};

template <typename T = void>
using Result = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(Code code, std::string context) {
    return tl::unexpected<Error>(Error{code, std::move(context)});
}

/// The code as its enumerator is spelt, for logs and exit messages.
[[nodiscard]] std::string_view nameOf(Code code);
/// One sentence that tells an operator what to do about it.
[[nodiscard]] std::string_view adviceFor(Code code);

}  // namespace tapport
