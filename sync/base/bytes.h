// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes and their two text forms. Pure.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tapport {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

[[nodiscard]] inline ByteView viewOf(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
[[nodiscard]] inline std::string_view textOf(ByteView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
[[nodiscard]] inline Bytes toBytes(ByteView view) {
    return {view.begin(), view.end()};
}

/// Bytes of its own, or somebody's that outlive it.
class Blob {
  public:
    Blob() = default;
    Blob(Bytes own) : own_(std::move(own)) {}  // NOLINT(google-explicit-constructor)
    [[nodiscard]] static Blob lentBy(ByteView owner) {
        Blob blob;
        blob.lent_ = owner;
        return blob;
    }

    [[nodiscard]] ByteView view() const { return lent_ ? *lent_ : ByteView(own_); }
    [[nodiscard]] std::size_t size() const { return view().size(); }
    [[nodiscard]] bool empty() const { return view().empty(); }
    operator ByteView() const { return view(); }  // NOLINT(google-explicit-constructor)
    /// By what they are, whoever has them.
    bool operator==(const Blob& other) const {
        return std::equal(view().begin(), view().end(), other.view().begin(), other.view().end());
    }

  private:
    Bytes own_;
    std::optional<ByteView> lent_;
};

/// Lower-case hexadecimal.
[[nodiscard]] std::string toHex(ByteView bytes);
/// Accepts both cases; nothing for an odd length or another character.
[[nodiscard]] std::optional<Bytes> fromHex(std::string_view text);
/// RFC 4648 section 5, without padding.
[[nodiscard]] std::string toBase64Url(ByteView bytes);
/// Nothing for padding, another character, or non-zero left-over bits.
[[nodiscard]] std::optional<Bytes> fromBase64Url(std::string_view text);

/// A fixed number of bytes that mean one thing only: `Tag` keeps ids from being mixed up.
template <typename Tag, std::size_t N>
struct FixedBytes {
    static constexpr std::size_t kSize = N;
    std::array<std::uint8_t, N> bytes{};

    [[nodiscard]] static std::optional<FixedBytes> from(ByteView view) {
        if (view.size() != N) {
            return std::nullopt;
        }
        FixedBytes result;
        std::copy(view.begin(), view.end(), result.bytes.begin());
        return result;
    }
    [[nodiscard]] static std::optional<FixedBytes> fromHexText(std::string_view text) {
        const auto decoded = fromHex(text);
        return decoded ? from(*decoded) : std::nullopt;
    }
    [[nodiscard]] ByteView view() const { return bytes; }
    [[nodiscard]] std::string hex() const { return toHex(bytes); }
    auto operator<=>(const FixedBytes&) const = default;
};

}  // namespace tapport
