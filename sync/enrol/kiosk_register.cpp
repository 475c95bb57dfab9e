// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/enrol/kiosk_register.h"

#include <algorithm>
#include <charconv>

#include <fmt/core.h>

namespace tapport::enrol {
namespace {

constexpr std::string_view kUnknown = "unknown";

/// The blank-separated words of a line, each read as what it must be. The first that is not
/// latches.
class Words {
  public:
    explicit Words(std::string_view line) : rest_(line) {}

    std::string_view next() {
        const std::size_t end = std::min(rest_.size(), rest_.find(' '));
        const std::string_view word = rest_.substr(0, end);
        rest_.remove_prefix(std::min(rest_.size(), end + 1));
        isGood_ = isGood_ && !word.empty();
        return word;
    }
    std::string_view rest() { return std::exchange(rest_, {}); }
    record::WallTime time() { return record::WallTime(record::Millis(number())); }
    record::KioskId kiosk() {
        record::KioskId id{std::string(next())};
        isGood_ = isGood_ && record::isName(id.value);
        return id;
    }
    Bytes bytes() { return checked(fromHex(next())); }
    template <typename Id>
    Id id() {
        return checked(Id::fromHexText(next()));
    }
    std::uint64_t number() {
        const std::string_view word = next();
        std::uint64_t value = 0;
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
        isGood_ = isGood_ && error == std::errc() && end == word.data() + word.size();
        return value;
    }
    identity::Certificate certificate() {
        const Bytes der = checked(fromBase64Url(next()));
        const auto certificate = identity::parseCertificate(der);
        isGood_ = isGood_ && certificate.has_value();
        return certificate.value_or(identity::Certificate{});
    }
    std::optional<receipt::Revocation> held() {
        const std::string_view word = next();
        if (word == kUnknown) {
            return std::nullopt;
        }
        if (const auto epoch = record::Epoch::fromHexText(word)) {
            // As written before a kiosk's every epoch was named; 0: nothing was held.
            const std::uint64_t seq = number();
            return seq > 0 ? receipt::Revocation{{{*epoch, seq}}} : receipt::Revocation{};
        }
        return checked(receipt::revocationFrom(word));
    }
    [[nodiscard]] bool isGood() const { return isGood_ && rest_.empty(); }

