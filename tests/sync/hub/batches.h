// SPDX-License-Identifier: GPL-3.0-or-later
// Messages of one kiosk as ingest takes them, with signatures that anybody can make.
#pragma once

#include "sync/hub/ingest/ingest.h"
#include "sync/seal/chain.h"
#include "sync/wire/topics.h"
#include "tests/support/test_signatures.h"
#include "tests/sync/hub/samples.h"

namespace tapport::hub::batches {

inline constexpr const char* kKioskSign = "kiosk";
inline constexpr const char* kHubSign = "hub";

inline Signatures signatures() {
    return {support::signerFor(kHubSign),
            [](const record::KioskId&, const record::Signature& signature, ByteView covered) {
                return signature == support::signatureOf(kKioskSign, covered);
            }};
}

/// Records at these positions, with links as if every other position held such a record too.
inline wire::Batch batchOf(const std::vector<std::uint64_t>& seqs,
                           const Bytes& sealed = {1, 2, 3}) {
    wire::Batch batch;
    batch.event = samples::kScope.event;
    batch.kiosk = samples::kKiosk;
    batch.epoch = samples::epoch();
    batch.base = samples::kNow;
    record::ChainHash chain;
    std::uint64_t next = 1;
    for (const std::uint64_t seq : seqs) {
        const bool isApart = batch.runs.empty() || seq != next;
        for (; next < seq; ++next) {
            chain = seal::chainAfter(chain, samples::epoch(), next, samples::recordId(1000 * next),
                                     seal::digestOf(sealed));
        }
        if (isApart) {
            batch.runs.push_back({seq, chain, {}});
        }
        batch.runs.back().units.push_back({samples::recordId(1000 * seq), sealed});
        chain = seal::chainAfter(chain, samples::epoch(), next, samples::recordId(1000 * next),
                                 seal::digestOf(sealed));
        ++next;
    }
    return batch;
}

inline wire::Hello hello(std::uint64_t last) {
    return {samples::kScope.event,
            samples::kKiosk,
            samples::epoch(),
            last == 0 ? 0U : 1U,
            last,
            {},
            {}};
}

template <typename Content>
Message message(const Content& content, const char* signedBy = kKioskSign) {
    return {wire::upTopic(samples::kKiosk), wire::encode(content, support::signerFor(signedBy))};
}

}  // namespace tapport::hub::batches
