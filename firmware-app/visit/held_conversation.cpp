// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/visit/held_conversation.h"

namespace tapport::visit {

HeldConversation::HeldConversation(record::Conversation written)
    : note_(written.note),
      promise_(written.promise ? written.promise->what : std::string()),
      rest_(std::move(written)) {
    seal::wipe(rest_.note);
    if (rest_.promise) {
        seal::wipe(rest_.promise->what);
    }
}

record::Conversation HeldConversation::revealed() const {
    record::Conversation whole = rest_;
    whole.note = note_.view();
    if (whole.promise) {
        whole.promise->what = promise_.view();
    }
    return whole;
}

}  // namespace tapport::visit
