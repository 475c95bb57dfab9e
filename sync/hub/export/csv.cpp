// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/export/csv.h"

#include <algorithm>

namespace tapport::hub {
namespace {

std::string cleaned(std::string_view cell) {
    std::string out;
    for (std::size_t i = 0; i < cell.size(); ++i) {
        const char c = cell[i];
        const bool isControl = static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
        if (c == '\r') {
            if (i + 1 == cell.size() || cell[i + 1] != '\n') {
                out += '\n';
            }
        } else if (!isControl || c == '\n' || c == '\t') {
            out += c;
        }
    }
    return out;
}

}  // namespace

void appendCsvRow(std::string& out, std::span<const std::string> cells) {
    bool isFirst = true;
    for (const std::string& raw : cells) {
        if (!isFirst) {
            out += ',';
        }
        isFirst = false;
        std::string cell = cleaned(raw);
        if (!raw.empty() && std::string_view("=+-@\t\r").find(raw.front()) != std::string::npos &&
            !isE164(cell)) {
            cell.insert(cell.begin(), '\'');
        }
        if (cell.find_first_of("\",\n\t;'") == std::string::npos) {
            out += cell;
            continue;
        }
        out += '"';
        for (const char c : cell) {
            if (c == '"') {
                out += '"';
            }
            out += c;
        }
        out += '"';
    }
    out += "\r\n";
}

bool isE164(std::string_view phone) {
    return phone.size() >= 8 && phone.size() <= 16 && phone[0] == '+' && phone[1] != '0' &&
           std::all_of(phone.begin() + 1, phone.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string asE164(std::string_view phone) {
    std::string digits;
    // "+49 (0)30 123": the bracketed zero is dialled inside the country only.
    const std::size_t trunk = phone.find("(0)");
    for (std::size_t i = 0; i < phone.size(); ++i) {
        if (i == trunk && phone.front() == '+') {
            i += 2;
            continue;
        }
        const char c = phone[i];
        if (std::string_view(" .-/()").find(c) == std::string_view::npos) {
            digits += c;
        }
    }
    if (digits.rfind("00", 0) == 0) {
        digits.replace(0, 2, "+");
    }
    return isE164(digits) ? digits : std::string(phone);
}

}  // namespace tapport::hub
