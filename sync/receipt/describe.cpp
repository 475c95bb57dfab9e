// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/receipt/describe.h"

#include "sync/receipt/words.h"

#include <fmt/chrono.h>
#include <fmt/ranges.h>

namespace tapport::receipt {
namespace {

/// Lines of the receipt; empty values leave none.
class Lines {
  public:
    void add(std::string_view line) { text_.append(line).append("\n"); }
    void item(std::string_view label, std::string_view value) {
        if (!value.empty()) {
            add(fmt::format("  {}: {}", label, value));
        }
    }
    [[nodiscard]] std::string take() {
        text_.pop_back();
        return std::move(text_);
    }

  private:
    std::string text_;
};

std::string title(const Decision& decision, const event::Notice* notice, const Words& words) {
    if (decision.purpose.value == record::kEveryPurpose) {
        return std::string(words.everything);
    }
    return notice ? notice->title : decision.purpose.value;
}

void tell(Lines& lines, const Decision& decision, const event::Notice* notice,
          const event::Event* event, std::string_view language) {
    const Words& words = wordsIn(language);
    lines.add("");
    lines.add(fmt::format("{} ({}): {}", title(decision, notice, words),
                          channelIn(language, decision.channel),
                          stateIn(language, decision.state)));
    if (notice) {
        lines.add("  " + notice->question);
    }
    if (!isYes(decision.state)) {
        return;
    }
    if (notice) {
        lines.item(words.why, notice->why);
        lines.item(words.data, notice->data);
        lines.item(words.howOften, notice->howOften);
        lines.item(words.recipients, notice->recipients);
        lines.item(words.howLong, notice->howLong);
        lines.item(words.withdraw, notice->withdraw);
    }
    lines.item(words.validUntil, dayIn(language, decision.validUntil));
    if (event && event->profile.doubleOptIn.contains(decision.channel)) {
        lines.add(fmt::format("  {}", words.pending));
    }
}

std::string eventName(const Summary& summary, const event::Event* event,
                      std::string_view language) {
    if (!event) {
        return summary.event.value;
    }
    const auto name = event->name.find(std::string(language));
    return name == event->name.end() ? summary.event.value : name->second;
}

/// The same version of the words that were shown, in another language: all languages of a notice
/// have one version.
const event::Notice* noticeIn(std::string_view language, const Decision& decision,
                              const event::Event& event) {
    const event::Notice* const shown = noticeShown(decision, event);
    if (!shown) {
        return nullptr;
    }
    const auto& notices = event.find(decision.purpose, decision.channel)->notices;
    const auto translated = notices.find(std::string(language));
    return translated == notices.end() ? shown : &translated->second;
}

void tellWitness(Lines& lines, const Summary& summary, std::string_view language) {
    const auto day = std::chrono::floor<std::chrono::days>(summary.at);
    const std::string time = fmt::format("{}, {:%H:%M}", dayIn(language, day), summary.at - day);
    lines.add(fmt::format(fmt::runtime(recordedIn(language, summary.kiosk)), fmt::arg("time", time),
                          fmt::arg("kiosk", summary.kiosk.value),
                          fmt::arg("epoch", summary.epoch.hex()),
                          fmt::arg("seqs", fmt::join(summary.seqs, ", "))));
    if (const auto caution = clockCautionIn(language, summary.quality); !caution.empty()) {
        lines.add(caution);
    }
}

}  // namespace

const event::Notice* noticeShown(const Decision& decision, const event::Event& event) {
    const event::Ask* const ask = event.find(decision.purpose, decision.channel);
    if (!ask) {
        return nullptr;
    }
    const auto shown = std::find_if(
        ask->notices.begin(), ask->notices.end(),
        [&](const auto& notice) { return markOf(notice.second.hash) == decision.notice; });
    return shown == ask->notices.end() ? nullptr : &shown->second;
}

std::string describe(const Summary& summary, const event::Event* event, std::string_view language) {
    const Words& words = wordsIn(language);
    Lines lines;
    lines.add(fmt::format("{} {}", words.heading, eventName(summary, event, language)));
    if (event) {
        const event::Party& who = event->controller;
        lines.add(fmt::format("{}, {}; {}", who.name, who.address, who.contact));
    }
    bool hasNo = false;
    bool hasYes = false;
    for (const Decision& decision : summary.decisions) {
        const event::Notice* const notice = event ? noticeIn(language, decision, *event) : nullptr;
        tell(lines, decision, notice, event, language);
        hasNo = hasNo || decision.state == record::ConsentState::Refused;
        hasYes = hasYes || isYes(decision.state);
    }
    lines.add("");
    if (hasNo) {
        lines.add(words.oneOff);
    }
    tellWitness(lines, summary, language);
    if (hasYes) {  // nothing that another kiosk may know makes more of a no or a withdrawal
        lines.add(words.provisional);
    }
    if (event && !event->receiptUrl.empty()) {
        lines.add(fmt::format("{}: {}/r/{}", words.page, event->receiptUrl, summary.id.hex()));
    }
    return lines.take();
}

}  // namespace tapport::receipt
