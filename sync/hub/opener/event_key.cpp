// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/opener/event_key.h"

#include <fstream>

namespace tapport::hub {

Result<seal::SealingKeys> loadEventKey(const std::filesystem::path& file, ByteView publicKey) {
    std::ifstream in(file);
    std::string text;
    if (!std::getline(in, text)) {
        return fail(Code::InvalidConfig, "event key " + file.string() + ": cannot be read");
    }
    const auto secret = fromHex(text);
    auto keys = secret ? seal::sealingKeysFrom(*secret)
                       : fail(Code::InvalidConfig, "not 64 hexadecimal digits");
    if (!keys) {
        return fail(Code::InvalidConfig,
                    "event key " + file.string() + ": " + keys.error().context);
    }
    if (!std::equal(publicKey.begin(), publicKey.end(), keys->publicKey.begin(),
                    keys->publicKey.end())) {
        return fail(Code::InvalidConfig,
                    "event key " + file.string() + ": not the key of this event");
    }
    return keys;
}

}  // namespace tapport::hub
