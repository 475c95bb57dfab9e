// SPDX-License-Identifier: GPL-3.0-or-later
// An event as an operator sets it up with `tapport`: made, one kiosk's key published; and receipts
// as that kiosk signs them.
#pragma once

#include "sync/event/event.h"
#include "sync/receipt/keys.h"
#include "sync/record/unit.h"
#include "tests/support/child_process.h"
#include "tests/support/temp_dir.h"

namespace tapport::support {

class PublishedEvent {
  public:
    /// Throws std::runtime_error when `tapport` cannot.
    PublishedEvent();

    /// Runs `tapport` with these arguments.
    [[nodiscard]] static Finished tapport(std::vector<std::string> arguments);
    /// `tapport event publish` of this event, with more arguments.
    [[nodiscard]] Finished publish(const std::vector<std::string>& more) const;
    [[nodiscard]] std::filesystem::path path(const std::string& name) const;
    [[nodiscard]] const event::Event& event() const { return event_; }
    /// Those of kiosk-1, from its data directory.
    [[nodiscard]] receipt::SigningKeys kioskKeys() const;

    /// A visit of one decision on the ask at `index`: `Refused` makes a refusal, `Withdrawn` a
    /// withdrawal.
    [[nodiscard]] record::PositionedUnit unit(record::ConsentState state, std::size_t index,
                                              const std::string& language) const;
    /// Its summary as the link of the QR code.
    [[nodiscard]] std::string link(const record::PositionedUnit& unit) const;
    /// The part of `link` that proves itself.
    [[nodiscard]] std::string summaryJws(const record::PositionedUnit& unit) const;
    [[nodiscard]] std::string fullJws(record::PositionedUnit unit) const;
    /// "KIOSK=EPOCH:SEQ" for --revoke: the last record before unit()'s.
    [[nodiscard]] static std::string beforeThat();

  private:
    TempDir dir_;
    event::Event event_;
};

}  // namespace tapport::support
