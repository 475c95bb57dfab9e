// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/ingest/links.h"

#include "sync/seal/chain.h"

namespace tapport::hub {

std::vector<LinkedUnit> linkedUnits(const wire::Batch& batch) {
    std::vector<LinkedUnit> units;
    for (const wire::Run& run : batch.runs) {
        Link link{run.first, run.before, run.before};
        for (const wire::BatchUnit& unit : run.units) {
            const seal::Digest digest = seal::digestOf(unit.sealed);
            link.after = seal::chainAfter(link.before, batch.epoch, link.seq, unit.id, digest);
            units.push_back({&unit, digest, link});
            link = {link.seq + 1, link.after, link.after};
        }
    }
    return units;
}

}  // namespace tapport::hub
