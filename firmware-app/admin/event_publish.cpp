// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/admin/commands.h"
#include "firmware-app/admin/event_file.h"
#include "firmware-app/admin/root_key.h"
#include "firmware-app/admin/verifier_page.h"
#include "sync/program/program.h"
#include "sync/receipt/signed_document.h"
#include "sync/seal/seal.h"

#include <algorithm>
#include <sstream>

#include <fmt/core.h>

namespace tapport::admin {
namespace {

namespace fs = std::filesystem;
using Keys = std::vector<receipt::KioskKey>;

struct Revoke {
    record::KioskId kiosk;
    receipt::Revocation at;
};

/// "kiosk-1=<16 hex digits>:1234", with a comma before each further epoch.
Result<Revoke> parseRevoke(std::string_view text) {
    const std::size_t equals = text.find('=');
    const auto held = equals == std::string_view::npos
                          ? std::nullopt
                          : receipt::revocationFrom(text.substr(equals + 1));
    return held ? Result<Revoke>(Revoke{{std::string(text.substr(0, equals))}, *held})
                : fail(Code::InvalidInput,
                       "--revoke must be KIOSK=EPOCH:SEQ[,EPOCH:SEQ...], of each epoch the last "
                       "record that the hub held, or KIOSK=nothing");
}

/// A key that is published already learns its revocation, if the hub knows one.
void add(Keys& keys, receipt::KioskKey key) {
    const auto known = std::find_if(keys.begin(), keys.end(), [&](const receipt::KioskKey& one) {
        return one.publicKey == key.publicKey;
    });
    if (known == keys.end()) {
        keys.push_back(std::move(key));
    } else if (key.revoked) {
        known->revoked =
            known->revoked ? receipt::narrower(*known->revoked, *key.revoked) : key.revoked;
    }
}

/// One key a line, as `tapport kiosk key` and `tapport-hub kiosks --jwk` print them.
Result<> add(Keys& keys, const fs::path& file) {
    constexpr std::size_t kLargest = 1024 * 1024;
    const auto text = readWholeFile(file, kLargest);
    if (!text) {
        return tl::unexpected(text.error());
    }
    std::istringstream lines(*text);
    std::size_t number = 0;
    std::size_t read = 0;
    for (std::string line; std::getline(lines, line);) {
        ++number;
        line.resize(line.find_last_not_of(" \r\t") + 1);
        if (line.empty()) {
            continue;
        }
        auto key = receipt::parseJwk(line);
        if (!key) {
            return tl::unexpected(key.error().in(fmt::format("{}:{}", file.string(), number)));
        }
        add(keys, std::move(*key));
        ++read;
    }
    return read > 0 ? Result<>{} : fail(Code::InvalidInput, file.string() + ": no key in it");
}

/// Said a second time when the kiosk has got a new key meanwhile, which it would hit for ever.
bool isSaidAgain(const Keys& keys, const Revoke& what) {
    const auto hasKey = [&](const auto& isOne) {
        return std::any_of(keys.begin(), keys.end(), [&](const receipt::KioskKey& key) {
            return key.kiosk == what.kiosk && isOne(key);
        });
    };
    return !what.at.held.empty() &&
           hasKey([&](const receipt::KioskKey& key) { return key.revoked == what.at; }) &&
           hasKey([](const receipt::KioskKey& key) { return !key.revoked; });
}

/// An older key of a kiosk that got a new one keeps its own last record. A revocation is only ever
/// corrected so that less is vouched for.
Result<> revoke(Keys& keys, const Revoke& what) {
    if (what.kiosk == record::kHubLink) {
        return fail(Code::InvalidInput,
                    "hub-link is the hub itself: its key is replaced in the event file (hubKey)");
    }
    if (isSaidAgain(keys, what)) {
        return fail(Code::Conflict,
                    fmt::format("{0} is revoked so already, and has a newer key, which is not; to "
                                "revoke that one, too, of which the hub holds nothing: "
                                "--revoke {0}=nothing",
                                what.kiosk.value));
    }
    receipt::KioskKey* newest = nullptr;
    bool isDone = false;
    for (receipt::KioskKey& key : keys) {
        if (key.kiosk != what.kiosk) {
            continue;
        }
        newest = &key;
        isDone = isDone || !key.revoked || *key.revoked == what.at;
        key.revoked = key.revoked.value_or(what.at);
    }
    if (!isDone && newest != nullptr && what.at.isWithin(*newest->revoked)) {
        newest->revoked = what.at;
        isDone = true;
    }
    if (isDone) {
        return {};
    }
    return newest == nullptr
               ? fail(Code::InvalidInput, "no key of " + what.kiosk.value + " is published")
               : fail(Code::Conflict, what.kiosk.value +
                                          " is revoked already, and not so late: a revocation is "
                                          "only made to vouch for less");
}

/// First the revocations of kiosks that are published: not of a key that is new. Then those of
/// kiosks that are published now.
Result<> change(Keys& keys, const EventPublish& command, const std::vector<Revoke>& revocations) {
    std::vector<Revoke> ofNewOnes;
    for (const Revoke& one : revocations) {
        const bool isPublished =
            std::any_of(keys.begin(), keys.end(),
                        [&](const receipt::KioskKey& key) { return key.kiosk == one.kiosk; });
        if (!isPublished) {
            ofNewOnes.push_back(one);
        } else if (auto revoked = revoke(keys, one); !revoked) {
            return revoked;
        }
    }
    for (const fs::path& file : command.add) {
        if (auto added = add(keys, file); !added) {
            return added;
        }
    }
    for (const Revoke& one : ofNewOnes) {
        if (auto revoked = revoke(keys, one); !revoked) {
            return revoked;
        }
    }
    return {};
}

struct Published {
    std::string keySet;
    std::string notices;
    std::string edition;
    std::string page;
    std::size_t kiosksKeys = 0;
};

/// The event file as signed for kiosks: the edition that is there, or the next one if anything in
/// it was changed since.
Result<std::string> issueEdition(const fs::path& file, const std::string& eventText,
                                 const event::Event& event, const receipt::SigningKeys& root) {
    const auto issue = [&](std::uint64_t number) {
        return event::editionOf(eventText, number).and_then([&](const std::string& unsignedFile) {
            return receipt::signDocument(unsignedFile, root);
        });
    };
    if (!fs::exists(file)) {
        return issue(1);
    }
    constexpr std::size_t kLargest = 1024 * 1024;
    auto before = readWholeFile(file, kLargest);
    if (!before) {
        return before;
    }
    before->resize(before->find_last_not_of('\n') + 1);
    const auto last = receipt::checkDocument(*before, event.rootKey).and_then([&] {
        return event::parse(*before);
    });
    if (!last) {
        return tl::unexpected(last.error().in(file.string()));
    }
    const auto same = issue(last->edition);
    return same && *same != *before ? issue(last->edition + 1) : same;
}

Result<Published> prepare(const EventPublish& command, const std::vector<Revoke>& revocations) {
    const auto eventText = readEventFile(command.dir / "event.json");
    if (!eventText) {
        return tl::unexpected(eventText.error());
    }
    const auto event = event::parse(*eventText);
    if (!event) {
        return tl::unexpected(event.error().in((command.dir / "event.json").string()));
    }
    const auto root = loadRootKey(command.dir / "keys" / "root.key", *event);
    if (!root) {
        return tl::unexpected(root.error());
    }
    const auto before = loadKeySet(command.dir / "keys.json", event->rootKey);
    if (!before) {
        return tl::unexpected(before.error());
    }
    Keys keys = before->keys();
    if (const auto changed = change(keys, command, revocations); !changed) {
        return tl::unexpected(changed.error());
    }
    auto keySet = issueKeySet(*event, keys).publish(*root);
    if (!keySet) {
        return tl::unexpected(keySet.error());
    }
    auto notices = event::noticesOf(*eventText).and_then([&](const std::string& unsignedNotices) {
        return receipt::signDocument(unsignedNotices, *root);
    });
    if (!notices) {
        return tl::unexpected(notices.error());
    }
    auto edition = issueEdition(command.dir / "edition.json", *eventText, *event, *root);
    if (!edition) {
        return tl::unexpected(edition.error());
    }
    std::string page = verifierPage({*keySet, *notices, toHex(event->rootKey)});
    const auto kiosksKeys =
        std::count_if(keys.begin(), keys.end(),
                      [](const receipt::KioskKey& key) { return key.kiosk != record::kHubLink; });
    return Published{std::move(*keySet), std::move(*notices), std::move(*edition), std::move(page),
                     static_cast<std::size_t>(kiosksKeys)};
}

Result<> writeTo(const fs::path& dir, const Published& published) {
    std::error_code failed;
    fs::create_directories(dir, failed);
    if (failed) {
        return fail(Code::Storage, dir.string() + ": " + failed.message());
    }
    return replaceFile(dir / "keys.json", published.keySet + '\n')
        .and_then([&] { return replaceFile(dir / "notices.json", published.notices + '\n'); })
        .and_then([&] { return replaceFile(dir / "verify.html", published.page); });
}

}  // namespace

int run(const EventPublish& command) {
    std::vector<Revoke> revocations;
    for (const std::string& text : command.revoke) {
        const auto parsed = parseRevoke(text);
        if (!parsed) {
            program::reportFailure("tapport", parsed.error());
            return program::kExitUsage;
        }
        revocations.push_back(*parsed);
    }
    const auto published =
        seal::initialise().and_then([&] { return prepare(command, revocations); });
    if (!published) {
        return program::reportFailure("tapport", published.error());
    }
    std::vector<fs::path> dirs{command.dir};
    if (!command.out.empty()) {
        dirs.push_back(command.out);
    }
    // It names the staff: for kiosks and the hub, not for the public.
    if (const auto written = replaceFile(command.dir / "edition.json", published->edition + '\n');
        !written) {
        return program::reportFailure("tapport", written.error());
    }
    for (const fs::path& dir : dirs) {
        if (const auto written = writeTo(dir, *published); !written) {
            return program::reportFailure("tapport", written.error());
        }
    }
    fmt::print(
        "{0}/keys.json     {1} kiosk keys, signed by the event's root\n"
        "{0}/notices.json  what was asked in which words, signed as well\n"
        "{0}/verify.html   checks a receipt in a browser, offline\n"
        "{2}/edition.json  the event file for kiosks, signed: the hub tells them\n",
        dirs.back().string(), published->kiosksKeys, command.dir.string());
    return program::kExitOk;
}

}  // namespace tapport::admin
