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
    if (told->entry) {
        const vault::Entry nothing{told->entry->subject, {}, {}, {}};
        auto [entry, beside] = vault::merge(memory.entry.value_or(nothing), *told->entry);
        memory.entry = std::move(entry);
        memory.beside = std::move(beside);
    }
    return memory;
}

}  // namespace tapport::store
