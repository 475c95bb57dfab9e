// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/cli/quarantine_answers.h"

#include <charconv>

#include <fmt/core.h>

namespace tapport::hub {
namespace {

constexpr std::size_t kAPage = 50;
constexpr std::string_view kAll = "all";
// The first line of the answer to a retry.
constexpr std::string_view kOut = "out\n";
constexpr std::string_view kStays = "stays\n";
/// The end of a line and an empty one: there is none in hexadecimal digits.
constexpr std::string_view kBehindAbout = "\n\n";

/// All of a text, or the number that it begins with and what follows a space.
std::optional<std::pair<std::int64_t, std::string_view>> numberIn(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (error != std::errc() || number <= 0 || (!text.empty() && text.front() != ' ')) {
        return std::nullopt;
    }
    return std::pair(number, text.empty() ? text : text.substr(1));
}

tl::unexpected<Error> noNumber() {
    return fail(Code::InvalidInput, "no number of an entry in the quarantine");
}

std::string lineOf(const QuarantineEntry& entry) {
    std::string line = fmt::format("{:>6}  {:<15} {} {:>5}x {:>7} bytes  {}: {}", entry.number,
                                   nameOf(entry.reason), record::isoText(entry.lastAt), entry.times,
                                   entry.bytes, entry.topic, entry.detail);
    if (entry.discarded) {
        line += fmt::format("  [discarded: {}]", entry.discarded->why);
    }
    return line + "\n";
}

Result<std::string> list(Desk& desk, const std::optional<std::int64_t>& before) {
    const auto entries = desk.quarantine(before, kAPage);
    if (!entries) {
        return tl::unexpected(entries.error());
    }
    if (entries->empty()) {
        return before ? "nothing older\n" : "nothing is in quarantine\n";
    }
    std::string out;
    for (const QuarantineEntry& entry : *entries) {
        out += lineOf(entry);
    }
    if (entries->size() == kAPage) {
        out += fmt::format("older ones: --before {}\n", entries->back().number);
    }
    return out;
}

std::string hexLines(ByteView bytes) {
    constexpr std::size_t kALine = 32;
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); at += kALine) {
        out += toHex(bytes.subspan(at, std::min(kALine, bytes.size() - at))) + "\n";
    }
    return out;
}

/// What becomes of it, and what can be done.
std::string_view adviceFor(const QuarantineEntry& entry) {
    if (entry.discarded) {
        return "it was given up and holds up nothing";
    }
    switch (entry.reason) {
        case Reason::Conflict:
            return "another record stands under its id, and stays: it can be discarded only. Until "
                   "then its kiosk keeps what it recorded from here on, whatever is backed up";
        case Reason::NotSigned:
        case Reason::NotProven:
            return "when the key that signed it is published (tapport event publish), retry; "
                   "discard it when nobody of yours made it";
        case Reason::DoesNotOpen:
            return "when the opener has the right key and is as new as the kiosk, retry; discard "
                   "it when that is so and it still does not open";
        case Reason::WrongKiosk:
        case Reason::WrongEvent:
            return "when kiosk and hub have the same event file and names, retry; discard it when "
                   "it belongs elsewhere";
        case Reason::Recovered:
            return "it was read from a kiosk's disk: retry when you know where the device was; "
                   "discard it when somebody may have added it. Until then it holds up the "
                   "watermark";
        case Reason::Unreadable:
        case Reason::HeaderMismatch:
        case Reason::Inconsistent:
            return "a newer hub may read it: retry then; discard it when it may be lost. Until "
                   "then its kiosk keeps what it recorded from here on, whatever is backed up";
    }
    return "";
}

enum class Showing : std::uint8_t { Metadata, Payload };

