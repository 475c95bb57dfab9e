// SPDX-License-Identifier: GPL-3.0-or-later
// Everything a hub works on, opened: the data folder (locked), event file, store. But for the
// event's key: only the opener process reads that.
#pragma once

#include "sync/event/event.h"
#include "sync/hub/cli/editions.h"
#include "sync/hub/downstream/teller.h"
#include "sync/hub/opener/filing.h"
#include "sync/hub/opener/opener_process.h"
#include "sync/hub/run/custody.h"
#include "sync/hub/run/data_dir.h"
#include "sync/hub/run/hub_desk.h"
#include "sync/hub/run/tell_desk.h"
#include "sync/hub/store/leases.h"

#include <memory>

namespace tapport::hub {

/// One tenant until several share a hub; the column is there from the first day.
[[nodiscard]] Scope scopeOf(const event::Event& event);

/// InvalidConfig: it holds another event's records and nothing of this one.
[[nodiscard]] Result<> refuseOtherEvent(Store& store, const event::Event& event);

struct OpenHub {
    DataDir dir;
    DataLock lock;
    std::unique_ptr<event::Event> event;
    seal::Digest eventDigest;  ///< EventFile::edition
    std::filesystem::path noticesFile;
    std::unique_ptr<Store> store;
    std::unique_ptr<Leases> leases;           ///< none: this process serves every kiosk
    std::unique_ptr<OpenerProcess> opener{};  ///< started when it is first needed
    std::unique_ptr<ProofKeys> keys{};
    std::unique_ptr<Filing> filing{};
    std::unique_ptr<Retention> retention{};
    std::unique_ptr<Ingest> ingest{};
    std::unique_ptr<Teller> teller{};
    std::unique_ptr<PresenceBoard> presence{};  ///< none: not of a running hub
    std::unique_ptr<PhoneLink> link{};          ///< likewise
    /// None: the store copies itself.
    std::function<Result<>(const std::filesystem::path&)> dump{};
    std::filesystem::path kiosksFile{};  ///< the authority's register; need not be there

    [[nodiscard]] HubDesk::Parts deskParts() const {
        return {*store,      ingest->sorting(), *filing,    *keys,           *retention,    *event,
                noticesFile, presence.get(),    link.get(), &ingest->room(), dir.database()};
    }
    [[nodiscard]] Custody::Parts custodyParts() const {
        return {*store, *filing, *ingest, dir.suppressionKeyFile(), dump, kiosksFile};
    }
    [[nodiscard]] TellDesk::Parts tellParts() const {
        return {*store, *event, *teller, presence.get()};
    }
};

/// Who opens a hub: a command reads and files, a worker takes records for its share of the kiosks.
enum class Opening : std::uint8_t { Command, Worker };

/// A file of kiosks' keys that is there must be one of this event: later, a bad one only leaves the
/// former keys in use. InvalidConfig too: the database is another event's. Busy: a hub is running
/// on this data folder.
[[nodiscard]] Result<OpenHub> openHub(const HubConfig& config, Opening opening);

}  // namespace tapport::hub
