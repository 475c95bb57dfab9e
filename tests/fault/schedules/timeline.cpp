// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fault/schedules/timeline.h"

#include "tests/support/temp_dir.h"

#include <algorithm>
#include <sstream>

namespace tapport::fault {

Timeline Timeline::read(const std::filesystem::path& file) {
    Timeline timeline;
    std::error_code missing;
    if (!std::filesystem::exists(file, missing)) {
        return timeline;
    }
    std::istringstream lines(support::readFile(file));
    std::string what;
    std::string id;
    std::size_t bytes = 0;
    std::int64_t ticks = 0;
    while (lines >> what >> id >> bytes >> ticks) {
        const Instant at{Instant::duration(ticks)};
        if (what == "hello") {
            timeline.hellos.push_back(at);
            continue;
        }
        Record& record = timeline.records[id];
        if (what == "confirmed") {
            record.confirmed = at;
        } else if (what == "acknowledged") {
            record.acknowledged = record.acknowledged.value_or(at);
        } else {
            record.sent.push_back(at);
            record.bytes = bytes;
            record.isUrgent = what == "urgent";
        }
    }
    return timeline;
}

std::size_t Timeline::sendings() const {
    std::size_t all = 0;
    for (const auto& [id, record] : records) {
        all += record.sent.size();
    }
    return all;
}

std::size_t Timeline::acknowledged() const {
    return static_cast<std::size_t>(
        std::count_if(records.begin(), records.end(),
                      [](const auto& one) { return one.second.acknowledged.has_value(); }));
}

std::size_t Timeline::bytesOut(Instant then) const {
    std::size_t out = 0;
    for (const auto& [id, record] : records) {
        const bool isOut = !record.sent.empty() && record.sent.front() < then &&
                           (!record.acknowledged || *record.acknowledged > then);
        out += isOut ? record.bytes : 0;
    }
    return out;
}

}  // namespace tapport::fault
