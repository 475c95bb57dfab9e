// SPDX-License-Identifier: GPL-3.0-or-later
// A conversation that waits for the attendee's answer: without a yes its words must never have
// existed, so they wait in locked memory and nowhere else.
#pragma once

#include "sync/record/unit.h"
#include "sync/seal/locked_text.h"

namespace tapport::visit {

class HeldConversation {
  public:
    /// Takes the note and the promise's words out of `written` and overwrites them there.
    explicit HeldConversation(record::Conversation written);

    /// As it was written; the caller's copy is ordinary memory.
    [[nodiscard]] record::Conversation revealed() const;

  private:
    seal::LockedText note_;
    seal::LockedText promise_;
    record::Conversation rest_;
};

}  // namespace tapport::visit
