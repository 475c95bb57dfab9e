// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/enrol/one_time_code.h"

#include "sync/seal/seal.h"

#include <fmt/core.h>

namespace tapport::enrol {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kGroups = 5;
constexpr std::size_t kInGroup = 4;  // and the check character
constexpr std::uint8_t kSymbolMask = 31;

std::uint8_t timesAlpha(std::uint8_t value) {
    constexpr std::uint8_t kOverflow = 32;
    constexpr std::uint8_t kPolynomial = 0x25;  // x^5 + x^2 + 1 is primitive
    value = static_cast<std::uint8_t>(value << 1U);
    return (value & kOverflow) != 0 ? value ^ kPolynomial : value;
}

/// Over GF(32), each place with a weight of its own: any one wrong character, and any two
/// neighbours exchanged, give another one; so do whole groups exchanged.
std::uint8_t checkOf(std::span<const std::uint8_t> group, std::size_t number) {
    std::uint8_t sum = 0;
    for (const std::uint8_t symbol : group) {
        sum = timesAlpha(sum ^ symbol);
    }
    return sum ^ static_cast<std::uint8_t>(number);
}

constexpr std::size_t kNone = std::string_view::npos;

std::size_t symbolOf(char typed) {
    constexpr char kToUpper = 'a' - 'A';
    const char upper = typed >= 'a' && typed <= 'z' ? static_cast<char>(typed - kToUpper) : typed;
    switch (upper) {
        case 'O':
            return 0;
        case 'I':
        case 'L':
            return 1;
        default:
            return kAlphabet.find(upper);
    }
}

seal::Digest derive(std::string_view purpose, std::string_view code) {
    return seal::digestOf(viewOf(fmt::format("tapport enrolment {} 1: {}", purpose, code)));
}

}  // namespace

OneTimeCode OneTimeCode::make(std::span<const std::uint8_t, kRandomBytes> random) {
    OneTimeCode code;
    std::transform(random.begin(), random.end(), code.symbols_.begin(),
                   [](std::uint8_t byte) { return byte & kSymbolMask; });
    return code;
}

Result<OneTimeCode> OneTimeCode::parse(std::string_view typed) {
    std::vector<std::uint8_t> symbols;
    for (const char character : typed) {
        if (character == ' ' || character == '-') {
            continue;
        }
        const std::size_t symbol = symbolOf(character);
        if (symbol == kNone) {
            return fail(Code::InvalidInput,
                        fmt::format("group {} of the code has a character that no code has",
                                    symbols.size() / (kInGroup + 1) + 1));
        }
        symbols.push_back(static_cast<std::uint8_t>(symbol));
    }
    constexpr std::size_t kCharacters = kGroups * (kInGroup + 1);
    if (symbols.size() != kCharacters) {
        return fail(Code::InvalidInput,
                    fmt::format("a code has {} characters, not {}", kCharacters, symbols.size()));
    }
    OneTimeCode code;
    for (std::size_t group = 0; group < kGroups; ++group) {
        const auto all = std::span(symbols).subspan(group * (kInGroup + 1), kInGroup + 1);
        if (checkOf(all.first(kInGroup), group + 1) != all.back()) {
            return fail(Code::InvalidInput,
                        fmt::format("group {} of the code is mistyped", group + 1));
        }
        std::copy_n(all.begin(), kInGroup, code.symbols_.begin() + group * kInGroup);
    }
    return code;
}

std::string OneTimeCode::text() const {
    std::string out;
    for (std::size_t group = 0; group < kGroups; ++group) {
        out += group == 0 ? "" : "-";
        const auto data = std::span(symbols_).subspan(group * kInGroup, kInGroup);
        for (const std::uint8_t symbol : data) {
            out += kAlphabet[symbol];
        }
        out += kAlphabet[checkOf(data, group + 1)];
    }
    return out;
}

CodeCheck OneTimeCode::check() const {
    CodeCheck check;
    check.publicKey = keys().publicKey;
    check.replyKey.bytes = derive("reply", text()).bytes;
    check.id = *CodeId::from(seal::digestOf(check.publicKey).view().first(CodeId::kSize));
    return check;
}

receipt::SigningKeys OneTimeCode::keys() const {
    return receipt::signingKeysFrom(derive("request", text()).view()).value();
}

}  // namespace tapport::enrol
