// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/ingest/unpacked.h"

#include "sync/seal/chain.h"

namespace tapport::hub {
namespace {

std::vector<Unpacked::Unit> linked(const wire::Batch& batch) {
    std::vector<Unpacked::Unit> units;
    for (const wire::Run& run : batch.runs) {
        Link link{run.first, run.before, run.before};
        for (const wire::BatchUnit& unit : run.units) {
            const seal::Digest digest = seal::digestOf(unit.sealed);
            link.after = seal::chainAfter(link.before, batch.epoch, link.seq, unit.id, digest);
            units.push_back({digest, link});
            link = {link.seq + 1, link.after, link.after};
        }
    }
    return units;
}

}  // namespace

Unpacked unpack(Message message) {
    auto decoded = wire::decodeUp(message.payload);
    Unpacked unpacked{std::move(message), std::move(decoded), {}};
    if (unpacked.decoded) {
        if (const auto* batch = std::get_if<wire::Batch>(&unpacked.decoded->message)) {
            unpacked.units = linked(*batch);
        }
    }
    return unpacked;
}

std::vector<Unpacked> unpack(std::vector<Message> messages) {
    std::vector<Unpacked> unpacked;
    unpacked.reserve(messages.size());
    for (Message& message : messages) {
        unpacked.push_back(unpack(std::move(message)));
    }
    return unpacked;
}

}  // namespace tapport::hub
