// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/cli/open_hub.h"

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
    // One tenant until several share a hub; the column is there from the first day.
    auto store = openSqliteStore(dir->database(), {"default", event->id});
    if (!store) {
        return tl::unexpected(store.error());
    }
    auto opener = std::make_unique<LocalOpener>(std::move(*keys), event->id);
    return OpenHub{std::move(*dir), std::move(*lock), std::move(*event), std::move(*store),
                   std::move(opener)};
}

}  // namespace tapport::hub
