// SPDX-License-Identifier: GPL-3.0-or-later
// Compiled by a test that wants it to fail: an exporter that tries to make a lead of its own.
#include "sync/ledger/releasable_lead.h"

namespace tapport::ledger {

#ifdef TAPPORT_CONTROL
const ReleasableLead& forge(const ReleasableLead& lead) {
    return lead;
}
#else
ReleasableLead forge(const Recorded& proof, const Person& person) {
    return ReleasableLead(proof, {}, person, {}, {event::PersonalData::Email});
}
#endif

}  // namespace tapport::ledger
