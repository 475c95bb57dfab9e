// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/cli/open_hub.h"

#include "sync/hub/cli/signing_key.h"
#include "sync/hub/opener/event_key.h"
#include "sync/hub/store/sqlite_store.h"

#include <fstream>
#include <iterator>

namespace tapport::hub {
namespace {

Result<event::Event> loadEvent(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    const std::string json{std::istreambuf_iterator<char>(in), {}};
    if (!in) {
        return fail(Code::InvalidConfig, "event file " + file.string() + ": cannot be read");
    }
    auto event = event::parse(json);
    if (!event) {
        return tl::unexpected(event.error().in(file.string()));
    }
    return event;
}

}  // namespace

Result<OpenHub> openHub(const HubConfig& config) {
    if (auto ready = seal::initialise(); !ready) {
        return tl::unexpected(ready.error());
    }
    auto dir = DataDir::open(config.data);
    if (!dir) {
        return tl::unexpected(dir.error());
    }
    auto lock = DataLock::take(*dir);
    if (!lock) {
        return tl::unexpected(lock.error());
    }
    auto event = loadEvent(config.event);
    if (!event) {
        return tl::unexpected(event.error());
    }
    auto keys = loadEventKey(config.eventKey, event->sealingKey);
    if (!keys) {
        return tl::unexpected(keys.error());
    }
    auto signingKeys = loadSigningKey(config.signingKey, event->hubKey);
    if (!signingKeys) {
        return tl::unexpected(signingKeys.error());
    }
    const auto suppressionKey = dir->suppressionKey();
    if (!suppressionKey) {
        return tl::unexpected(suppressionKey.error());
    }
    // One tenant until several share a hub; the column is there from the first day.
    auto store = openSqliteStore(dir->database(), {"default", event->id}, *suppressionKey);
    if (!store) {
        return tl::unexpected(store.error());
    }
    OpenHub hub{std::move(*dir),
                std::move(*lock),
                std::make_unique<event::Event>(std::move(*event)),
                std::move(*signingKeys),
                config.notices,
                std::move(*store),
                nullptr,
                nullptr,
                nullptr};
    hub.opener = std::make_unique<LocalOpener>(std::move(*keys), hub.event->id);
    hub.keys = std::make_unique<ProofKeys>(config.keys, config.identity.kiosks, *hub.event);
    if (const auto read = hub.keys->refresh(); !read) {
        return fail(Code::InvalidConfig, read.error().context);
    }
    hub.filing = std::make_unique<Filing>(*hub.store, *hub.opener, *hub.keys);
    return hub;
}

}  // namespace tapport::hub
