// SPDX-License-Identifier: GPL-3.0-or-later
// A kiosk's two key pairs, as enrolment needs them: made here, and never anywhere else. Keys that
// were revoked are replaced, but not before the hub has accepted the next ones: until then the
// kiosk goes on with those it has.
#pragma once

#include "firmware-app/kiosk/settings.h"
#include "sync/receipt/keys.h"

namespace tapport::admin {

struct OwnKeys {
    enum class Which : std::uint8_t {
        Present,
        Next,  ///< in files of their own beside the present ones, which stay in use
    };
    receipt::SigningKeys signing;
    std::string tls;  ///< PEM
    Which which = Which::Present;
};

/// Those of an attempt that was interrupted, else those in use, which are made when there are none:
/// the hub answers the same keys the same way. The settings have TLS. InvalidConfig: a file is no
/// key. Storage: cannot be read or written.
[[nodiscard]] Result<OwnKeys> ownKeys(const kiosk::Settings& settings);
/// Other ones, made when there are none from an earlier attempt.
[[nodiscard]] Result<OwnKeys> nextKeys(const kiosk::Settings& settings);
/// The next nextKeys() makes other ones. Storage: cannot be removed. Again after an interruption.
[[nodiscard]] Result<> dropNext(const kiosk::Settings& settings);
/// Puts the next keys in the place of those in use. Again after an interruption.
[[nodiscard]] Result<> adoptNext(const kiosk::Settings& settings);

}  // namespace tapport::admin
