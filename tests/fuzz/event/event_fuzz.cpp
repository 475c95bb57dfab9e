// SPDX-License-Identifier: GPL-3.0-or-later
// An event file as an operator may have written it, as a hub sends it to a kiosk, or as anybody
// publishes it; whatever it says, and with the signature that it needs to be looked at. What parses
// must survive being made an edition, and being published.
#include "firmware-app/store/edition.h"
#include "sync/event/event.h"
#include "sync/receipt/signed_document.h"
#include "tests/fuzz/support/fuzz.h"
#include "tests/support/sample_event.h"

#include <nlohmann/json.hpp>

namespace {

using namespace tapport;
using fuzz::require;

const event::Event& current() {
    static const event::Event kCurrent = support::sampleEvent();
    return kCurrent;
}

const receipt::SigningKeys& root() {
    static const receipt::SigningKeys kRoot =
        receipt::signingKeysFrom(support::sampleRootSeed()).value();
    return kRoot;
}

void readFile(std::string_view text) {
    const auto event = event::parse(text);
    if (!event) {
        require(event.error().code == Code::InvalidConfig && !event.error().context.empty());
        return;
    }
    require(event::parseNotices(event::noticesOf(text).value()).has_value());
    for (const event::Ask& ask : event->asks) {
        for (const std::string& language : event->languages) {
            require(ask.knows(ask.noticeRef(language)) && ask.covers(ask.noticeRef(language)));
        }
    }
    const auto edition = event::editionOf(text, event->edition + 1);
    if (edition) {
        const auto later = event::parse(*edition);
        require(later && later->edition == event->edition + 1 && event::follows(*later, *event));
        require(!event::follows(*event, *later));
    }
}

void readSigned(std::string_view text) {
    if (const auto document = receipt::signDocument(text, root())) {
        const auto next = store::laterEdition(*document, current());
        require(!next || (next->edition > current().edition && next->id == current().id));
    }
}

void dropGerman(nlohmann::json& json) {
    if (json.is_object()) {
        json.erase("de");
    }
    if (json.is_structured()) {
        for (auto& inner : json) {
            dropGerman(inner);
        }
    }
}

enum Reader : std::uint8_t { File, Published, Signed };

/// With one ask in one language: many inputs a second count for more than many asks.
std::string smallFile() {
    auto file = nlohmann::json::parse(support::sampleEventJson());
    file["asks"].erase(file["asks"].begin() + 1, file["asks"].end());
    file["staff"].erase(file["staff"].begin() + 1, file["staff"].end());
    dropGerman(file);
    file["languages"] = {"en"};
    require(event::parse(file.dump()).has_value());
    return file.dump();
}

std::vector<Bytes> seeds() {
    const std::string file = smallFile();
    return {fuzz::chosen(File, file), fuzz::chosen(Published, event::noticesOf(file).value()),
            fuzz::chosen(Signed, event::editionOf(file, 3).value())};
}

}  // namespace

TAPPORT_FUZZ_SEEDS(seeds)

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return tapport::fuzz::readChosen(
        data, size, readFile, [](std::string_view text) { (void)event::parseNotices(text); },
        readSigned);
}
