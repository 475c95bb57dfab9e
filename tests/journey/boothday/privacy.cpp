// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/journey/boothday/privacy.h"

#include "tests/support/temp_dir.h"

#include <fmt/format.h>

namespace tapport::boothday {
namespace {

namespace fs = std::filesystem;

bool mustHoldNobody(const fs::path& file, const fs::path& dir) {
    const std::string folder = file.lexically_relative(dir).begin()->string();
    return folder == "kiosk" || folder == "broker" || folder == "receipts" ||
           file.extension() == ".log";
}

}  // namespace

std::vector<std::string> personalDataBelow(const fs::path& dir, const Day& day) {
    std::vector<std::string> findings;
    for (const auto& entry : fs::recursive_directory_iterator(dir)) {
        if (!entry.is_regular_file() || !mustHoldNobody(entry.path(), dir)) {
            continue;
        }
        const std::string content = support::readFile(entry.path());
        for (std::size_t i = 0; i < day.visits.size(); ++i) {
            const Attendee& attendee = day.visits[i].attendee;
            for (const std::string& part : {attendee.email, attendee.phone, attendee.token}) {
                if (content.find(part) != std::string::npos) {
                    findings.push_back(
                        fmt::format("attendee {} in {}", i + 1, entry.path().string()));
                }
            }
        }
    }
    return findings;
}

}  // namespace tapport::boothday
