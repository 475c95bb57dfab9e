// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/store/memory.h"

#include "sync/program/log.h"
#include "sync/vault/merge.h"

namespace tapport::store {

Result<Memory> recall(KioskStore& own, DownstreamStore& others, const record::VaultAccess& access) {
    auto recorded = own.lookUp(access);
    if (!recorded) {
        return tl::unexpected(recorded.error());
    }
    auto told = others.find(access);
    if (!told) {
        program::logWarning("what the hub told is left out: {}", told.error().context);
        return Memory{std::move(*recorded), {}, {}, 0};
    }
    Memory memory{std::move(*recorded), {}, std::move(told->contact), told->version};
    auto& withdrawn = told->withdrawn;
    if (!told->entry && !memory.entry) {
        memory.beside = std::move(withdrawn);  // nobody's decisions are shown, and these are named
    } else if (told->entry || !withdrawn.empty()) {
        const vault::Entry nothing{
            told->entry ? told->entry->subject : memory.entry->subject, {}, {}, {}};
        vault::Entry others = told->entry.value_or(nothing);
        std::move(withdrawn.begin(), withdrawn.end(), std::back_inserter(others.decisions));
        auto [entry, beside] = vault::merge(memory.entry.value_or(nothing), others);
        memory.entry = std::move(entry);
        memory.beside = std::move(beside);
    }
    return memory;
}

}  // namespace tapport::store
