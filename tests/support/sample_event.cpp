// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sample_event.h"

#include "sync/event/example.h"

namespace tapport::support {

seal::SealingKeys sampleSealingKeys() {
    return seal::sealingKeysFrom(Bytes(32, 0x42)).value();
}

std::string sampleEventJson() {
    event::ExampleSecrets secrets;
    secrets.badgeSalt = Bytes(32, 0x17);
    secrets.sealingKey = sampleSealingKeys().publicKey;
    // Argon2id of "1234" and "5678" with the least memory and time: a check takes no time.
    secrets.pinHashes[{"kim"}] =
        "$argon2id$v=19$m=8,t=1,p=1$/A9QTUxFZr4i4k0T1rnjRA$"
        "/wz7aiyr3wENCuCZc1EXbeAt0q3s0nZ2ZCBH4dpj7ek";
    secrets.pinHashes[{"alex"}] =
        "$argon2id$v=19$m=8,t=1,p=1$hxdrDEpPYoEClGehBf7//w$"
        "rHojf5W6MAUPiGuNK+i8mrmE9DYz8P6x/rsLma8WK68";
    return event::exampleEventFile(secrets);
}

event::Event sampleEvent() {
    return event::parse(sampleEventJson()).value();
}

}  // namespace tapport::support
