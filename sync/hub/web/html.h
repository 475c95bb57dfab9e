// SPDX-License-Identifier: GPL-3.0-or-later
// HTML in which every value is escaped: markup comes from literals only. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tapport::hub {

[[nodiscard]] std::string escapeHtml(std::string_view text);

class Html {
  public:
    /// Only literals: a run-time string does not convert.
    template <std::size_t N>
    Html& markup(const char (&literal)[N]) {
        out_.append(literal, N - 1);
        return *this;
    }
    Html& text(std::string_view value);
    Html& number(std::uint64_t value) { return text(std::to_string(value)); }
    Html& add(const Html& part) {
        out_ += part.out_;
        return *this;
    }
    /// <td data-label="label">value</td>: the label shows where a narrow page stacks its cells.
    template <std::size_t N>
    Html& cell(const char (&label)[N], std::string_view value) {
        return markup("<td data-label=\"").markup(label).markup("\">").text(value).markup("</td>");
    }
    [[nodiscard]] std::string take() { return std::move(out_); }

  private:
    std::string out_;
};

}  // namespace tapport::hub
