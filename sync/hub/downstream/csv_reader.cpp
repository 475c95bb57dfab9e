// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/downstream/csv_reader.h"

#include "sync/base/cbor.h"

#include <algorithm>
#include <array>
#include <string>

#include <fmt/core.h>

namespace tapport::hub {
namespace {

constexpr int kEnd = std::istream::traits_type::eof();

char separatorOf(const std::string& line) {
    constexpr std::array<char, 3> kSeparators{',', ';', '\t'};
    return *std::max_element(kSeparators.begin(), kSeparators.end(), [&](char one, char other) {
        return std::count(line.begin(), line.end(), one) <
               std::count(line.begin(), line.end(), other);
    });
}

}  // namespace

CsvReader::CsvReader(std::istream& in) : in_(in) {
    constexpr std::string_view kMark = "\xEF\xBB\xBF";
    std::string first;
    std::getline(in_, first);
    separator_ = separatorOf(first);
    in_.clear();
    in_.seekg(first.starts_with(kMark) ? static_cast<std::streamoff>(kMark.size()) : 0);
}

Result<std::optional<CsvReader::Row>> CsvReader::next() {
    while (in_.peek() != kEnd) {
        auto row = readRow();
        const bool isEmpty = row && *row && (*row)->cells.size() == 1 && (*row)->cells[0].empty();
        if (!isEmpty) {
            return row;
        }
    }
    return std::optional<Row>();
}

Result<std::optional<CsvReader::Row>> CsvReader::readRow() {
    Row row{line_, {""}};
    std::size_t bytes = 0;
    bool isQuoted = false;
    for (;;) {
        const int next = in_.get();
        if (isQuoted && (next == kEnd || bytes == kMostBytes)) {
            return fail(Code::InvalidInput,
                        fmt::format("line {}: a quote that does not end", row.line));
        }
        if (next == kEnd) {
            break;
        }
        const char c = static_cast<char>(next);
        line_ += c == '\n' ? 1 : 0;
        if (c == '\n' && !isQuoted) {
            break;
        }
        if (row.problem) {
            continue;
        }
        if (++bytes > kMostBytes) {
            row.problem = "too long";
        } else if (isQuoted) {
            if (c != '"') {
                row.cells.back() += c;
            } else if (in_.peek() == '"') {
                row.cells.back() += static_cast<char>(in_.get());
            } else {
                isQuoted = false;
            }
        } else if (c == '"' && row.cells.back().empty()) {
            isQuoted = true;
        } else if (c == separator_ && row.cells.size() == kMostCells) {
            row.problem = "too many cells";
        } else if (c == separator_) {
            row.cells.emplace_back();
        } else if (c != '\r') {
            row.cells.back() += c;
        }
    }
    if (!row.problem && !std::all_of(row.cells.begin(), row.cells.end(), isUtf8)) {
        row.problem = "not in UTF-8: save the list as 'CSV UTF-8'";
    }
    return std::optional(std::move(row));
}

}  // namespace tapport::hub