  private:
    template <typename T>
    T checked(std::optional<T> value) {
        isGood_ = isGood_ && value.has_value();
        return std::move(value).value_or(T{});
    }
    std::string_view rest_;
    bool isGood_ = true;
};

std::string wordsOf(const Invited& entry) {
    return fmt::format("invited {} {} {} {} {}", entry.kiosk.value, entry.code.id.hex(),
                       toHex(entry.code.publicKey), entry.code.replyKey.hex(),
                       entry.until.time_since_epoch().count());
}
std::string wordsOf(const WrongTry& entry) {
    return "wrong-try " + entry.code.hex();
}
std::string wordsOf(const Enrolled& entry) {
    return fmt::format("enrolled {} {} {} {}", entry.kiosk.value, entry.code.hex(),
                       toHex(entry.signingKey), toBase64Url(entry.certificate.der));
}
std::string wordsOf(const Revoked& entry) {
    std::string why = entry.why;
    std::replace_if(
        why.begin(), why.end(), [](char c) { return c >= 0 && c < ' '; }, ' ');
    return fmt::format("revoked {} {} {}", entry.kiosk.value,
                       entry.held ? receipt::textOf(*entry.held) : std::string(kUnknown), why);
}
std::string wordsOf(const Voided& entry) {
    return fmt::format("void {} {}", entry.kiosk.value, entry.serial.hex());
}

std::optional<Entry> entryOf(Words& words) {
    const std::string_view kind = words.next();
    if (kind == "invited") {
        Invited entry{words.kiosk(), {}, {}};
        entry.code.id = words.id<CodeId>();
        entry.code.publicKey = words.bytes();
        entry.code.replyKey = words.id<ReplyKey>();
        entry.until = words.time();
        return entry;
    }
    if (kind == "wrong-try") {
        return WrongTry{words.id<CodeId>()};
    }
    if (kind == "enrolled") {
        Enrolled entry;
        entry.kiosk = words.kiosk();
        entry.code = words.id<CodeId>();
        entry.signingKey = words.bytes();
        entry.certificate = words.certificate();
        return entry;
    }
    if (kind == "revoked") {
        Revoked entry{words.kiosk(), {}, {}};
        entry.held = words.held();
        entry.why = words.rest();
        return entry;
    }
    if (kind == "void") {
        Voided entry{words.kiosk(), {}};
        entry.serial = words.id<identity::Serial>();
        return entry;
    }
    return std::nullopt;
}

}  // namespace

std::string lineOf(const Entry& entry, record::WallTime at) {
    return fmt::format("{} {}", at.time_since_epoch().count(),
                       std::visit([](const auto& one) { return wordsOf(one); }, entry));
}

Result<> KioskRegister::add(std::string_view line) {
    Words words(line);
    const record::WallTime at = words.time();
    auto entry = entryOf(words);
    if (!entry || !words.isGood()) {
        return fail(Code::InvalidInput, "not a line of a register of kiosks");
    }
    add(std::move(*entry), at);
    return {};
}

void KioskRegister::add(Entry entry, record::WallTime at) {
    latest_ = std::max(latest_, at);
    std::visit([&](auto& one) { apply(std::move(one), at); }, entry);
}

void KioskRegister::apply(Invited entry, record::WallTime) {
    invitations_[entry.kiosk] = {entry.kiosk, std::move(entry.code), entry.until};
}

void KioskRegister::apply(const WrongTry& entry, record::WallTime) {
    for (auto& [kiosk, invitation] : invitations_) {
        invitation.wrongTries += invitation.code.id == entry.code ? 1 : 0;
    }
}

void KioskRegister::apply(Enrolled entry, record::WallTime at) {
    for (Device& device : devices_) {
        device.isReplaced = device.isReplaced || device.enrolled.kiosk == entry.kiosk;
    }
    devices_.push_back({std::move(entry), at});
}

void KioskRegister::apply(const Revoked& entry, record::WallTime at) {
    for (Device& device : devices_) {
        if (device.enrolled.kiosk != entry.kiosk) {
            continue;
        }
        if (!device.revoked) {
            device.revoked = entry;
            device.revokedAt = at;
        } else if (!device.revoked->held) {
            device.revoked->held = entry.held;
        }
    }
    // Nobody enrols again with a code from before.
    invitations_.erase(entry.kiosk);
}

void KioskRegister::apply(const Voided& entry, record::WallTime) {
    voided_.push_back(entry.serial);
}

const KioskRegister::Invitation* KioskRegister::findInvitation(const CodeId& code) const {
    const auto found = std::find_if(invitations_.begin(), invitations_.end(),
                                    [&](const auto& one) { return one.second.code.id == code; });
    return found == invitations_.end() ? nullptr : &found->second;
}

const KioskRegister::Device* KioskRegister::findDevice(const CodeId& code) const {
    const auto found = std::find_if(devices_.begin(), devices_.end(),
                                    [&](const Device& one) { return one.enrolled.code == code; });
    return found == devices_.end() ? nullptr : &*found;
}

const KioskRegister::Device* KioskRegister::findDevice(const record::KioskId& kiosk) const {
    const auto found = std::find_if(devices_.rbegin(), devices_.rend(),
                                    [&](const Device& one) { return one.enrolled.kiosk == kiosk; });
    return found == devices_.rend() ? nullptr : &*found;
}

std::vector<identity::Serial> KioskRegister::voidSerials() const {
    std::vector<identity::Serial> serials = voided_;
    for (const Device& device : devices_) {
        if (device.isReplaced || device.revoked) {
            serials.push_back(device.enrolled.certificate.serial);
        }
    }
    return serials;
}

bool KioskRegister::isRevoked(ByteView signingKey) const {
    return std::any_of(devices_.begin(), devices_.end(), [&](const Device& one) {
        return one.revoked && std::ranges::equal(one.enrolled.signingKey, signingKey);
    });
}

std::vector<receipt::KioskKey> KioskRegister::signingKeys() const {
    std::vector<receipt::KioskKey> keys;
    for (const Device& device : devices_) {
        receipt::KioskKey key{device.enrolled.kiosk, device.enrolled.signingKey};
        if (device.revoked) {
            key.revoked = device.revoked->held.value_or(receipt::Revocation{});
        }
        keys.push_back(std::move(key));
    }
    return keys;
}

}  // namespace tapport::enrol
