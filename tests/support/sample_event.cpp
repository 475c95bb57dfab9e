// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sample_event.h"

#include "sync/event/example.h"

#include <sodium/crypto_sign.h>

namespace tapport::support {
namespace {

Bytes publicHalf(const Bytes& seed) {
    Bytes secret(crypto_sign_SECRETKEYBYTES);
    Bytes key(crypto_sign_PUBLICKEYBYTES);
    crypto_sign_seed_keypair(key.data(), secret.data(), seed.data());
    return key;
}

}  // namespace

seal::SealingKeys sampleSealingKeys() {
    return seal::sealingKeysFrom(Bytes(32, 0x42)).value();
}

Bytes sampleRootSeed() {
    return Bytes(crypto_sign_SEEDBYTES, 0x52);
}

Bytes sampleHubSeed() {
    return Bytes(crypto_sign_SEEDBYTES, 0x48);
}

std::string sampleEventJson() {
    event::ExampleSecrets secrets;
    secrets.badgeSalt = Bytes(32, 0x17);
    secrets.sealingKey = sampleSealingKeys().publicKey;
    secrets.rootKey = publicHalf(sampleRootSeed());
    secrets.hubKey = publicHalf(sampleHubSeed());
    secrets.authority = Bytes(32, 0xCA);
    secrets.firstDay = std::chrono::year(2026) / 11 / 24;
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
