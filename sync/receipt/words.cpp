// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/receipt/words.h"

#include <fmt/core.h>

namespace tapport::receipt {
namespace {

constexpr Words kEnglish{
    "Receipt of your answers:",
    "Everything",
    "Why",
    "Data",
    "How often",
    "Who gets it",
    "How long",
    "To change your mind",
    "Valid until",
    "This yes counts once you have confirmed it.",
    "A no is kept under a one-off subject that stands for nobody: without a name, an address or a "
    "badge.",
    "Recorded on {time} UTC on the kiosk {kiosk} (epoch {epoch}, record {seqs}).",
    "Recorded on {time} UTC on the page of the receipt (epoch {epoch}, record {seqs}).",
    "The kiosk's clock was not set: its order of records counts, not this time.",
    "The kiosk's clock was moved while it ran: its order of records counts, not this time.",
    "Provisional: until our central system has confirmed it, another kiosk may know of a "
    "withdrawal.",
    "Your page",
};

constexpr Words kGerman{
    "Beleg über Ihre Antworten:",
    "Alles",
    "Wozu",
    "Daten",
    "Wie oft",
    "Wer sie bekommt",
    "Wie lange",
    "Meinung ändern",
    "Gilt bis",
    "Dieses Ja zählt, sobald Sie es bestätigt haben.",
    "Ein Nein steht unter einem einmaligen Kennzeichen, das für niemanden steht: ohne Namen, "
    "Adresse oder Badge.",
    "Aufgezeichnet am {time} Uhr (UTC) am Gerät {kiosk} (Epoche {epoch}, Eintrag {seqs}).",
    "Aufgezeichnet am {time} Uhr (UTC) auf der Seite des Belegs (Epoche {epoch}, Eintrag {seqs}).",
    "Die Uhr des Geräts war nicht gestellt: Es zählt die Reihenfolge seiner Einträge, nicht diese "
    "Zeit.",
    "Die Uhr des Geräts wurde im Betrieb verstellt: Es zählt die Reihenfolge seiner Einträge, "
    "nicht "
    "diese Zeit.",
    "Vorläufig: Bis unser zentrales System es bestätigt hat, kann ein anderes Gerät von einem "
    "Widerruf wissen.",
    "Ihre Seite",
};

constexpr std::array<std::string_view, 10> kEnglishStates{
    "Yes",         "No",      "Withdrawn", "Yes, renewed", "Expired",
    "Objected to", "Deleted", "Confirmed", "Ended",        "Invalid"};
constexpr std::array<std::string_view, 10> kGermanStates{
    "Ja",       "Nein",      "Widerrufen", "Ja, erneuert", "Abgelaufen", "Widersprochen",
    "Gelöscht", "Bestätigt", "Beendet",    "Unwirksam"};
constexpr std::array<std::string_view, 5> kEnglishChannels{"e-mail", "phone", "text message",
                                                           "post", "messenger"};
constexpr std::array<std::string_view, 5> kGermanChannels{"E-Mail", "Telefon", "SMS", "Post",
                                                          "Messenger"};
constexpr std::array<std::string_view, 12> kMonths{"January",   "February", "March",    "April",
                                                   "May",       "June",     "July",     "August",
                                                   "September", "October",  "November", "December"};

bool isGerman(std::string_view language) {
    return language == "de" || language.starts_with("de-");
}

}  // namespace

const Words& wordsIn(std::string_view language) {
    return isGerman(language) ? kGerman : kEnglish;
}

std::string_view recordedIn(std::string_view language, const record::KioskId& kiosk) {
    const Words& words = wordsIn(language);
    return kiosk == record::kHubLink ? words.recordedOnPage : words.recorded;
}

std::string_view stateIn(std::string_view language, record::ConsentState state) {
    return (isGerman(language) ? kGermanStates : kEnglishStates)
        .at(static_cast<std::size_t>(state));
}

std::string_view channelIn(std::string_view language, record::Channel channel) {
    return (isGerman(language) ? kGermanChannels : kEnglishChannels)
        .at(static_cast<std::size_t>(channel));
}

std::string_view clockCautionIn(std::string_view language, record::ClockQuality quality) {
    switch (quality) {
        case record::ClockQuality::Unset:
            return wordsIn(language).clockNotSet;
        case record::ClockQuality::Stepped:
            return wordsIn(language).clockMoved;
        case record::ClockQuality::Holdover:
        case record::ClockQuality::Synced:
            break;
    }
    return {};
}

std::string dayIn(std::string_view language, std::chrono::sys_days day) {
    const std::chrono::year_month_day date{day};
    const auto month = static_cast<unsigned>(date.month());
    const auto number = static_cast<unsigned>(date.day());
    const auto year = static_cast<int>(date.year());
    return isGerman(language) ? fmt::format("{}.{}.{}", number, month, year)
                              : fmt::format("{} {} {}", number, kMonths.at(month - 1), year);
}

}  // namespace tapport::receipt
