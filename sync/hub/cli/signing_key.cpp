// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/cli/signing_key.h"

#include <fstream>

namespace tapport::hub {

Result<receipt::SigningKeys> loadSigningKey(const std::filesystem::path& file, ByteView publicKey) {
    const auto wrong = [&](std::string_view what) {
        return fail(Code::InvalidConfig, "signing key " + file.string() + ": " + std::string(what));
    };
    std::ifstream in(file);
    std::string text;
    if (!std::getline(in, text)) {
        return wrong("cannot be read");
    }
    const auto seed = fromHex(text);
    if (!seed || seed->size() != receipt::kKeySize) {
        return wrong("not 64 hexadecimal digits");
    }
    auto keys = receipt::signingKeysFrom(*seed);
    if (keys && keys->publicKey != toBytes(publicKey)) {
        return wrong("not the hubKey of this event");
    }
    return keys;
}

}  // namespace tapport::hub
