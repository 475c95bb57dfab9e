// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/admin/commands.h"
#include "firmware-app/admin/event_file.h"
#include "firmware-app/admin/root_key.h"
#include "firmware-app/admin/verifier_page.h"
#include "sync/program/program.h"
#include "sync/receipt/signed_document.h"
#include "sync/seal/seal.h"

#include <algorithm>
#include <charconv>

#include <fmt/core.h>

namespace tapport::admin {
namespace {

namespace fs = std::filesystem;
using Keys = std::vector<receipt::KioskKey>;

struct Revoke {
    record::KioskId kiosk;
    receipt::Revocation at;
};

/// "kiosk-1=<16 hex digits>:1234"
Result<Revoke> parseRevoke(std::string_view text) {
    const std::size_t equals = text.find('=');
    const std::size_t colon = text.find(':', equals == std::string_view::npos ? 0 : equals);
    if (equals != std::string_view::npos && colon != std::string_view::npos) {
        const auto epoch = record::Epoch::fromHexText(text.substr(equals + 1, colon - equals - 1));
        const std::string_view digits = text.substr(colon + 1);
        Revoke revoke{{std::string(text.substr(0, equals))}, {}};
        const auto read =
            std::from_chars(digits.data(), digits.data() + digits.size(), revoke.at.seq);
        if (epoch && read.ec == std::errc{} && read.ptr == digits.data() + digits.size()) {
            revoke.at.epoch = *epoch;
            return revoke;
        }
    }
    return fail(Code::InvalidInput,
                "--revoke must be KIOSK=EPOCH:SEQ: the last record that the hub holds of it");
}

Result<> add(Keys& keys, const fs::path& file) {
    constexpr std::size_t kLargest = 4096;
    const auto text = readWholeFile(file, kLargest);
    if (!text) {
        return tl::unexpected(text.error());
    }
    const std::string_view line = std::string_view(*text).substr(0, text->find_first_of("\r\n"));
    auto key = receipt::parseJwk(line);
    if (!key) {
        return tl::unexpected(key.error().in(file.string()));
    }
    const bool isKnown = std::any_of(keys.begin(), keys.end(), [&](const receipt::KioskKey& one) {
        return one.publicKey == key->publicKey;
    });
    if (!isKnown) {
        keys.push_back(std::move(*key));
    }
    return {};
}

Result<> revoke(Keys& keys, const Revoke& what) {
    bool isKnown = false;
    bool isDone = false;
    for (receipt::KioskKey& key : keys) {
        if (key.kiosk != what.kiosk) {
            continue;
        }
        isKnown = true;
        // An older key of a kiosk that got a new one keeps its own last record.
        isDone = isDone || !key.revoked || *key.revoked == what.at;
        key.revoked = key.revoked.value_or(what.at);
    }
    if (!isKnown) {
        return fail(Code::InvalidInput, "no key of " + what.kiosk.value + " is published");
    }
    return isDone ? Result<>{}
                  : fail(Code::Conflict, what.kiosk.value + " is revoked already, elsewhere");
}

struct Published {
    std::string keySet;
    std::string notices;
    std::string edition;
    std::string page;
    std::size_t keys = 0;
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
    // First the revocations: they are of keys that are published, not of one that is new.
    for (const Revoke& one : revocations) {
        if (const auto revoked = revoke(keys, one); !revoked) {
            return tl::unexpected(revoked.error());
        }
    }
    for (const fs::path& file : command.add) {
        if (const auto added = add(keys, file); !added) {
            return tl::unexpected(added.error());
        }
    }
    auto keySet = issueKeySet(event->id, keys).publish(*root);
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
    return Published{std::move(*keySet), std::move(*notices), std::move(*edition), std::move(page),
                     keys.size()};
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
        dirs.back().string(), published->keys, command.dir.string());
    return program::kExitOk;
}

}  // namespace tapport::admin
