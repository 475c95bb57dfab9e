// SPDX-License-Identifier: GPL-3.0-or-later
// The outbox on a kiosk's disk that was found again (firmware-app/store, schemas 1 to 6). Works on
// a copy: the disk itself may be evidence, damaged or read-only, and is not written to.
#pragma once

#include "sync/base/error.h"
#include "sync/record/ids.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace tapport::hub {

struct RecoveredRow {
    record::RecordId id;
    record::Position position;
    Bytes sealed;
    record::ChainHash before;  ///< chain value of the position before
};

class RecoveredOutbox {
  public:
    /// `database`: kiosk.db, with its write-ahead log beside it. NotFound: none there.
    /// InvalidInput: no database of a kiosk, or of a later schema, or a link to one.
    [[nodiscard]] static Result<RecoveredOutbox> open(const std::filesystem::path& database);
    RecoveredOutbox(RecoveredOutbox&&) noexcept;
    RecoveredOutbox& operator=(RecoveredOutbox&&) noexcept;
    ~RecoveredOutbox();

    [[nodiscard]] const record::KioskId& kiosk() const;
    /// None: of a schema that did not say.
    [[nodiscard]] const std::optional<record::EventId>& event() const;
    /// In the order in which they were recorded; at most `most`, none at the end. Storage: damaged
    /// from here on.
    [[nodiscard]] Result<std::vector<RecoveredRow>> next(std::size_t most);

  private:
    struct Copy;
    explicit RecoveredOutbox(std::unique_ptr<Copy> copy);
    std::unique_ptr<Copy> copy_;
};

}  // namespace tapport::hub
