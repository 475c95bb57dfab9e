// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/opener/opener.h"

namespace tapport::hub {

Result<std::vector<Opened>> LocalOpener::open(std::span<const Waiting> units) {
    std::vector<Opened> opened;
    opened.reserve(units.size());
    for (const Waiting& waiting : units) {
        opened.push_back(openOne(waiting));
    }
    return opened;
}

Opened LocalOpener::openOne(const Waiting& waiting) const {
    return judgeContent(waiting, seal::openUnit(waiting.sealed, keys_), event_);
}

Opened judgeContent(const Waiting& waiting, Result<record::PositionedUnit> content,
                    const record::EventId& event) {
    const auto refuse = [&](Reason reason, std::string detail) {
        return Opened{waiting.id, tl::unexpected(NotOpened{reason, std::move(detail)})};
    };
    if (!content) {
        return refuse(Reason::DoesNotOpen, content.error().context);
    }
    if (content->position != waiting.position || content->unit.id != waiting.id) {
        return refuse(Reason::HeaderMismatch, "header inside the seal is not the envelope's");
    }
    if (content->unit.event != event) {
        return refuse(Reason::WrongEvent, "unit of another event");
    }
    return {waiting.id, Content{std::move(content->unit), content->proof, ProofState::Unchecked,
                                content->signature}};
}

}  // namespace tapport::hub
