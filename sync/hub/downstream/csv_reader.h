// SPDX-License-Identifier: GPL-3.0-or-later
// Reads comma-separated values (RFC 4180, UTF-8) as spreadsheets write them: comma, semicolon or
// tab, whichever the first line has most of; a byte order mark in front; either line end. Row by
// row, bounded. No error quotes what was read.
#pragma once

#include "sync/base/error.h"

#include <istream>
#include <optional>
#include <vector>

namespace tapport::hub {

class CsvReader {
  public:
    static constexpr std::size_t kMostCells = 128;  ///< in a row
    static constexpr std::size_t kMostBytes = 64 * 1024;

    struct Row {
        std::size_t line = 0;  ///< where it begins, from 1
        std::vector<std::string> cells;
        std::optional<std::string> problem{};  ///< why its cells are not to be used
    };

    /// `in` must outlive it.
    explicit CsvReader(std::istream& in);
    /// Nothing at the end; empty lines are passed over. A row that is not in UTF-8 or beyond the
    /// bounds has a problem. InvalidInput: a quote that does not end; nothing can be read behind
    /// that.
    [[nodiscard]] Result<std::optional<Row>> next();

  private:
    [[nodiscard]] Result<std::optional<Row>> readRow();

    std::istream& in_;
    char separator_ = ',';
    std::size_t line_ = 1;
};

}  // namespace tapport::hub
