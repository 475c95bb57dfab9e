// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/record/time.h"

#include <string_view>

namespace tapport::record {
namespace {

/// Of "2026-11-22". Evaluated while compiling: another spelling does not compile.
constexpr WallTime dayOf(std::string_view text) {
    const auto number = [text](std::size_t from, std::size_t length) {
        int value = 0;
        for (const char digit : text.substr(from, length)) {
            value = value * 10 + (digit - '0');
        }
        return value;
    };
    const std::chrono::year_month_day day{std::chrono::year(number(0, 4)),
                                          std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                          std::chrono::day(static_cast<unsigned>(number(8, 2)))};
    return day.ok() ? std::chrono::sys_days(day) : throw "no day";
}

}  // namespace

WallTime releasedAt() {
    static constexpr WallTime kDay = dayOf(TAPPORT_RELEASED);
    return kDay;
}

}  // namespace tapport::record
