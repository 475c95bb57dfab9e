// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/admin/root_key.h"

#include "firmware-app/admin/new_file.h"
#include "sync/program/program.h"

#include <algorithm>

namespace tapport::admin {
namespace {

constexpr std::size_t kLargestKey = 4096;
constexpr std::size_t kLargestKeySet = 1024UL * 1024;

tl::unexpected<Error> wrong(const std::filesystem::path& file, std::string_view what) {
    return fail(Code::InvalidConfig, file.string() + ": " + std::string(what));
}

}  // namespace

std::string keyFileText(const receipt::SigningKeys& keys) {
    return toHex(keys.secretKey) + '\n';
}

Result<receipt::SigningKeys> loadRootKey(const std::filesystem::path& file,
                                         const event::Event& event) {
    const auto text = readWholeFile(file, kLargestKey);
    if (!text) {
        return fail(Code::InvalidConfig, text.error().context);
    }
    const auto seed = fromHex(std::string_view(*text).substr(0, text->find_first_of("\r\n")));
    auto keys = seed ? receipt::signingKeysFrom(*seed) : wrong(file, "no key");
    if (!keys) {
        return wrong(file, "must hold 64 hexadecimal digits");
    }
    if (keys->publicKey != event.rootKey) {
        return wrong(file, "is not the root key of this event");
    }
    return keys;
}

Result<receipt::KeySet> loadKeySet(const std::filesystem::path& file, ByteView rootKey) {
    const auto text = readWholeFile(file, kLargestKeySet);
    if (!text) {
        return fail(Code::InvalidConfig, text.error().context);
    }
    auto keys = receipt::KeySet::parse(*text, rootKey);
    return keys ? std::move(keys) : wrong(file, keys.error().context);
}

receipt::KeySet issueKeySet(const event::Event& event, std::vector<receipt::KioskKey> keys) {
    const auto isHubs = [&](const receipt::KioskKey& key) { return key.publicKey == event.hubKey; };
    if (std::none_of(keys.begin(), keys.end(), isHubs)) {
        keys.push_back({record::kHubLink, event.hubKey, {}});
    }
    return {event.id, record::isoText(program::readClocks().wall), std::move(keys)};
}

}  // namespace tapport::admin
