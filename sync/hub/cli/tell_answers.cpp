// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/cli/tell_answers.h"

#include "sync/hub/cli/roster_answers.h"

#include <fmt/core.h>

namespace tapport::hub {
namespace {

Result<std::string> endEvent(TellDesk& desk, std::string_view whose) {
    const bool isForAll = whose == "all";
    const record::KioskId kiosk{isForAll ? std::string() : std::string(whose)};
    if (!isForAll && !record::isName(kiosk.value)) {
        return fail(Code::InvalidInput, "no name of a kiosk");
    }
    return desk.endEvent(kiosk).map([&] {
        return fmt::format("{}: destroys its keys and data once all of it is here and backed up\n",
                           isForAll ? "every kiosk" : kiosk.value);
    });
}

}  // namespace

std::optional<Result<std::string>> answerOfTelling(TellDesk& desk, std::string_view request) {
    const auto rest = [&](std::string_view command) -> std::optional<std::string_view> {
        return request.starts_with(command) ? std::optional(request.substr(command.size()))
                                            : std::nullopt;
    };
    if (auto answered = answerOfRoster(desk, request)) {
        return answered;
    }
    if (const auto whose = rest(kEndEvent)) {
        return endEvent(desk, *whose);
    }
    return std::nullopt;
}

}  // namespace tapport::hub
