// SPDX-License-Identifier: GPL-3.0-or-later
// Every sentence of the page, in English and German. "{}" is filled in.

const kWords = {
  en: {
    locale: "en-GB",
    title: "Check a receipt",
    lead: "This page checks a Tapport consent receipt on your own device. It works without a " +
          "network: nothing that you put in leaves it.",
    receipt: "Receipt",
    receiptHint: "Paste the link behind the QR code or the receipt, or drop the file here.",
    files: "Published files",
    filesHint: "Drop keys.json and notices.json here, as the organiser published them.",
    choose: "Choose files",
    root: "The organiser's root key",
    rootHint: "64 characters. Compare them with what the organiser made public elsewhere.",
    have: "Here", missing: "Missing",
    waiting: "Put in a receipt.",
    valid: "This receipt is genuine",
    validWhy: "Nothing was changed since {} signed it, and the event's root key vouches for that " +
              "key.",
    unpinned: "It fits, but whose key is it?",
    unpinnedWhy: "Signature, kiosk and words fit together.",
    comparePin: "Nobody has said yet which root key is the organiser's. Compare the one below " +
                "with the one that the organiser made public, and put it in.",
    unconfirmed: "Unconfirmed",
    unconfirmedWhy: "The signature fits. But the key of {} was revoked, and this receipt is " +
                    "later than what the organiser held then: somebody else may have made it.",
    invalid: "Do not rely on this receipt",
    unable: "This cannot be checked yet",
    agreed: "What it says",
    unchecked: "Neither the words nor the link's address were checked: notices.json is missing.",
    otherAddress: "The link's address is not the event's ({}): do not open it. The " +
                  "signature stands all the same.",
    earlierWords: "Asked with an earlier version ({}) of the notice, which the organiser lists.",
    who: "Who", why: "Why", data: "Data", howOften: "How often", recipients: "Who gets it",
    howLong: "How long", withdraw: "To change your mind", validUntil: "Valid until",
    pending: "This yes counts once it has been confirmed.",
    oneOff: "A no is kept under a one-off subject that stands for nobody: without a name, an " +
            "address or a badge.",
    witness: "Witness",
    recorded: "Recorded on {}, on the kiosk {}, epoch {}, record {}.",
    recordedOnPage: "Recorded on {}, on the page of the receipt, epoch {}, record {}.",
    hub: "the organiser's hub",
    clockNotSet: "The kiosk's clock was not set: the order of its records counts, not this time.",
    clockMoved: "The kiosk's clock was moved while it ran: the order of its records counts, not " +
                "this time.",
    provisional: "Provisional: until the organiser's hub has confirmed it, another kiosk may " +
                 "know of a withdrawal.",
    readable: "The receipt's own text",
    details: "Technical details",
    key: "Key", receiptId: "Receipt", everything: "Everything",
    channels: { email: "e-mail", phone: "phone", sms: "text message", post: "post",
                messenger: "messenger" },
    states: { given: "Yes", refused: "No", withdrawn: "Withdrawn", renewed: "Yes, renewed",
              expired: "Expired", objected: "Objected to", erased: "Deleted",
              confirmed: "Confirmed", revoked: "Ended", invalidated: "Invalid" },
    problems: {
      base64: "It was cut off, or something stands in or behind it: copy it again as a whole.",
      utf8: "It holds broken Unicode.",
      json: "It holds no JSON, or something stands behind it.",
      twice: "A member stands twice in it.",
      float: "It holds a number that is no safe integer.",
      deep: "It is nested too deeply.",
      asciiKey: "The name of a member is not ASCII.",
      canonical: "It is not written in its canonical form.",
      member: "It is not well-formed: {}.",
      tooLong: "It is too long for a receipt.",
      parts: "It is no whole receipt, which has three parts with a dot between them: copy it " +
             "again, with all that stands behind the #.",
      algorithm: "Its header asks for another algorithm than EdDSA.",
      link: "The link does not end in /r/ and 32 hexadecimal digits before the #.",
      linkId: "The link names another receipt than the one that is signed.",
      unknownKey: "The key {} is not among the event's published keys.",
      signature: "The signature does not fit: the receipt was changed, or not made by {}.",
      otherEvent: "The receipt, the keys and the notices are not of one event ({}).",
      otherKiosk: "The receipt names the kiosk {}, but another one signed it.",
      notice: "The notice of {} is not among the published ones.",
      otherRoot: "{} is signed with another key than the root key.",
      documentSignature: "{} was changed after it was signed.",
      noKeys: "keys.json is missing.",
      noRoot: "The root key is missing: put it in, or notices.json.",
      badRoot: "The root key must be 64 hexadecimal digits.",
      badFile: "{} is neither a receipt nor a published file.",
      browser: "This browser cannot check Ed25519 signatures. Take a newer one (Chromium 137, " +
               "Firefox 129, Safari 17), or tapport receipt verify.",
    },
  },
  de: {
    locale: "de-DE",
    title: "Einen Beleg prüfen",
    lead: "Diese Seite prüft einen Tapport-Beleg auf Ihrem eigenen Gerät. Sie braucht kein " +
          "Netz: Nichts, was Sie eingeben, verlässt sie.",
    receipt: "Beleg",
    receiptHint: "Link hinter dem QR-Code oder Beleg einfügen, oder die Datei hierher ziehen.",
    files: "Veröffentlichte Dateien",
    filesHint: "keys.json und notices.json des Veranstalters hierher ziehen.",
    choose: "Dateien wählen",
    root: "Stammschlüssel des Veranstalters",
    rootHint: "64 Zeichen. Vergleichen Sie sie mit dem, was der Veranstalter anderswo " +
              "veröffentlicht hat.",
    have: "Da", missing: "Fehlt",
    waiting: "Geben Sie einen Beleg ein.",
    valid: "Dieser Beleg ist echt",
    validWhy: "Seit {} ihn unterschrieben hat, wurde nichts geändert, und der Stammschlüssel der " +
              "Veranstaltung bürgt für dessen Schlüssel.",
    unpinned: "Er passt, aber wessen Schlüssel ist es?",
    unpinnedWhy: "Unterschrift, Gerät und Wortlaut passen zusammen.",
    comparePin: "Noch hat niemand gesagt, welcher Stammschlüssel der des Veranstalters ist. " +
                "Vergleichen Sie den unten mit dem, den der Veranstalter veröffentlicht hat, " +
                "und geben Sie ihn ein.",
    unconfirmed: "Unbestätigt",
    unconfirmedWhy: "Die Unterschrift passt. Aber der Schlüssel von {} wurde gesperrt, und dieser " +
                    "Beleg ist neuer als das, was dem Veranstalter damals vorlag: Jemand " +
                    "anders kann ihn gemacht haben.",
    invalid: "Verlassen Sie sich nicht auf diesen Beleg",
    unable: "Das lässt sich noch nicht prüfen",
    agreed: "Was er sagt",
    unchecked: "Weder Wortlaut noch Adresse des Links wurden geprüft: notices.json fehlt.",
    otherAddress: "Die Adresse des Links ist nicht die der Veranstaltung ({}): Öffnen Sie sie " +
                  "nicht. Die Unterschrift gilt trotzdem.",
    earlierWords: "Gefragt mit einer früheren Fassung ({}) des Hinweises, die der Veranstalter " +
                  "aufführt.",
    who: "Wer", why: "Wozu", data: "Daten", howOften: "Wie oft", recipients: "Wer sie bekommt",
    howLong: "Wie lange", withdraw: "Meinung ändern", validUntil: "Gilt bis",
    pending: "Dieses Ja zählt, sobald es bestätigt ist.",
    oneOff: "Ein Nein steht unter einem einmaligen Kennzeichen, das für niemanden steht: ohne " +
            "Namen, Adresse oder Badge.",
    witness: "Zeuge",
    recorded: "Aufgezeichnet am {}, am Gerät {}, Epoche {}, Eintrag {}.",
    recordedOnPage: "Aufgezeichnet am {}, auf der Seite des Belegs, Epoche {}, Eintrag {}.",
    hub: "das zentrale System des Veranstalters",
    clockNotSet: "Die Uhr des Geräts war nicht gestellt: Es zählt die Reihenfolge seiner " +
                 "Einträge, nicht diese Zeit.",
    clockMoved: "Die Uhr des Geräts wurde im Betrieb verstellt: Es zählt die Reihenfolge seiner " +
                "Einträge, nicht diese Zeit.",
    provisional: "Vorläufig: Bis das zentrale System des Veranstalters ihn bestätigt hat, kann " +
                 "ein anderes Gerät von einem Widerruf wissen.",
    readable: "Der Text des Belegs",
    details: "Technisches",
    key: "Schlüssel", receiptId: "Beleg", everything: "Alles",
    channels: { email: "E-Mail", phone: "Telefon", sms: "SMS", post: "Post",
                messenger: "Messenger" },
    states: { given: "Ja", refused: "Nein", withdrawn: "Widerrufen", renewed: "Ja, erneuert",
              expired: "Abgelaufen", objected: "Widersprochen", erased: "Gelöscht",
              confirmed: "Bestätigt", revoked: "Beendet", invalidated: "Unwirksam" },
    problems: {
      base64: "Er ist abgeschnitten, oder etwas steht darin oder dahinter: Kopieren Sie ihn " +
              "noch einmal ganz.",
      utf8: "Darin steht kaputtes Unicode.",
      json: "Darin steht kein JSON, oder dahinter steht noch etwas.",
      twice: "Ein Feld steht zweimal darin.",
      float: "Darin steht eine Zahl, die keine sichere Ganzzahl ist.",
      deep: "Es ist zu tief verschachtelt.",
      asciiKey: "Der Name eines Feldes ist nicht ASCII.",
      canonical: "Es ist nicht in seiner kanonischen Form geschrieben.",
      member: "Es ist nicht wohlgeformt: {}.",
      tooLong: "Das ist zu lang für einen Beleg.",
      parts: "Das ist kein ganzer Beleg, der drei Teile mit einem Punkt dazwischen hat: " +
             "Kopieren Sie ihn noch einmal, mit allem, was hinter dem # steht.",
      algorithm: "Der Kopf verlangt ein anderes Verfahren als EdDSA.",
      link: "Der Link endet vor dem # nicht auf /r/ und 32 Hexadezimalziffern.",
      linkId: "Der Link nennt einen anderen Beleg als den unterschriebenen.",
      unknownKey: "Der Schlüssel {} ist nicht unter den veröffentlichten.",
      signature: "Die Unterschrift passt nicht: Der Beleg wurde geändert oder nicht von {} " +
                 "gemacht.",
      otherEvent: "Beleg, Schlüssel und Hinweise gehören nicht zu einer Veranstaltung ({}).",
      otherKiosk: "Der Beleg nennt das Gerät {}, aber ein anderes hat ihn unterschrieben.",
      notice: "Der Hinweis zu {} ist nicht unter den veröffentlichten.",
      otherRoot: "{} ist mit einem anderen Schlüssel als dem Stammschlüssel unterschrieben.",
      documentSignature: "{} wurde nach der Unterschrift geändert.",
      noKeys: "keys.json fehlt.",
      noRoot: "Der Stammschlüssel fehlt: Geben Sie ihn oder notices.json ein.",
      badRoot: "Der Stammschlüssel muss aus 64 Hexadezimalziffern bestehen.",
      badFile: "{} ist weder ein Beleg noch eine veröffentlichte Datei.",
      browser: "Dieser Browser kann keine Ed25519-Unterschriften prüfen. Nehmen Sie einen " +
               "neueren (Chromium 137, Firefox 129, Safari 17) oder tapport receipt verify.",
    },
  },
};

function fill(sentence, ...values) {
  return values.reduce((text, value) => text.replace("{}", () => value), sentence);
}
