// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/store/edition.h"

#include "sync/receipt/signed_document.h"

namespace tapport::store {

Result<event::Event> laterEdition(std::string_view file, const event::Event& current) {
    return receipt::checkDocument(file, current.rootKey)
        .and_then([&] { return event::parse(file); })
        .and_then([&](event::Event next) -> Result<event::Event> {
            if (!event::follows(next, current)) {
                return fail(Code::Conflict, "not a later edition of this event's file");
            }
            return next;
        });
}

}  // namespace tapport::store