Result<std::string> show(Custody& custody, std::int64_t number, Showing showing) {
    const auto found = custody.find(number);
    if (!found) {
        return tl::unexpected(found.error());
    }
    if (!*found) {
        return fail(Code::NotFound, "nothing with this number is in the quarantine");
    }
    const auto& [entry, payload] = **found;
    std::string out = fmt::format(
        "number     {}\nreason     {}\ndetail     {}\nfrom       {}\nfirst      {}\nlast       "
        "{}\ntimes      {}\nbytes      {}\n",
        entry.number, nameOf(entry.reason), entry.detail, entry.topic,
        record::isoText(entry.firstAt), record::isoText(entry.lastAt), entry.times, entry.bytes);
    if (entry.unit) {
        out += fmt::format("record     {}\n", record::uuidText(*entry.unit));
    }
    if (entry.discarded) {
        out += fmt::format("discarded  {} by {}: {}\n", record::isoText(entry.discarded->at),
                           entry.discarded->by, entry.discarded->why);
    }
    out += fmt::format("advice     {}\n", adviceFor(entry));
    return showing == Showing::Payload ? out + "\n" + hexLines(payload) : out;
}

std::string answerOf(const Retried& retried) {
    std::string out(retried.isOut() ? kOut : kStays);
    out += fmt::format("{} tried again, {} of them in quarantine again\n", retried.tried,
                       retried.again);
    if (retried.untried > 0) {
        out += fmt::format("{} more stay there\n", retried.untried);
    }
    for (const std::string& note : retried.notes) {
        out += note + "\n";
    }
    return out;
}

Result<std::string> discard(Custody& custody, std::int64_t number, const std::string& why,
                            const std::string& user) {
    return custody.discard(number, "local user " + user, why).map([&] {
        return fmt::format("No. {} is discarded; the entry stays, with the reason\n", number);
    });
}

}  // namespace

std::optional<Result<std::string>> answerOfQuarantine(Desk& desk, Custody& custody,
                                                      std::string_view request,
                                                      const std::string& user) {
    const auto rest = [&](std::string_view command) -> std::optional<std::string_view> {
        return request.substr(0, command.size()) == command
                   ? std::optional(request.substr(command.size()))
                   : std::nullopt;
    };
    if (const auto before = rest(kQuarantineList)) {
        const auto number = numberIn(*before);
        if (!number && *before != kAll) {
            return noNumber();
        }
        return list(desk, number ? std::optional(number->first) : std::nullopt);
    }
    if (const auto what = rest(kQuarantineRetry)) {
        const auto number = numberIn(*what);
        if (!number && *what != kAll) {
            return noNumber();
        }
        return (number ? custody.retry(number->first) : custody.retryAll()).map(answerOf);
    }
    if (const auto kiosk = rest(kQuarantineRetryOf)) {
        return custody.retryAll(record::KioskId{std::string(*kiosk)}).map(answerOf);
    }
    if (const auto what = rest(kQuarantineDiscard)) {
        const auto number = numberIn(*what);
        return number ? discard(custody, number->first, std::string(number->second), user)
                      : noNumber();
    }
    for (const auto& [command, showing] : {std::pair(kQuarantineShow, Showing::Metadata),
                                           std::pair(kQuarantineRaw, Showing::Payload)}) {
        if (const auto what = rest(command)) {
            const auto number = numberIn(*what);
            return number ? show(custody, number->first, showing) : noNumber();
        }
    }
    return std::nullopt;
}

Result<RetryAnswer> retryAnswerFrom(std::string_view answer) {
    for (const std::string_view first : {kOut, kStays}) {
        if (answer.starts_with(first)) {
            return RetryAnswer{first == kOut, std::string(answer.substr(first.size()))};
        }
    }
    return fail(Code::Busy, "the running hub broke off its answer");
}

Result<RawAnswer> rawAnswerFrom(std::string_view answer) {
    const std::size_t at = answer.rfind(kBehindAbout);
    if (at == std::string_view::npos) {
        return fail(Code::Busy, "the running hub broke off its answer");
    }
    return RawAnswer{std::string(answer.substr(0, at + 1)),
                     std::string(answer.substr(at + kBehindAbout.size()))};
}

}  // namespace tapport::hub
