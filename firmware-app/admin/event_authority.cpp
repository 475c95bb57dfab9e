// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/admin/event_authority.h"

#include "firmware-app/admin/new_file.h"

namespace tapport::admin {

Result<identity::Authority> loadAuthority(const std::filesystem::path& eventDir) {
    constexpr std::size_t kLargest = 8192;
    const std::filesystem::path keys = eventDir / "keys";
    const auto certificate = readWholeFile(keys / "ca.crt", kLargest);
    const auto key = readWholeFile(keys / "ca.key", kLargest);
    if (!certificate || !key) {
        return fail(Code::InvalidConfig,
                    certificate ? key.error().context : certificate.error().context);
    }
    auto authority = identity::Authority::load(*certificate, *key);
    if (!authority) {
        return fail(Code::InvalidConfig,
                    keys.string() + "/ca.crt, ca.key: " + authority.error().context);
    }
    return authority;
}

}  // namespace tapport::admin
