// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/opener/opener.h"

namespace tapport::hub {

std::vector<Opened> LocalOpener::open(std::span<const Waiting> units) {
    std::vector<Opened> opened;
    opened.reserve(units.size());
    for (const Waiting& waiting : units) {
        opened.push_back(openOne(waiting));
    }
    return opened;
}

Opened LocalOpener::openOne(const Waiting& waiting) const {
    const auto refuse = [&](Reason reason, std::string detail) {
        return Opened{waiting.id, tl::unexpected(NotOpened{reason, std::move(detail)})};
    };
    auto content = seal::openUnit(waiting.sealed, keys_);
    if (!content) {
        return refuse(Reason::DoesNotOpen, content.error().context);
    }
    if (content->position != waiting.position || content->unit.id != waiting.id) {
        return refuse(Reason::HeaderMismatch, "header inside the seal is not the envelope's");
    }
    if (content->unit.event != event_) {
        return refuse(Reason::WrongEvent, "unit of another event");
    }
    return {waiting.id, Content{std::move(content->unit), content->proof}};
}

Result<std::size_t> openSome(Store& store, UnitOpener& opener, std::size_t most,
                             record::WallTime now) {
    const auto waiting = store.waiting(most);
    if (!waiting) {
        return tl::unexpected(waiting.error());
    }
    if (waiting->empty()) {
        return 0;
    }
    if (const auto filed = store.file(opener.open(*waiting), now); !filed) {
        return tl::unexpected(filed.error());
    }
    return waiting->size();
}

Result<> openAll(Store& store, UnitOpener& opener, record::WallTime now) {
    for (;;) {
        const auto opened = openSome(store, opener, kUnitsAStep, now);
        if (!opened) {
            return tl::unexpected(opened.error());
        }
        if (*opened == 0) {
            return {};
        }
    }
}

}  // namespace tapport::hub
