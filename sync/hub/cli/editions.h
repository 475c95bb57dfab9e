// SPDX-License-Identifier: GPL-3.0-or-later
// The event file that counts now, and those that counted before: what kiosks signed while they
// asked with one of them can be checked with that one only.
#pragma once

#include "sync/hub/cli/hub_config.h"
#include "sync/hub/opener/proof_keys.h"
#include "sync/hub/run/data_dir.h"

namespace tapport::hub {

struct EventFile {
    event::Event event;
    seal::Digest edition;  ///< of the file
    std::string text;
};
/// InvalidConfig: it cannot be read, or is no event file.
[[nodiscard]] Result<EventFile> readEventFile(const std::filesystem::path& file);
/// The same, or the edition that the root signed for kiosks (`config.edition`), where that says
/// something else: what was published counts. One that cannot be used changes nothing.
[[nodiscard]] Result<EventFile> readPublishedEvent(const HubConfig& config);

/// Keeps the file beside those that are there already; once.
[[nodiscard]] Result<> keepEdition(const DataDir& dir, const EventFile& file);
/// All that were kept, but the present one. What cannot be read is left out.
[[nodiscard]] std::vector<ProofKeys::Edition> earlierEditions(const DataDir& dir,
                                                              const EventFile& present);

}  // namespace tapport::hub
