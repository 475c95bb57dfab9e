// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/admin/own_keys.h"

#include "firmware-app/admin/new_file.h"
#include "firmware-app/store/signing_key.h"
#include "sync/identity/authority.h"
#include "sync/program/file_descriptor.h"

#include <fcntl.h>

namespace tapport::admin {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestKey = 4096;

fs::path nextOf(const fs::path& file) {
    return file.string() + ".next";
}

fs::path signingFile(const kiosk::Settings& settings) {
    return settings.dataDir / "signing.key";
}

void makeFolders(const kiosk::Settings& settings) {
    std::error_code failed;  // said by whoever writes there
    for (const fs::path& folder : {settings.dataDir, settings.broker.tls->key.parent_path()}) {
        if (fs::create_directories(folder, failed)) {
            fs::permissions(folder, fs::perms::owner_all, failed);
        }
    }
}

Result<std::string> tlsKeyIn(const fs::path& file) {
    if (!fs::exists(file)) {
        const auto made = identity::makeKey().and_then(
            [&](const std::string& key) { return writeNewFile(file, key, Access::Owner); });
        if (!made) {
            return tl::unexpected(made.error());
        }
    }
    return readWholeFile(file, kLargestKey);
}

/// As store::signingKeysIn(), which knows the pair in use only.
Result<receipt::SigningKeys> nextSigningKeysIn(const fs::path& file) {
    if (!fs::exists(file)) {
        const std::string seed = toHex(receipt::makeSigningKeys().secretKey);
        if (const auto made = writeNewFile(file, seed + '\n', Access::Owner); !made) {
            return tl::unexpected(made.error());
        }
    }
    const auto text = readWholeFile(file, kLargestKey);
    if (!text) {
        return tl::unexpected(text.error());
    }
    const auto seed = fromHex(std::string_view(*text).substr(0, text->find('\n')));
    if (!seed || seed->size() != receipt::kKeySize) {
        // A power cut while it was written: nobody has seen it yet.
        return fail(Code::InvalidConfig, file.string() + ": is no key, remove it");
    }
    return receipt::signingKeysFrom(*seed);
}

Result<OwnKeys> keysFrom(Result<receipt::SigningKeys> signing, const fs::path& tls,
                         OwnKeys::Which which) {
    if (!signing) {
        return tl::unexpected(signing.error());
    }
    return tlsKeyIn(tls).map([&](std::string key) {
        return OwnKeys{std::move(*signing), std::move(key), which};
    });
}

Result<> adopt(const fs::path& file) {
    std::error_code failed;
    if (!fs::exists(nextOf(file), failed)) {
        return {};
    }
    fs::rename(nextOf(file), file, failed);
    const fs::path parent = file.has_parent_path() ? file.parent_path() : ".";
    const program::FileDescriptor folder(
        ::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (failed || !folder.isOpen() || ::fsync(folder.get()) != 0) {
        return fail(Code::Storage, file.string() + ": cannot be replaced");
    }
    return {};
}

}  // namespace

Result<OwnKeys> ownKeys(const kiosk::Settings& settings) {
    // Of the two the TLS key is adopted last: as long as it waits, adoption is not done.
    if (fs::exists(nextOf(settings.broker.tls->key))) {
        return fs::exists(nextOf(signingFile(settings)))
                   ? nextKeys(settings)
                   : keysFrom(store::signingKeysIn(settings.dataDir),
                              nextOf(settings.broker.tls->key), OwnKeys::Which::Next);
    }
    makeFolders(settings);
    return keysFrom(store::signingKeysIn(settings.dataDir), settings.broker.tls->key,
                    OwnKeys::Which::Present);
}

Result<OwnKeys> nextKeys(const kiosk::Settings& settings) {
    makeFolders(settings);
    return keysFrom(nextSigningKeysIn(nextOf(signingFile(settings))),
                    nextOf(settings.broker.tls->key), OwnKeys::Which::Next);
}

void dropNext(const kiosk::Settings& settings) {
    std::error_code ignored;
    fs::remove(nextOf(signingFile(settings)), ignored);
    fs::remove(nextOf(settings.broker.tls->key), ignored);
}

Result<> adoptNext(const kiosk::Settings& settings) {
    return adopt(signingFile(settings)).and_then([&] { return adopt(settings.broker.tls->key); });
}

}  // namespace tapport::admin
