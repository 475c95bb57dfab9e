// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/event/example.h"

#include "sync/event/example_json.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace tapport::event {
namespace {

// Ordered: the file that an operator edits keeps the order of the example.
nlohmann::ordered_json example() {
    return nlohmann::ordered_json::parse(kExampleEvent);
}

std::string dayText(std::chrono::sys_days days) {
    const std::chrono::year_month_day day(days);
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()),
                       static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}

}  // namespace

std::vector<record::StaffId> exampleStaff() {
    std::vector<record::StaffId> ids;
    const auto json = example();
    for (const auto& one : json["staff"]) {
        ids.push_back({one["id"].get<std::string>()});
    }
    return ids;
}

std::string exampleEventFile(const ExampleSecrets& secrets) {
    auto json = example();
    if (!secrets.id.value.empty()) {
        json["id"] = secrets.id.value;
    }
    json["badgeSalt"] = toHex(secrets.badgeSalt);
    json["sealingKey"] = toHex(secrets.sealingKey);
    json["rootKey"] = toHex(secrets.rootKey);
    json["hubKey"] = toHex(secrets.hubKey);
    json["ca"] = toHex(secrets.authority);
    json["firstDay"] = dayText(secrets.firstDay);
    json["lastDay"] = dayText(secrets.firstDay + std::chrono::days(2));
    for (auto& one : json["staff"]) {
        const record::StaffId id{one["id"].get<std::string>()};
        const auto hash = secrets.pinHashes.find(id);
        one["pinHash"] = hash == secrets.pinHashes.end() ? "" : hash->second;
        if (const auto badge = secrets.badgeLookups.find(id); badge != secrets.badgeLookups.end()) {
            one["badge"] = badge->second.hex();
        }
    }
    return json.dump(2) + '\n';
}

}  // namespace tapport::event
