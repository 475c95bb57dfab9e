// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/admin/own_keys.h"

#include "firmware-app/admin/new_file.h"
#include "firmware-app/store/signing_key.h"
#include "sync/identity/certificate.h"

#include <functional>
#include <system_error>

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

Result<bool> isThere(const fs::path& file) {
    std::error_code failed;
    const bool found = fs::exists(file, failed);
    if (failed) {
        return fail(Code::Storage, file.string() + ": " + failed.message());
    }
    return found;
}

/// What the file holds, which is made with what `make` gives when there is none.
Result<std::string> keyIn(const fs::path& file, const std::function<Result<std::string>()>& make) {
    const auto found = isThere(file);
    if (!found) {
        return tl::unexpected(found.error());
    }
    if (!*found) {
        const auto made = make().and_then(
            [&](const std::string& key) { return placeNewFile(file, key, Access::Owner); });
        // Whoever comes second takes the first one's.
        if (!made && made.error().code != Code::Conflict) {
            return tl::unexpected(made.error());
        }
    }
    return readWholeFile(file, kLargestKey);
}

/// As store::signingKeysIn(), which knows the pair in use only.
Result<receipt::SigningKeys> nextSigningKeysIn(const fs::path& file) {
    const auto text = keyIn(file, []() -> Result<std::string> {
        return toHex(receipt::makeSigningKeys().secretKey) + '\n';
    });
    if (!text) {
        return tl::unexpected(text.error());
    }
    const auto seed = fromHex(std::string_view(*text).substr(0, text->find('\n')));
    if (!seed || seed->size() != receipt::kKeySize) {
        return fail(Code::InvalidConfig, file.string() + ": is no key, remove it");
    }
    return receipt::signingKeysFrom(*seed);
}

Result<OwnKeys> keysFrom(Result<receipt::SigningKeys> signing, const fs::path& tls,
                         OwnKeys::Which which) {
    if (!signing) {
        return tl::unexpected(signing.error());
    }
    return keyIn(tls, identity::makeKey).map([&](std::string key) {
        return OwnKeys{std::move(*signing), std::move(key), which};
    });
}

Result<> adopt(const fs::path& file) {
    const auto waits = isThere(nextOf(file));
    if (!waits) {
        return tl::unexpected(waits.error());
    }
    if (!*waits) {
        return {};
    }
    std::error_code failed;
    fs::rename(nextOf(file), file, failed);
    if (failed) {
        return fail(Code::Storage, file.string() + ": cannot be replaced: " + failed.message());
    }
    return syncFolderOf(file);
}

Result<> drop(const fs::path& file) {
    std::error_code failed;
    const bool isGone = fs::remove(file, failed);
    if (failed) {
        return fail(Code::Storage, file.string() + ": cannot be removed: " + failed.message());
    }
    return isGone ? syncFolderOf(file) : Result<>{};
}

}  // namespace

Result<OwnKeys> ownKeys(const kiosk::Settings& settings) {
    // Of the two the TLS key is adopted last: as long as it waits, adoption is not done.
    const auto tlsWaits = isThere(nextOf(settings.broker.tls->key));
    const auto signingWaits = isThere(nextOf(signingFile(settings)));
    if (!tlsWaits || !signingWaits) {
        return tl::unexpected((tlsWaits ? signingWaits : tlsWaits).error());
    }
    if (*tlsWaits) {
        return *signingWaits ? nextKeys(settings)
                             : keysFrom(store::signingKeysIn(settings.dataDir),
                                        nextOf(settings.broker.tls->key), OwnKeys::Which::Next);
    }
    makeFolders(settings);
    return keysFrom(store::signingKeysIn(settings.dataDir), settings.broker.tls->key,
                    OwnKeys::Which::Present);
}

Result<OwnKeys> nextKeys(const kiosk::Settings& settings) {
    makeFolders(settings);
    const auto tlsWaits = isThere(nextOf(settings.broker.tls->key));
    // Alone it is what dropNext() left, or was never sent.
    const auto cleared = !tlsWaits   ? Result<>(tl::unexpected(tlsWaits.error()))
                         : *tlsWaits ? Result<>{}
                                     : drop(nextOf(signingFile(settings)));
    if (!cleared) {
        return tl::unexpected(cleared.error());
    }
    return keysFrom(nextSigningKeysIn(nextOf(signingFile(settings))),
                    nextOf(settings.broker.tls->key), OwnKeys::Which::Next);
}

Result<> dropNext(const kiosk::Settings& settings) {
    // The TLS key alone would look like an adoption that is half done.
    return drop(nextOf(settings.broker.tls->key)).and_then([&] {
        return drop(nextOf(signingFile(settings)));
    });
}

Result<> adoptNext(const kiosk::Settings& settings) {
    return adopt(signingFile(settings)).and_then([&] { return adopt(settings.broker.tls->key); });
}

}  // namespace tapport::admin
