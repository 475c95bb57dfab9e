// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/web/receipt_page.h"

#include "sync/hub/web/layout.h"
#include "sync/hub/web/receipt_words.h"
#include "sync/receipt/words.h"

#include <algorithm>

namespace tapport::hub {
namespace {

bool concernsAll(const record::ConsentEvent& consent) {
    return consent.purpose.value == record::kEveryPurpose;
}

void row(Html& to, std::string_view name, std::string_view value) {
    to.markup("<dt>").text(name).markup("</dt><dd>").text(value).markup("</dd>");
}

/// Only addresses that a browser or mail program opens; parse() lets no other through.
void withdrawal(Html& to, const PageWords& words, const event::Ask& ask,
                const event::Notice* notice) {
    to.markup("<dt>").text(words.changeYourMind).markup("</dt><dd>");
    if (notice != nullptr) {
        to.text(notice->withdraw);
    }
    to.markup("<ul>");
    for (const std::string& way : ask.terms.withdrawal) {
        to.markup("<li>");
        if (way == "kiosk") {
            to.text(words.atTheBooth);
        } else {
            to.markup("<a rel=\"noreferrer\" href=\"")
                .text(way)
                .markup("\">")
                .text(way)
                .markup("</a>");
        }
        to.markup("</li>");
    }
    to.markup("</ul></dd>");
}

/// Of a form that takes back, its end still open. `receipt` is our own id: hexadecimal digits.
Html& withdrawForm(Html& to, const record::ReceiptId& receipt) {
    return to.markup("<form method=\"post\" action=\"/r/")
        .text(receipt.hex())
        .markup("/withdraw\">");
}

void withdrawButton(Html& to, const record::ReceiptId& receipt, const ledger::Scope& scope,
                    std::string_view title, const PageWords& words) {
    withdrawForm(to, receipt)
        .markup("<input type=\"hidden\" name=\"purpose\" value=\"")
        .text(scope.purpose.value)
        .markup("\"><input type=\"hidden\" name=\"channel\" value=\"")
        .text(record::nameOf(scope.channel))
        .markup("\"><button class=\"wide\">")
        .text(words.withdraw)
        .markup(": ")
        .text(title)
        .markup("</button></form>");
}

void withdrawAllButton(Html& to, const record::ReceiptId& receipt, const PageWords& words) {
    to.markup("<section class=\"card\"><h2>").text(words.withdrawAll).markup("</h2><p>");
    to.text(words.withdrawAllText).markup("</p>");
    withdrawForm(to, receipt)
        .markup("<input type=\"hidden\" name=\"all\" value=\"yes\"><button class=\"wide\">")
        .text(words.withdrawAll)
        .markup("</button></form></section>");
}

/// What an ask is called, with its channel.
std::string titleOf(const event::Event& event, const ledger::Scope& scope,
                    const std::string& language) {
    const event::Ask* const ask = event.find(scope.purpose, scope.channel);
    const bool isNamed = ask != nullptr && ask->notices.contains(language);
    return (isNamed ? ask->notices.at(language).title : scope.purpose.value) + " (" +
           std::string(receipt::channelIn(language, scope.channel)) + ")";
}

bool contains(const std::vector<ledger::Scope>& scopes, const ledger::Scope& scope) {
    return std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
}

void answer(Html& to, const event::Event& event, const record::ConsentEvent& consent,
            ledger::Standing now, const ReceiptView& view) {
    const std::string& language = consent.notice.language;
    const PageWords& words = pageWordsIn(language);
    const event::Ask* ask = event.find(consent.purpose, consent.channel);
    // Another edition of the event file may have asked in other words, which are not at hand.
    const event::Notice* notice =
        event.findShown(consent) != nullptr ? &ask->notices.at(language) : nullptr;
    to.markup("<section class=\"card\"><h2>");
    if (concernsAll(consent)) {
        to.text(receipt::wordsIn(language).everything);
    } else {
        to.text(notice == nullptr ? consent.purpose.value : notice->title)
            .markup(" <span class=\"soft\">")
            .text(receipt::channelIn(language, consent.channel))
            .markup("</span>");
    }
    to.markup("</h2>");
    if (notice != nullptr) {
        to.markup("<p>").text(notice->question).markup("</p>");
    }
    to.markup("<dl>");
    row(to, words.youAnswered, receipt::stateIn(language, consent.state));
    if (!concernsAll(consent)) {
        row(to, words.today, standingIn(language, now));
    }
    if (isYes(consent.state)) {
        row(to, words.validUntil,
            receipt::dayIn(language, std::chrono::floor<std::chrono::days>(consent.validUntil)));
    }
    if (ask != nullptr && isYes(consent.state)) {
        withdrawal(to, words, *ask, notice);
    }
    if (!concernsAll(consent)) {
        row(to, words.wording,
            consent.notice.id + " " + std::to_string(consent.notice.version) + ", " +
                consent.notice.hash.hex().substr(0, 32));
    }
    to.markup("</dl>");
    const ledger::Scope scope{consent.purpose, consent.channel};
    if (contains(view.withdrawable, scope)) {
        withdrawButton(to, *view.unit.unit.receipt, scope, titleOf(event, scope, language), words);
    }
    to.markup("</section>");
}

/// "{kiosk}" and so on in the receipt's sentence become what they stand for.
std::string filledIn(std::string_view sentence, const record::PositionedUnit& unit) {
    std::string out(sentence);
    const auto fill = [&out](std::string_view name, const std::string& value) {
        if (const std::size_t at = out.find(name); at != std::string::npos) {
            out.replace(at, name.size(), value);
        }
    };
    fill("{time}", timeText(unit.unit.at.wall).substr(0, 19));
    fill("{kiosk}", unit.position.kiosk.value);
    fill("{epoch}", unit.position.epoch.hex());
    fill("{seqs}", std::to_string(unit.position.seq));
    return out;
}

void paragraph(Html& to, std::string_view text) {
    to.markup("<p>").text(text).markup("</p>");
}

std::string nameIn(const event::Event& event, const std::string& language) {
    const auto name = event.name.find(language);
    return name == event.name.end() ? eventName(event) : name->second;
}

/// For somebody of whom no language is known.
template <typename Title, typename WriteText>
std::string inEveryLanguage(const event::Event& event, Title title, WriteText writeText) {
    Html body;
    body.markup("<main class=\"receipt\"><p class=\"brand\"><strong>Tapport</strong> <span>")
        .text(eventName(event))
        .markup("</span></p>");
    for (const std::string& language : event.languages) {
        const PageWords& words = pageWordsIn(language);
        body.markup("<section lang=\"")
            .text(language)
            .markup("\"><h1>")
            .text(words.*title)
            .markup("</h1><p>");
        writeText(body, words);
        body.markup("</p></section>");
    }
    body.markup("</main>");
    const std::string& first = event.languages.front();
    return document(first, pageWordsIn(first).*title, body).take();
}

}  // namespace

std::string receiptPage(const event::Event& event, const ReceiptView& view) {
    const record::Unit& unit = view.unit.unit;
    const std::string& language = unit.consents.front().notice.language;
    const PageWords& words = pageWordsIn(language);
    const receipt::Words& receiptWords = receipt::wordsIn(language);
    Html body;
    body.markup("<main class=\"receipt\"><p class=\"brand\"><strong>Tapport</strong> <span>")
        .text(nameIn(event, language))
        .markup("</span></p><h1>")
        .text(words.title)
        .markup("</h1><p>")
        .text(words.askedBy)
        .markup(" ")
        .text(event.controller.name)
        .markup("<br><span class=\"soft\">")
        .text(event.controller.address)
        .markup("<br>")
        .text(event.controller.contact)
        .markup("</span></p>");
    for (std::size_t i = 0; i < unit.consents.size(); ++i) {
        answer(body, event, unit.consents[i], view.now.at(i), view);
    }
    const bool isAllHere =
        view.withdrawable.empty() ||
        (view.withdrawable.size() == 1 &&
         std::any_of(unit.consents.begin(), unit.consents.end(), [&](const auto& consent) {
             return contains(view.withdrawable, {consent.purpose, consent.channel});
         }));
    if (!isAllHere) {
        withdrawAllButton(body, *unit.receipt, words);
    }
    body.markup("<section class=\"soft\">");
    if (unit.kind == record::UnitKind::Refusal) {
        paragraph(body, receiptWords.oneOff);
    }
    if (view.isFinal) {
        paragraph(body, words.isFinal);
    } else if (std::any_of(unit.consents.begin(), unit.consents.end(),
                           [](const auto& consent) { return isYes(consent.state); })) {
        paragraph(body, receiptWords.provisional);
    }
    paragraph(body, proofIn(language, view.proof));
    paragraph(body, filledIn(receipt::recordedIn(language, view.unit.position.kiosk), view.unit));
    if (const auto caution = receipt::clockCautionIn(language, unit.at.quality); !caution.empty()) {
        paragraph(body, caution);
    }
    body.markup("</section><p><a href=\"/r/")
        .text(unit.receipt->hex())
        .markup(".jws\">")
        .text(words.signedReceipt)
        .markup("</a> \xC2\xB7 <a href=\"/keys.json\">")
        .text(words.keys)
        .markup("</a> \xC2\xB7 <a href=\"/notices.json\">")
        .text(words.notices)
        .markup("</a></p></main>");
    return document(language, words.title, body).take();
}

std::string withdrawalPage(const event::Event& event, const Withdrawal& done) {
    const record::Unit& unit = done.view.unit.unit;
    const std::string& language = unit.consents.front().notice.language;
    const PageWords& words = pageWordsIn(language);
    const bool isDone = !done.withdrawn.empty();
    const std::string_view title = isDone ? words.withdrawn : words.nothingLeft;
    Html body;
    body.markup("<main class=\"receipt\"><p class=\"brand\"><strong>Tapport</strong> <span>")
        .text(nameIn(event, language))
        .markup("</span></p><section class=\"card\" role=\"status\"><h1>")
        .text(title)
        .markup("</h1>");
    if (isDone) {
        body.markup("<ul>");
        for (const ledger::Scope& scope : done.withdrawn) {
            body.markup("<li>").text(titleOf(event, scope, language)).markup("</li>");
        }
        body.markup("</ul>");
    }
    paragraph(body, isDone ? words.withdrawnText : words.nothingLeftText);
    body.markup("</section><p>");
    if (done.receipt) {
        body.markup("<a href=\"/r/")
            .text(done.receipt->hex())
            .markup("\">")
            .text(words.withdrawalReceipt)
            .markup("</a> \xC2\xB7 ");
    }
    body.markup("<a href=\"/r/")
        .text(unit.receipt->hex())
        .markup("\">")
        .text(words.backToReceipt)
        .markup("</a></p></main>");
    return document(language, title, body).take();
}

std::string withdrawalPage(const event::Event& event, WithdrawalTrouble trouble) {
    const bool isTooOften = trouble == WithdrawalTrouble::TooOften;
    return inEveryLanguage(event, isTooOften ? &PageWords::tooOften : &PageWords::notTaken,
                           [&](Html& body, const PageWords& words) {
                               body.text(isTooOften ? words.tooOftenText : words.notTakenText)
                                   .markup(" ")
                                   .text(words.orWrite)
                                   .markup(" ")
                                   .text(event.controller.contact);
                           });
}

std::string unknownReceiptPage(const event::Event& event) {
    return inEveryLanguage(event, &PageWords::notHere, [](Html& body, const PageWords& words) {
        body.text(words.notHereText);
    });
}

}  // namespace tapport::hub
