// SPDX-License-Identifier: GPL-3.0-or-later
// An attendee's own page: what was agreed, what it is worth today, how to withdraw. Whoever has the
// receipt's id sees it, so it names nobody: no contact, no note. Its buttons are forms that post;
// what comes of these is a page of its own. Pure.
#pragma once

#include "sync/hub/export/desk.h"

namespace tapport::hub {

/// In the language in which was asked, as far as the event has it.
[[nodiscard]] std::string receiptPage(const event::Event& event, const ReceiptView& view);
/// The same for an id that never was and one that has not arrived, in all languages of the event.
[[nodiscard]] std::string unknownReceiptPage(const event::Event& event);

/// What was taken back just now, or that nothing was left to.
[[nodiscard]] std::string withdrawalPage(const event::Event& event, const Withdrawal& done);

enum class WithdrawalTrouble : std::uint8_t {
    NotTaken,  ///< it could not be committed
    TooOften,
};
/// That nothing was done, and what to do, in all languages of the event.
[[nodiscard]] std::string withdrawalPage(const event::Event& event, WithdrawalTrouble trouble);

}  // namespace tapport::hub
