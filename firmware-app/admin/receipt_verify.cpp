// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/admin/commands.h"
#include "firmware-app/admin/event_file.h"
#include "firmware-app/admin/root_key.h"
#include "sync/program/program.h"
#include "sync/receipt/explain.h"
#include "sync/receipt/jws.h"
#include "sync/receipt/signed_document.h"
#include "sync/seal/seal.h"

#include <algorithm>

#include <fmt/ranges.h>

namespace tapport::admin {
namespace {

namespace fs = std::filesystem;

/// Beside the receipt, a folder above it, and here: the first of `names` that is there.
fs::path findBeside(const fs::path& receipt, std::initializer_list<const char*> names) {
    std::vector<fs::path> folders;
    if (!receipt.empty()) {
        const fs::path folder = fs::absolute(receipt).parent_path();
        folders = {folder, folder.parent_path()};
    }
    folders.emplace_back(".");
    for (const fs::path& folder : folders) {
        for (const char* name : names) {
            if (fs::exists(folder / name)) {
                return folder / name;
            }
        }
    }
    return {};
}

/// An event's words, and who vouches for them.
struct Words {
    event::Event event;
    bool isSigned = false;  ///< published notices; an operator's own event file is not
};

Result<Words> loadWords(const fs::path& file) {
    const auto text = readEventFile(file);
    if (!text) {
        return tl::unexpected(text.error());
    }
    const bool isPublished = text->find("\"tapport-notices-") != std::string::npos;
    auto event = isPublished ? event::parseNotices(*text) : event::parse(*text);
    if (!event) {
        return tl::unexpected(event.error().in(file.string()));
    }
    return Words{std::move(*event), isPublished};
}

struct Trusted {
    receipt::KeySet keys;
    std::optional<event::Event> words;
    std::string pin;  ///< who vouches for the root key
};

Result<Trusted> loadTrusted(const ReceiptVerify& command, const fs::path& receipt) {
    const fs::path keyFile =
        command.keys.empty() ? findBeside(receipt, {"keys.json"}) : command.keys;
    const fs::path wordsFile =
        command.event.empty() ? findBeside(receipt, {"notices.json", "event.json"}) : command.event;
    if (keyFile.empty()) {
        return fail(Code::InvalidConfig, "no keys.json found: name it with --keys");
    }
    std::optional<Words> words;
    if (!wordsFile.empty()) {
        auto loaded = loadWords(wordsFile);
        if (!loaded) {
            return tl::unexpected(loaded.error());
        }
        words = std::move(*loaded);
    }
    if (!words && command.root.empty()) {
        return fail(Code::InvalidConfig,
                    "nothing says which root key to trust: give --root or --event");
    }
    const Bytes root =
        command.root.empty() ? words->event.rootKey : fromHex(command.root).value_or(Bytes{});
    if (words && words->isSigned) {
        const auto checked = readEventFile(wordsFile).and_then(
            [&](const std::string& text) { return receipt::checkDocument(text, root); });
        if (!checked) {
            return fail(Code::InvalidConfig, wordsFile.string() + ": " + checked.error().context);
        }
    }
    auto keys = loadKeySet(keyFile, root);
    if (!keys) {
        return tl::unexpected(keys.error());
    }
    std::string pin = command.root.empty()
                          ? fmt::format(
                                "Root key {}, as {} has it: compare it with the one that "
                                "the organiser made public, or give it with --root.",
                                toHex(root), wordsFile.string())
                          : fmt::format("Root key {}, as given.", command.root);
    Trusted trusted{std::move(*keys), std::nullopt, std::move(pin)};
    if (words) {
        trusted.words = std::move(words->event);
    }
    return trusted;
}

struct Receipt {
    fs::path file;  ///< empty: it was on the command line
    std::string text;
};

Result<Receipt> loadReceipt(const std::string& argument) {
    constexpr std::size_t kLongestName = 4096;  // of Linux; a receipt's text is no name of a file
    constexpr std::size_t kLongestShown = 80;
    std::error_code failed;
    if (argument.size() < kLongestName && fs::is_regular_file(argument, failed)) {
        auto text = readWholeFile(argument, receipt::kMostJws + 2);
        if (!text) {
            return tl::unexpected(text.error());
        }
        return Receipt{argument, std::move(*text)};
    }
    const bool isLink =
        argument.find('#') != std::string::npos || argument.rfind("https://", 0) == 0;
    if (!isLink && std::count(argument.begin(), argument.end(), '.') != 2) {
        return fail(Code::NotFound,
                    argument.substr(0, kLongestShown) +
                        ": no such file, and neither a link nor a JWS. Name a .link or .jws file, "
                        "or put the whole link (with what stands behind the #) in quotes");
    }
    return Receipt{{}, argument};
}

/// InvalidInput for a language in which nothing can be told.
Result<> checkLanguage(const std::string& language, const std::optional<event::Event>& words) {
    const std::vector<std::string> known =
        words ? words->languages : std::vector<std::string>{"de", "en"};
    if (language.empty() || std::find(known.begin(), known.end(), language) != known.end()) {
        return {};
    }
    return fail(Code::InvalidInput,
                fmt::format("--language {}: there are {}", language, fmt::join(known, ", ")));
}

/// Everything besides the verdict that somebody should know who reads it.
void printRemarks(const receipt::Finding& finding, const Trusted& trusted,
                  const std::string& language) {
    fmt::print("{}\n", trusted.pin);
    if (!trusted.words) {
        fmt::print(
            "No notices.json was found: the words that were shown, and the link's address, "
            "were not checked.\n");
    }
    if (!finding.caution.empty()) {
        fmt::print("CAUTION: {}. The signature stands all the same.\n", finding.caution);
    }
    if (!language.empty() && !finding.language.empty() && language != finding.language) {
        fmt::print("{}\n",
                   finding.kind == receipt::ReceiptKind::Full
                       ? fmt::format("A full receipt brings its own text, in {}.", finding.language)
                       : fmt::format("Told in {}; the visitor was asked in {}.", language,
                                     finding.language));
    }
}

std::string_view headingFor(receipt::Standing standing) {
    switch (standing) {
        case receipt::Standing::Valid:
            return "Valid";
        case receipt::Standing::Unconfirmed:
            return "Unconfirmed";
        case receipt::Standing::Invalid:
            return "Not valid";
    }
    return "Not valid";
}

}  // namespace

int run(const ReceiptVerify& command) {
    const auto ready = seal::initialise().and_then([&] { return loadReceipt(command.receipt); });
    if (!ready) {
        return program::reportFailure("tapport", ready.error());
    }
    const auto trusted = loadTrusted(command, ready->file);
    if (!trusted) {
        program::reportFailure("tapport", trusted.error());
        return program::kExitConfig;
    }
    if (const auto spoken = checkLanguage(command.language, trusted->words); !spoken) {
        program::reportFailure("tapport", spoken.error());
        return program::kExitUsage;
    }
    const receipt::Finding finding =
        receipt::explain(ready->text, {trusted->keys, trusted->words ? &*trusted->words : nullptr},
                         command.language);
    fmt::print("{}: {}\n", headingFor(finding.standing),
               finding.standing == receipt::Standing::Valid
                   ? fmt::format("signed by {} with the key {}, which the event's root vouches for",
                                 finding.kiosk.value, finding.keyId)
                   : finding.reason);
    printRemarks(finding, *trusted, command.language);
    if (!finding.text.empty()) {
        fmt::print("\n{}\n", finding.text);
    }
    return finding.standing == receipt::Standing::Valid ? program::kExitOk : program::kExitFailed;
}

}  // namespace tapport::admin
