// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/web/receipt_words.h"

namespace tapport::hub {
namespace {

constexpr PageWords kEnglish{
    "Your receipt",
    "Asked by",
    "You answered",
    "Today",
    "Valid until",
    "To change your mind",
    "At the booth: hold your badge to any kiosk again.",
    "Wording",
    "Final: everything the kiosks recorded has arrived here.",
    "Signed receipt (JWS)",
    "Keys of the kiosks",
    "All notices",
    "Not arrived yet",
    "This receipt has not arrived here, or the address is incomplete. Kiosks work offline and "
    "report later. Your QR code is already the proof: the kiosk signed it, and it can be checked "
    "without us.",
    "Withdraw",
    "Withdraw everything",
    "Everything that you have said yes to at this event, also on other receipts.",
    "Withdrawn",
    "This counts from now on: nothing is passed on or used any more for what stands here. The "
    "kiosks at the booth are told.",
    "Nothing left to withdraw",
    "You had no yes here any more. Nothing was changed.",
    "Receipt of this withdrawal",
    "Back to your receipt",
    "Not withdrawn",
    "We could not record this just now, and nothing was changed. Please try again in a few "
    "minutes. It also works at the booth: hold your badge to any kiosk.",
    "Please wait",
    "That was very often in a short time, and nothing was changed by it. Please try again in a "
    "minute.",
    "Or tell us:",
};

constexpr PageWords kGerman{
    "Ihr Beleg",
    "Gefragt hat",
    "Ihre Antwort",
    "Heute",
    "Gilt bis",
    "Meinung ändern",
    "Am Stand: halten Sie Ihr Badge noch einmal an ein Gerät.",
    "Wortlaut",
    "Endgültig: Alles, was die Geräte aufgezeichnet haben, ist hier angekommen.",
    "Signierter Beleg (JWS)",
    "Schlüssel der Geräte",
    "Alle Wortlaute",
    "Noch nicht angekommen",
    "Dieser Beleg ist hier noch nicht angekommen, oder die Adresse ist unvollständig. Die Geräte "
    "arbeiten offline und melden sich später. Ihr QR-Code ist schon der Beleg: Das Gerät hat "
    "ihn "
    "signiert, und er lässt sich ohne uns prüfen.",
    "Widerrufen",
    "Alles widerrufen",
    "Alles, wozu Sie bei dieser Veranstaltung Ja gesagt haben, auch auf anderen Belegen.",
    "Widerrufen",
    "Das gilt ab jetzt: Für das, was hier steht, wird nichts mehr weitergegeben oder verwendet. "
    "Die Geräte am Stand erfahren es.",
    "Nichts mehr zu widerrufen",
    "Sie hatten hier kein Ja mehr. Es wurde nichts geändert.",
    "Beleg über diesen Widerruf",
    "Zurück zu Ihrem Beleg",
    "Nicht widerrufen",
    "Wir konnten das gerade nicht aufzeichnen, und es wurde nichts geändert. Bitte versuchen Sie "
    "es in einigen Minuten noch einmal. Es geht auch am Stand: Halten Sie Ihr Badge an ein Gerät.",
    "Bitte warten Sie",
    "Das war sehr oft in kurzer Zeit, und es wurde dabei nichts geändert. Bitte versuchen Sie es "
    "in einer Minute noch einmal.",
    "Oder sagen Sie es uns:",
};

bool isGerman(std::string_view language) {
    return language.substr(0, 2) == "de";
}

}  // namespace

const PageWords& pageWordsIn(std::string_view language) {
    return isGerman(language) ? kGerman : kEnglish;
}

std::string_view standingIn(std::string_view language, ledger::Standing standing) {
    using ledger::Standing;
    const bool isDe = isGerman(language);
    switch (standing) {
        case Standing::Given:
        case Standing::Renewed:
            return isDe ? "Ihr Ja gilt." : "Your yes counts.";
        case Standing::Pending:
            return isDe ? "Wartet auf Ihre Bestätigung und gilt noch nicht."
                        : "Waits for your confirmation and does not count yet.";
        case Standing::Deferred:
            return isDe ? "Nicht rechtzeitig bestätigt: Gilt als Nein."
                        : "Not confirmed in time: counts as a no.";
        case Standing::Withheld:
            return isDe ? "Zwei Antworten widersprechen sich: Gilt als Nein, bis Sie neu antworten."
                        : "Two answers contradict each other: counts as a no until you answer "
                          "again.";
        case Standing::Expired:
            return isDe ? "Abgelaufen: Gilt nicht mehr." : "Expired: counts no more.";
        case Standing::Refused:
            return isDe ? "Ihr Nein gilt." : "Your no counts.";
        case Standing::Withdrawn:
            return isDe ? "Widerrufen: Wird nicht mehr verwendet." : "Withdrawn: used no more.";
        case Standing::Revoked:
        case Standing::Invalidated:
            return isDe ? "Von uns beendet: Wird nicht mehr verwendet."
                        : "Ended by us: used no more.";
        case Standing::Objected:
            return isDe ? "Sie haben widersprochen: Wird nicht mehr verwendet."
                        : "You objected: used no more.";
        case Standing::Erased:
            return isDe ? "Ihre Daten sind gelöscht. Nur dieser Nachweis bleibt."
                        : "Your data are erased. Only this proof remains.";
        case Standing::Unknown:
            break;
    }
    return isDe ? "Gilt nicht." : "Does not count.";
}

std::string_view proofIn(std::string_view language, ProofState proof) {
    const bool isDe = isGerman(language);
    switch (proof) {
        case ProofState::Proven:
            return isDe ? "Die Signatur des Geräts ist geprüft."
                        : "The kiosk's signature has been checked.";
        case ProofState::Unconfirmed:
            return isDe ? "Unbestätigt: Der Schlüssel des Geräts wurde vorher gesperrt."
                        : "Unconfirmed: the kiosk's key had been revoked before.";
        case ProofState::NotProven:
            return isDe ? "Die Signatur passt zu keinem veröffentlichten Schlüssel."
                        : "The signature fits no published key.";
        case ProofState::KeyUnknown:
        case ProofState::Unchecked:
        case ProofState::OtherEdition:
            break;
    }
    return isDe ? "Die Signatur konnte hier noch nicht geprüft werden."
                : "The signature could not be checked here yet.";
}

}  // namespace tapport::hub
