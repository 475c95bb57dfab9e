// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/cli/editions.h"

#include "sync/event/same_file.h"
#include "sync/hub/export/atomic_file.h"
#include "sync/receipt/signed_document.h"

#include <fstream>
#include <iterator>

namespace tapport::hub {
namespace {

namespace fs = std::filesystem;

std::optional<std::string> contentOf(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::string content{std::istreambuf_iterator<char>(in), {}};
    return in ? std::optional(std::move(content)) : std::nullopt;
}

}  // namespace

Result<EventFile> readEventFile(const fs::path& file) {
    auto json = contentOf(file);
    if (!json) {
        return fail(Code::InvalidConfig, "event file " + file.string() + ": cannot be read");
    }
    auto event = event::parse(*json);
    if (!event) {
        return tl::unexpected(event.error().in(file.string()));
    }
    return EventFile{std::move(*event), seal::digestOf(viewOf(*json)), std::move(*json)};
}

Result<EventFile> readPublishedEvent(const HubConfig& config) {
    auto own = readEventFile(config.event);
    std::string edition = contentOf(config.edition).value_or("");
    edition.resize(edition.find_last_not_of('\n') + 1);
    if (!own || !receipt::checkDocument(edition, own->event.rootKey)) {
        return own;
    }
    auto published = event::parse(edition);
    if (!published || !event::follows(*published, own->event)) {
        return own;
    }
    if (event::saySame(own->text, edition)) {
        own->event.edition = published->edition;
        return own;
    }
    const seal::Digest digest = seal::digestOf(viewOf(edition));
    return EventFile{std::move(*published), digest, std::move(edition)};
}

Result<> keepEdition(const DataDir& dir, const EventFile& file) {
    const fs::path kept = dir.editions() / (file.edition.hex() + ".json");
    std::error_code failed;
    if (fs::exists(kept, failed)) {
        return {};
    }
    fs::create_directories(dir.editions(), failed);
    return writeAtomically(kept, file.text);
}

std::vector<ProofKeys::Edition> earlierEditions(const DataDir& dir, const EventFile& present) {
    std::vector<ProofKeys::Edition> editions;
    std::error_code none;
    for (const fs::directory_entry& entry : fs::directory_iterator(dir.editions(), none)) {
        auto file = readEventFile(entry.path());
        if (file && file->event.id == present.event.id && file->edition != present.edition) {
            editions.push_back({std::move(file->event), file->edition});
        }
    }
    // In one order, whatever the file system says: their digests are part of what was checked.
    std::sort(editions.begin(), editions.end(),
              [](const auto& a, const auto& b) { return a.digest < b.digest; });
    return editions;
}

}  // namespace tapport::hub
