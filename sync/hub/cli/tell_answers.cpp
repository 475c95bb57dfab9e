// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/cli/tell_answers.h"

#include "sync/hub/cli/roster_answers.h"

#include <sstream>

#include <fmt/core.h>

namespace tapport::hub {
namespace {

Result<record::KioskId> kioskFrom(std::string_view name) {
    record::KioskId kiosk{std::string(name)};
    if (!record::isName(kiosk.value)) {
        return fail(Code::InvalidInput, "no name of a kiosk");
    }
    return kiosk;
}

std::string textOf(const TellDesk::OnItsWay& onItsWay) {
    return fmt::format("{} {}\n", onItsWay.version, onItsWay.isConnected ? "connected" : "away");
}

Result<std::string> cancelEnd(TellDesk& desk, std::string_view whose) {
    const auto kiosk = whose == kEveryKiosk ? record::KioskId{} : kioskFrom(whose);
    return kiosk.and_then([&](const record::KioskId& one) { return desk.cancelEnd(one); })
        .map(textOf);
}

Result<std::string> tellRevoked(TellDesk& desk, std::string_view request) {
    const std::size_t space = request.find(' ');
    const auto kiosk = kioskFrom(request.substr(0, space));
    const auto certificate = identity::Fingerprint::fromHexText(
        space == std::string_view::npos ? "" : request.substr(space + 1));
    if (!kiosk || !certificate) {
        return fail(Code::InvalidInput, "a kiosk's name and its certificate's fingerprint");
    }
    return desk.revoke(*kiosk, *certificate).map(textOf);
}

Result<std::string> isTold(const TellDesk& desk, const std::string& request) {
    std::istringstream words(request);
    record::KioskId kiosk;
    std::uint64_t version = 0;
    words >> kiosk.value >> version;
    if (!words) {
        return fail(Code::InvalidInput, "a kiosk's name and a version");
    }
    return desk.isTold(kiosk, version) ? "yes\n" : "no\n";
}

Result<std::string> endEvent(TellDesk& desk, std::string_view whose) {
    const bool isForAll = whose == kEveryKiosk;
    const auto kiosk = isForAll ? record::KioskId{} : kioskFrom(whose);
    return kiosk.and_then([&](const record::KioskId& one) { return desk.endEvent(one); }).map([&] {
        return fmt::format(
            "{}: destroys its keys and data once all of it is here and backed up\n"
            "Until then `--cancel` takes it back.\n",
            isForAll ? "every kiosk" : kiosk->value);
    });
}

}  // namespace

Result<TellDesk::OnItsWay> onItsWayFrom(const std::string& answer) {
    std::istringstream words(answer);
    TellDesk::OnItsWay onItsWay;
    std::string how;
    words >> onItsWay.version >> how;
    if (!words) {
        return fail(Code::Busy, "the running hub broke off its answer");
    }
    onItsWay.isConnected = how == "connected";
    return onItsWay;
}

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
    if (const auto whose = rest(kCancelEnd)) {
        return cancelEnd(desk, *whose);
    }
    if (const auto what = rest(kTellRevoked)) {
        return tellRevoked(desk, *what);
    }
    if (const auto what = rest(kIsTold)) {
        return isTold(desk, std::string(*what));
    }
    return std::nullopt;
}

}  // namespace tapport::hub
