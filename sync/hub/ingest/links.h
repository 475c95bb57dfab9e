// SPDX-License-Identifier: GPL-3.0-or-later
// Where each record of a batch belongs. Pure.
#pragma once

#include "sync/hub/store/held.h"
#include "sync/seal/seal.h"
#include "sync/wire/messages.h"

namespace tapport::hub {

struct LinkedUnit {
    const wire::BatchUnit* unit;
    seal::Digest digest;  ///< of its sealed bytes
    Link link;            ///< its position, and the chain before and after it
};

/// In the order of its runs; `batch` must outlive what is returned.
[[nodiscard]] std::vector<LinkedUnit> linkedUnits(const wire::Batch& batch);

}  // namespace tapport::hub
