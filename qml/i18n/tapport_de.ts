<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en_US">
<context>
    <name>BackButton</name>
    <message>
        <source>Back</source>
        <extracomment>Button: one step back</extracomment>
        <translation>Zurück</translation>
    </message>
</context>
<context>
    <name>BadgeProblemPage</name>
    <message>
        <source>This badge is empty</source>
        <extracomment>Badge problem, title: the chip holds nothing</extracomment>
        <translation>Dieser Badge ist leer</translation>
    </message>
    <message>
        <source>We cannot read this badge</source>
        <extracomment>Badge problem, title: the chip holds something damaged</extracomment>
        <translation>Wir können diesen Badge nicht lesen</translation>
    </message>
    <message>
        <source>That was a little too quick</source>
        <extracomment>Badge problem, title: pulled away while reading</extracomment>
        <translation>Das ging etwas zu schnell</translation>
    </message>
    <message>
        <source>Several cards at once</source>
        <extracomment>Badge problem, title: two cards at once</extracomment>
        <translation>Mehrere Karten gleichzeitig</translation>
    </message>
    <message>
        <source>This badge is not from this event</source>
        <extracomment>Badge problem, title: a badge of another event</extracomment>
        <translation>Dieser Badge gehört nicht zu dieser Messe</translation>
    </message>
    <message>
        <source>We do not know this card</source>
        <extracomment>Badge problem, title: some other card</extracomment>
        <translation>Diese Karte kennen wir nicht</translation>
    </message>
    <message>
        <source>Hold your badge still on the reader until you see the next screen.</source>
        <extracomment>Badge problem, what to do</extracomment>
        <translation>Halten Sie Ihren Badge ruhig an das Lesefeld, bis die nächste Seite erscheint.</translation>
    </message>
    <message>
        <source>Hold your badge alone on the reader, away from other cards.</source>
        <extracomment>Badge problem, what to do</extracomment>
        <translation>Halten Sie nur Ihren Badge an das Lesefeld, ohne andere Karten.</translation>
    </message>
    <message>
        <source>Please ask at the registration desk for a new badge. Nothing was stored.</source>
        <extracomment>Badge problem, what to do</extracomment>
        <translation>Bitte fragen Sie an der Anmeldung nach einem neuen Badge. Es wurde nichts gespeichert.</translation>
    </message>
    <message>
        <source>Please use the badge of this event. Nothing was stored.</source>
        <extracomment>Badge problem, what to do</extracomment>
        <translation>Bitte nehmen Sie den Badge dieser Messe. Es wurde nichts gespeichert.</translation>
    </message>
    <message>
        <source>OK</source>
        <extracomment>Button: understood</extracomment>
        <translation>OK</translation>
    </message>
    <message>
        <source>We cannot open your answers now</source>
        <extracomment>Badge problem, title: what is recorded about this badge cannot be read</extracomment>
        <translation>Ihre Antworten lassen sich gerade nicht öffnen</translation>
    </message>
    <message>
        <source>They stay as they were. Please try again, or ask our staff.</source>
        <extracomment>Badge problem, what to do</extracomment>
        <translation>Sie bleiben, wie sie waren. Versuchen Sie es noch einmal oder fragen Sie unser Personal.</translation>
    </message>
</context>
<context>
    <name>CodeButton</name>
    <message>
        <source>No NFC? Type the code</source>
        <extracomment>Button: types the badge&apos;s code instead of tapping it</extracomment>
        <translation>Kein NFC? Code eingeben</translation>
    </message>
</context>
<context>
    <name>ClosedPage</name>
    <message>
        <source>This kiosk is closed</source>
        <extracomment>Title: the kiosk may not be used any more</extracomment>
        <translation>Dieses Gerät ist geschlossen</translation>
    </message>
    <message>
        <source>Please use another one, or speak to our staff: you can agree, look or withdraw there. Your answers so far are safe.</source>
        <extracomment>To attendees at a closed kiosk</extracomment>
        <translation>Bitte nehmen Sie ein anderes Gerät oder sprechen Sie unser Personal an: Dort können Sie zustimmen, nachsehen und widerrufen. Ihre bisherigen Antworten sind sicher.</translation>
    </message>
    <message>
        <source>For staff: the organiser has revoked this kiosk.</source>
        <extracomment>To staff at a closed kiosk: title of what to do</extracomment>
        <translation>Für das Personal: Der Veranstalter hat dieses Gerät gesperrt.</translation>
    </message>
    <message>
        <source>%1 records are still on it, sealed. Do not erase it: the organiser takes them from it.</source>
        <extracomment>To staff at a closed kiosk; %1 records are not in the hub</extracomment>
        <translation>Darauf liegen noch %1 versiegelte Aufzeichnungen. Nicht löschen: Der Veranstalter holt sie ab.</translation>
    </message>
    <message>
        <source>All its records are in the hub. Give it to the organiser.</source>
        <extracomment>To staff at a closed kiosk</extracomment>
        <translation>Alle Aufzeichnungen sind beim Hub. Geben Sie es dem Veranstalter.</translation>
    </message>
</context>
<context>
    <name>CodePage</name>
    <message>
        <source>Next</source>
        <extracomment>Button: goes on to the next step</extracomment>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Please type at least four letters or digits, as printed.</source>
        <extracomment>Error beside the field</extracomment>
        <translation>Bitte mindestens vier Buchstaben oder Ziffern, wie gedruckt.</translation>
    </message>
    <message>
        <source>Code on your badge</source>
        <extracomment>Title above a field</extracomment>
        <translation>Code auf Ihrem Badge</translation>
    </message>
    <message>
        <source>Anyone who knows this code can use it. So we never show your contact details here.</source>
        <extracomment>Beside the field: what a typed code is not good for</extracomment>
        <translation>Wer diesen Code kennt, kann ihn benutzen. Darum zeigen wir Ihre Kontaktdaten hier nie.</translation>
    </message>
    <message>
        <source>Many codes were typed here just now. Please wait %1 seconds.</source>
        <extracomment>Instead of an error beside the field; %1 seconds</extracomment>
        <translation>Hier wurden gerade viele Codes eingegeben. Bitte warten Sie %1 Sekunden.</translation>
    </message>
</context>
<context>
    <name>ContactPage</name>
    <message>
        <source>gmail.com outlook.com icloud.com yahoo.com</source>
        <extracomment>Frequent mail providers of people who speak this language, separated by blanks</extracomment>
        <translation>gmx.de web.de t-online.de gmail.com</translation>
    </message>
    <message>
        <source>Next</source>
        <extracomment>Button: goes on to the next step</extracomment>
        <translation>Weiter</translation>
    </message>
</context>
<context>
    <name>ConversationCard</name>
    <message>
        <source>You spoke with %1 on %2</source>
        <extracomment>Heading of an earlier conversation: %1 a colleague&apos;s name, %2 a day</extracomment>
        <translation>Gespräch mit %1 am %2</translation>
    </message>
    <message>
        <source>Promised: %1, by %2 (%3)</source>
        <extracomment>A promise: %1 what, %2 the day it is due, %3 who keeps it</extracomment>
        <translation>Versprochen: %1, bis %2 (%3)</translation>
    </message>
</context>
<context>
    <name>DaySheet</name>
    <message>
        <source>By when?</source>
        <extracomment>Title: the day by which a promise is kept</extracomment>
        <translation>Bis wann?</translation>
    </message>
    <message>
        <source>Close</source>
        <extracomment>Button: closes the days without picking one</extracomment>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>EraseSheet</name>
    <message>
        <source>Erase everything about you?</source>
        <extracomment>Title: before everything about the attendee is erased</extracomment>
        <translation>Alles über Sie löschen?</translation>
    </message>
    <message>
        <source>Back</source>
        <extracomment>Button: leaves things as they are</extracomment>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Your contact details and all notes are deleted: on this kiosk at once, everywhere else as soon as this arrives there. Every yes ends.</source>
        <extracomment>What erasing does</extracomment>
        <translation>Ihre Kontaktdaten und alle Notizen werden gelöscht: auf diesem Gerät sofort, überall sonst, sobald dies dort ankommt. Jedes Ja endet.</translation>
    </message>
    <message>
        <source>What stays is the proof of your answers, without your name, and a scrambled mark so that nobody writes to you by mistake.</source>
        <extracomment>What remains after erasing</extracomment>
        <translation>Es bleiben der Nachweis Ihrer Antworten, ohne Ihren Namen, und ein verschlüsseltes Zeichen, damit Ihnen niemand aus Versehen schreibt.</translation>
    </message>
    <message>
        <source>Erase everything</source>
        <extracomment>Button: erases everything about the attendee</extracomment>
        <translation>Alles löschen</translation>
    </message>
</context>
<context>
    <name>ErasedPage</name>
    <message>
        <source>Your details are erased here</source>
        <extracomment>Title after an erasure</extracomment>
        <translation>Ihre Daten sind hier gelöscht</translation>
    </message>
    <message>
        <source>Erased on this device. Our other systems follow as soon as this reaches them, ahead of everything else.</source>
        <extracomment>After an erasure</extracomment>
        <translation>Auf diesem Gerät gelöscht. Unsere anderen Systeme folgen, sobald sie es erfahren, vor allem anderen.</translation>
    </message>
    <message>
        <source>Our other systems follow as soon as this reaches them.</source>
        <extracomment>After an erasure, beside the receipt</extracomment>
        <translation>Unsere anderen Systeme folgen, sobald sie es erfahren.</translation>
    </message>
    <message>
        <source>Done</source>
        <extracomment>Button: finished reading</extracomment>
        <translation>Fertig</translation>
    </message>
</context>
<context>
    <name>FactList</name>
    <message>
        <source>Who</source>
        <extracomment>Label of a fact: who will use the data</extracomment>
        <translation>Wer</translation>
    </message>
    <message>
        <source>Why</source>
        <extracomment>Label of a fact: what the data is used for</extracomment>
        <translation>Wozu</translation>
    </message>
    <message>
        <source>Data</source>
        <extracomment>Label of a fact: which data</extracomment>
        <translation>Daten</translation>
    </message>
    <message>
        <source>How often</source>
        <extracomment>Label of a fact: how often they may write or call</extracomment>
        <translation>Wie oft</translation>
    </message>
    <message>
        <source>Who else</source>
        <extracomment>Label of a fact: who else receives the data</extracomment>
        <translation>Empfänger</translation>
    </message>
    <message>
        <source>How long</source>
        <extracomment>Label of a fact: how long the data is kept</extracomment>
        <translation>Wie lange</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <extracomment>Label of a fact: how to withdraw the consent</extracomment>
        <translation>Widerruf</translation>
    </message>
</context>
<context>
    <name>IdlePage</name>
    <message>
        <source>Tap your badge</source>
        <extracomment>Idle page, the one thing to do</extracomment>
        <translation>Badge antippen</translation>
    </message>
    <message>
        <source>You decide what %1 may use your details for. A tap alone agrees to nothing.</source>
        <extracomment>Idle page; %1 is the company at the booth</extracomment>
        <translation>Sie entscheiden, wofür %1 Ihre Daten verwenden darf. Mit dem Antippen allein stimmen Sie nichts zu.</translation>
    </message>
    <message>
        <source>See or change my answers</source>
        <extracomment>Button: what is recorded about me, change or withdraw it</extracomment>
        <translation>Meine Antworten ansehen oder ändern</translation>
    </message>
</context>
<context>
    <name>Keyboard</name>
    <message>
        <source>qwertyuiop</source>
        <extracomment>Keyboard row: ten letters</extracomment>
        <translation>qwertzuiop</translation>
    </message>
    <message>
        <source>asdfghjkl</source>
        <extracomment>Keyboard row: nine letters</extracomment>
        <translation>asdfghjkl</translation>
    </message>
    <message>
        <source>zxcvbnm</source>
        <extracomment>Keyboard row: seven letters</extracomment>
        <translation>yxcvbnm</translation>
    </message>
    <message>
        <source>Space</source>
        <extracomment>Name of a key</extracomment>
        <translation>Leerzeichen</translation>
    </message>
    <message>
        <source>Delete</source>
        <extracomment>Name of a key</extracomment>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Enter</source>
        <extracomment>Name of a key</extracomment>
        <translation>Eingabe</translation>
    </message>
    <message>
        <source>Capital letters</source>
        <extracomment>Name of a key</extracomment>
        <translation>Großbuchstaben</translation>
    </message>
    <message>
        <source>Digits and signs</source>
        <extracomment>Name of a key: digits and signs</extracomment>
        <translation>Ziffern und Zeichen</translation>
    </message>
</context>
<context>
    <name>LoadingPage</name>
    <message>
        <source>One moment, please</source>
        <extracomment>Shown while the badge&apos;s earlier answers are looked up</extracomment>
        <translation>Einen Moment, bitte</translation>
    </message>
    <message>
        <source>We look up your earlier answers. You can take your badge away now.</source>
        <extracomment>Shown while the badge&apos;s earlier answers are looked up</extracomment>
        <translation>Wir suchen Ihre früheren Antworten. Sie können Ihren Badge jetzt wegnehmen.</translation>
    </message>
</context>
<context>
    <name>NoThanksPage</name>
    <message>
        <source>Your no is saved</source>
        <extracomment>Title after &quot;no&quot; to everything</extracomment>
        <translation>Ihr Nein ist gespeichert</translation>
    </message>
    <message>
        <source>We noted only that somebody said no. Nothing about you is stored. Enjoy the show!</source>
        <extracomment>After &quot;no&quot; to everything</extracomment>
        <translation>Wir haben nur vermerkt, dass jemand Nein gesagt hat. Über Sie ist nichts gespeichert. Viel Freude auf der Messe!</translation>
    </message>
    <message>
        <source>Done</source>
        <extracomment>Button: finished reading</extracomment>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>We noted only that somebody said no, nothing about you.</source>
        <extracomment>After &quot;no&quot; to everything, beside the receipt</extracomment>
        <translation>Notiert ist nur, dass jemand Nein sagte, nichts über Sie.</translation>
    </message>
</context>
<context>
    <name>NoticeSheet</name>
    <message>
        <source>Close</source>
        <extracomment>Button: closes the full notice</extracomment>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>PageFrame</name>
    <message>
        <source>%1 (%2 presses for you)</source>
        <extracomment>Heading while staff press for the attendee: %1 the page&apos;s heading, %2 the colleague</extracomment>
        <translation>%1 (%2 drückt für Sie)</translation>
    </message>
</context>
<context>
    <name>PagedArea</name>
    <message>
        <source>Back to the top</source>
        <extracomment>Button below a text that is longer than the screen: turns the page</extracomment>
        <translation>Zurück zum Anfang</translation>
    </message>
    <message>
        <source>Show more</source>
        <translation>Mehr anzeigen</translation>
    </message>
</context>
<context>
    <name>PinPad</name>
    <message>
        <source>Delete</source>
        <extracomment>Name of a key</extracomment>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>OK</source>
        <extracomment>Key below the PIN</extracomment>
        <translation>OK</translation>
    </message>
</context>
<context>
    <name>PurposesPage</name>
    <message>
        <source>May %1 use your details for this?</source>
        <extracomment>Overview; %1 is the company at the booth</extracomment>
        <translation>Darf %1 Ihre Daten dafür verwenden?</translation>
    </message>
    <message>
        <source>No to all</source>
        <extracomment>One of three equal buttons: no to every question</extracomment>
        <translation>Alles ablehnen</translation>
    </message>
    <message>
        <source>Let me choose</source>
        <extracomment>One of three equal buttons: answer each question</extracomment>
        <translation>Selbst wählen</translation>
    </message>
    <message>
        <source>Yes to all</source>
        <extracomment>One of three equal buttons: yes to every question</extracomment>
        <translation>Allem zustimmen</translation>
    </message>
    <message>
        <source>I am under %1</source>
        <extracomment>Button: a way out for young people; %1 is an age</extracomment>
        <translation>Ich bin unter %1</translation>
    </message>
</context>
<context>
    <name>QuestionPage</name>
    <message>
        <source>Change this answer</source>
        <extracomment>Step: one answer is being changed</extracomment>
        <translation>Diese Antwort ändern</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <extracomment>Step: question %1 of %2</extracomment>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>Full notice</source>
        <extracomment>Button: opens the complete privacy notice</extracomment>
        <translation>Ganzer Hinweis</translation>
    </message>
</context>
<context>
    <name>ReceiptCode</name>
    <message>
        <source>Your receipt as a QR code</source>
        <extracomment>For assistive technology: the QR code with the attendee&apos;s receipt</extracomment>
        <translation>Ihr Beleg als QR-Code</translation>
    </message>
</context>
<context>
    <name>ReceiptPage</name>
    <message>
        <source>Your new receipt</source>
        <extracomment>Title above a new receipt of what is recorded</extracomment>
        <translation>Ihr neuer Beleg</translation>
    </message>
    <message>
        <source>There is no receipt this time</source>
        <extracomment>Title: a new receipt could not be made</extracomment>
        <translation>Diesmal gibt es keinen Beleg</translation>
    </message>
    <message>
        <source>What is recorded has not changed. Please try again or ask our staff.</source>
        <extracomment>A new receipt could not be made</extracomment>
        <translation>Was gespeichert ist, bleibt gleich. Versuchen Sie es noch einmal oder fragen Sie unser Team.</translation>
    </message>
    <message>
        <source>Done</source>
        <extracomment>Button: finished reading</extracomment>
        <translation>Fertig</translation>
    </message>
</context>
<context>
    <name>RecordedPage</name>
    <message>
        <source>What is recorded here</source>
        <extracomment>Title: what the kiosk holds about this attendee</extracomment>
        <translation>Was hier gespeichert ist</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <extracomment>Button: takes a yes back</extracomment>
        <translation>Widerrufen</translation>
    </message>
    <message>
        <source>Withdraw: %1</source>
        <extracomment>Name of that button for assistive technology; %1 is the purpose</extracomment>
        <translation>Widerrufen: %1</translation>
    </message>
    <message>
        <source>Done</source>
        <extracomment>Button: finished reading</extracomment>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>New receipt</source>
        <extracomment>Button: a signed copy of what is recorded, as a QR code</extracomment>
        <translation>Neuer Beleg</translation>
    </message>
    <message>
        <source>Everything about you was erased at your wish. We do not ask you again.</source>
        <extracomment>On a second tap after an erasure</extracomment>
        <translation>Alles über Sie wurde auf Ihren Wunsch gelöscht. Wir fragen Sie nicht noch einmal.</translation>
    </message>
    <message>
        <source>This badge has no secret: contact details and conversations are not shown here.</source>
        <extracomment>On a second tap with a typed code or a badge without a secret</extracomment>
        <translation>Dieser Badge hat kein Geheimnis: Kontaktdaten und Gespräche zeigen wir hier nicht.</translation>
    </message>
    <message>
        <source>Withdraw all</source>
        <extracomment>Button: takes every yes back</extracomment>
        <translation>Alles widerrufen</translation>
    </message>
    <message>
        <source>Change answers</source>
        <extracomment>Name of that button for assistive technology</extracomment>
        <translation>Antworten ändern</translation>
    </message>
    <message>
        <source>Change</source>
        <extracomment>Button: goes through the questions again</extracomment>
        <translation>Ändern</translation>
    </message>
    <message>
        <source>Erase everything</source>
        <extracomment>Button: to the page that erases everything about the attendee</extracomment>
        <translation>Alles löschen</translation>
    </message>
</context>
<context>
    <name>ResultPage</name>
    <message>
        <source>It is provisional until our server has confirmed it.</source>
        <extracomment>Beside the QR code of a receipt made before the central system knows of it</extracomment>
        <translation>Er ist vorläufig, bis unser Server ihn bestätigt.</translation>
    </message>
    <message>
        <source>Scan the code with your phone: your signed receipt for this.</source>
        <extracomment>Beside the QR code of a receipt</extracomment>
        <translation>Scannen Sie den Code mit dem Handy: Ihr signierter Beleg dafür.</translation>
    </message>
</context>
<context>
    <name>SaveFailedPage</name>
    <message>
        <source>Your answers are not saved</source>
        <extracomment>Title when storing failed</extracomment>
        <translation>Ihre Antworten sind nicht gespeichert</translation>
    </message>
    <message>
        <source>Please try again. If it does not work, tell the staff. Until it is saved, nothing about you is stored.</source>
        <extracomment>When storing failed: what to do</extracomment>
        <translation>Bitte versuchen Sie es noch einmal. Gelingt es nicht, sagen Sie bitte am Stand Bescheid. Bis dahin ist nichts über Sie gespeichert.</translation>
    </message>
    <message>
        <source>Try again</source>
        <extracomment>Button: store once more</extracomment>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>Leave without saving</source>
        <extracomment>Button: leave, nothing is stored</extracomment>
        <translation>Ohne Speichern gehen</translation>
    </message>
</context>
<context>
    <name>SavedPage</name>
    <message>
        <source>Your answers are saved</source>
        <extracomment>Title after the answers were stored</extracomment>
        <translation>Ihre Antworten sind gespeichert</translation>
    </message>
    <message>
        <source>Saved on this device. We send them on by ourselves. To change or withdraw an answer, tap your badge again.</source>
        <extracomment>After the answers were stored: offline and online alike</extracomment>
        <translation>Auf diesem Gerät gespeichert, wir senden sie von selbst weiter. Zum Ändern oder Widerrufen tippen Sie Ihren Badge wieder an.</translation>
    </message>
    <message>
        <source>Done</source>
        <extracomment>Button: finished reading</extracomment>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>To change or withdraw an answer, tap your badge again.</source>
        <extracomment>After the answers were stored, beside the receipt</extracomment>
        <translation>Ändern oder widerrufen? Badge noch einmal antippen.</translation>
    </message>
</context>
<context>
    <name>SavingPage</name>
    <message>
        <source>Saving your answers</source>
        <extracomment>Shown while the answers are written</extracomment>
        <translation>Ihre Antworten werden gespeichert</translation>
    </message>
    <message>
        <source>They are not saved yet. This takes a moment.</source>
        <extracomment>Shown while the answers are written</extracomment>
        <translation>Sie sind noch nicht gespeichert. Das dauert einen Moment.</translation>
    </message>
</context>
<context>
    <name>StaffButton</name>
    <message>
        <source>Staff</source>
        <extracomment>Button: the door for the booth&apos;s staff</extracomment>
        <translation>Personal</translation>
    </message>
</context>
<context>
    <name>StaffFormPage</name>
    <message>
        <source>Conversation, %1</source>
        <extracomment>Heading of the staff form: %1 is who logs</extracomment>
        <translation>Gespräch, %1</translation>
    </message>
    <message>
        <source>There was no visit in the last minutes. The conversation is counted without a name.</source>
        <extracomment>Staff form, nobody was here lately</extracomment>
        <translation>In den letzten Minuten war niemand hier. Das Gespräch wird ohne Namen gezählt.</translation>
    </message>
    <message>
        <source>What do they need?</source>
        <extracomment>Label of a pick-list: what the visitor needs</extracomment>
        <translation>Was wird gebraucht?</translation>
    </message>
    <message>
        <source>How far are they?</source>
        <extracomment>Label of a pick-list: how far the visitor is</extracomment>
        <translation>Wie weit ist das Vorhaben?</translation>
    </message>
    <message>
        <source>Note. The visitor can read this.</source>
        <extracomment>Label of the note: what staff write is shown to the visitor
----------
Title above the note&apos;s keyboard</extracomment>
        <translation>Notiz. Der Besucher kann sie lesen.</translation>
    </message>
    <message>
        <source>Write a note</source>
        <extracomment>Button: opens the keyboard for the note</extracomment>
        <translation>Notiz schreiben</translation>
    </message>
    <message>
        <source>What did we promise?</source>
        <extracomment>Label of the promise: what staff said they would do</extracomment>
        <translation>Was haben wir versprochen?</translation>
    </message>
    <message>
        <source>Write a promise</source>
        <extracomment>Button: opens the keyboard for the promise</extracomment>
        <translation>Versprechen aufschreiben</translation>
    </message>
    <message>
        <source>Tomorrow</source>
        <extracomment>A promise&apos;s due date</extracomment>
        <translation>Morgen</translation>
    </message>
    <message>
        <source>In 2 days</source>
        <extracomment>A promise&apos;s due date</extracomment>
        <translation>In 2 Tagen</translation>
    </message>
    <message>
        <source>In a week</source>
        <extracomment>A promise&apos;s due date</extracomment>
        <translation>In einer Woche</translation>
    </message>
    <message>
        <source>Pick a day</source>
        <extracomment>A promise&apos;s due date: opens a list of days</extracomment>
        <translation>Tag wählen</translation>
    </message>
    <message>
        <source>Who keeps it?</source>
        <extracomment>Label of a pick-list: which colleague keeps the promise</extracomment>
        <translation>Wer kümmert sich?</translation>
    </message>
    <message>
        <source>Need and readiness</source>
        <extracomment>Button: to the first part of the staff form</extracomment>
        <translation>Bedarf und Stand</translation>
    </message>
    <message>
        <source>Note and promise</source>
        <extracomment>Button: to the second part of the staff form</extracomment>
        <translation>Notiz und Versprechen</translation>
    </message>
    <message>
        <source>Save conversation</source>
        <extracomment>Button: stores the conversation</extracomment>
        <translation>Gespräch speichern</translation>
    </message>
    <message>
        <source>What did we promise? The visitor can read this.</source>
        <extracomment>Title above the promise&apos;s keyboard</extracomment>
        <translation>Was haben wir versprochen? Der Besucher kann es lesen.</translation>
    </message>
    <message>
        <source>Pick a need first.</source>
        <extracomment>Staff form: why the conversation cannot be saved yet</extracomment>
        <translation>Bitte Bedarf wählen.</translation>
    </message>
    <message>
        <source>Press for a visitor</source>
        <extracomment>Button: staff press the answers that a visitor speaks</extracomment>
        <translation>Für Besucher drücken</translation>
    </message>
</context>
<context>
    <name>StaffPinPage</name>
    <message>
        <source>Staff</source>
        <extracomment>Title of the staff&apos;s PIN page</extracomment>
        <translation>Personal</translation>
    </message>
    <message>
        <source>Tap your staff badge or enter your PIN.</source>
        <extracomment>What staff do on the PIN page</extracomment>
        <translation>Tippen Sie Ihren Personalbadge an oder geben Sie Ihre PIN ein.</translation>
    </message>
    <message>
        <source>Digits entered: %1</source>
        <extracomment>For assistive technology; %1 digits of the PIN are entered</extracomment>
        <translation>Eingegebene Ziffern: %1</translation>
    </message>
    <message>
        <source>Too many wrong tries. Please wait %1 seconds.</source>
        <extracomment>After too many wrong PINs; %1 seconds</extracomment>
        <translation>Zu viele Fehlversuche. Bitte warten Sie %1 Sekunden.</translation>
    </message>
    <message>
        <source>That PIN is not right. Please try again.</source>
        <extracomment>After a wrong PIN</extracomment>
        <translation>Diese PIN stimmt nicht. Bitte versuchen Sie es noch einmal.</translation>
    </message>
</context>
<context>
    <name>StaffSavedPage</name>
    <message>
        <source>Conversation saved</source>
        <extracomment>Title after staff logged a conversation</extracomment>
        <translation>Gespräch gespeichert</translation>
    </message>
    <message>
        <source>The visitor can read it after the next tap.</source>
        <extracomment>After staff logged a conversation</extracomment>
        <translation>Der Besucher kann es nach dem nächsten Antippen lesen.</translation>
    </message>
    <message>
        <source>Counted without a name.</source>
        <extracomment>After staff logged a conversation with somebody who did not say yes</extracomment>
        <translation>Ohne Namen gezählt.</translation>
    </message>
    <message>
        <source>Done</source>
        <extracomment>Button: finished reading</extracomment>
        <translation>Fertig</translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message>
        <source>Status for staff</source>
        <extracomment>Name of the status line for assistive technology</extracomment>
        <translation>Status für das Personal</translation>
    </message>
    <message>
        <source>Waiting: %1</source>
        <extracomment>Status: number of records not yet acknowledged by the hub</extracomment>
        <translation>Wartend: %1</translation>
    </message>
    <message>
        <source>In the hub: %1</source>
        <extracomment>Status: number of records the hub has</extracomment>
        <translation>Im Hub: %1</translation>
    </message>
    <message>
        <source>Unreadable: %1</source>
        <extracomment>Status: number of records the hub could not read</extracomment>
        <translation>Unlesbar: %1</translation>
    </message>
    <message>
        <source>Reader: no answer</source>
        <extracomment>Status: the badge reader does not answer</extracomment>
        <translation>Leser: keine Antwort</translation>
    </message>
    <message>
        <source>Reader: ready</source>
        <extracomment>Status: the badge reader works</extracomment>
        <translation>Leser: bereit</translation>
    </message>
    <message>
        <source>Reader: starting</source>
        <extracomment>Status: the badge reader is being started</extracomment>
        <translation>Leser: startet</translation>
    </message>
    <message>
        <source>Offline</source>
        <extracomment>Status: no connection; records are kept and sent later</extracomment>
        <translation>Offline</translation>
    </message>
    <message>
        <source>Hub: online</source>
        <extracomment>Status: connected, and the hub answers</extracomment>
        <translation>Hub: online</translation>
    </message>
    <message>
        <source>Hub: no answer yet</source>
        <extracomment>Status: connected, but the hub has not answered yet</extracomment>
        <translation>Hub: noch keine Antwort</translation>
    </message>
</context>
<context>
    <name>SummaryPage</name>
    <message>
        <source>Your answers</source>
        <extracomment>Title of the summary</extracomment>
        <translation>Ihre Antworten</translation>
    </message>
    <message>
        <source>Change</source>
        <extracomment>Button beside an answer</extracomment>
        <translation>Ändern</translation>
    </message>
    <message>
        <source>Change: %1</source>
        <extracomment>Name of that button for assistive technology; %1 is the purpose</extracomment>
        <translation>Ändern: %1</translation>
    </message>
    <message>
        <source>With a yes: %1</source>
        <extracomment>Summary: details that are stored with a yes, masked</extracomment>
        <translation>Bei Ja: %1</translation>
    </message>
    <message>
        <source>Leave without saving</source>
        <extracomment>Button: leave, nothing is stored</extracomment>
        <translation>Ohne Speichern gehen</translation>
    </message>
    <message>
        <source>Save my answers</source>
        <extracomment>Button: stores the answers as listed</extracomment>
        <translation>Antworten speichern</translation>
    </message>
    <message>
        <source>Change details</source>
        <extracomment>Button: goes through the details that are stored with a yes</extracomment>
        <translation>Angaben ändern</translation>
    </message>
    <message>
        <source>Change my details</source>
        <extracomment>Name of that button for assistive technology</extracomment>
        <translation>Meine Angaben ändern</translation>
    </message>
</context>
<context>
    <name>TapToSeePage</name>
    <message>
        <source>Tap your badge to see your answers</source>
        <extracomment>Title: a badge shows what is recorded about its owner</extracomment>
        <translation>Badge antippen, um Ihre Antworten zu sehen</translation>
    </message>
    <message>
        <source>You see what is recorded on this kiosk. You can change it or withdraw it at once.</source>
        <extracomment>What &quot;see or change my answers&quot; can do</extracomment>
        <translation>Sie sehen, was auf diesem Gerät gespeichert ist. Sie können es sofort ändern oder widerrufen.</translation>
    </message>
</context>
<context>
    <name>TextSheet</name>
    <message>
        <source>Done</source>
        <extracomment>Button: the text is complete</extracomment>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Is this about %1? Better leave it out.</source>
        <extracomment>Warning under a note while it is written: %1 topics such as &quot;health, religion&quot;</extracomment>
        <translation>Geht es um %1? Besser weglassen.</translation>
    </message>
</context>
<context>
    <name>TimeoutWarning</name>
    <message>
        <source>Do you need more time?</source>
        <extracomment>Time-out warning, title</extracomment>
        <translation>Brauchen Sie mehr Zeit?</translation>
    </message>
    <message>
        <source>Otherwise this screen is cleared in a moment, and nothing new is stored.</source>
        <extracomment>Time-out warning, text</extracomment>
        <translation>Sonst wird dieser Bildschirm gleich geleert, und es wird nichts Neues gespeichert.</translation>
    </message>
    <message>
        <source>I need more time</source>
        <extracomment>Button on the time-out warning</extracomment>
        <translation>Ich brauche mehr Zeit</translation>
    </message>
</context>
<context>
    <name>UnderAgePage</name>
    <message>
        <source>Thank you for telling us</source>
        <extracomment>Title after &quot;I am under 16&quot;</extracomment>
        <translation>Danke, dass Sie es sagen</translation>
    </message>
    <message>
        <source>We ask only people of %1 or older. Nothing was stored. Enjoy the show!</source>
        <extracomment>After &quot;I am under %1&quot;</extracomment>
        <translation>Wir fragen nur Menschen ab %1 Jahren. Nichts wurde gespeichert. Viel Spaß auf der Messe!</translation>
    </message>
    <message>
        <source>Done</source>
        <extracomment>Button: finished reading</extracomment>
        <translation>Fertig</translation>
    </message>
</context>
<context>
    <name>WithdrawnPage</name>
    <message>
        <source>Your consent is withdrawn</source>
        <extracomment>Title after a withdrawal</extracomment>
        <translation>Ihre Einwilligung ist widerrufen</translation>
    </message>
    <message>
        <source>Saved on this device. It is sent ahead of everything else, and wins over a yes given elsewhere meanwhile.</source>
        <extracomment>After a withdrawal</extracomment>
        <translation>Auf diesem Gerät gespeichert. Der Widerruf wird vor allem anderen gesendet und geht einem Ja vor, das inzwischen anderswo gegeben wurde.</translation>
    </message>
    <message>
        <source>Done</source>
        <extracomment>Button: finished reading</extracomment>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Your withdrawal wins over a yes given elsewhere meanwhile.</source>
        <extracomment>After a withdrawal, beside the receipt</extracomment>
        <translation>Ihr Widerruf gilt auch gegen ein anderswo gegebenes Ja.</translation>
    </message>
</context>
<context>
    <name>Wording</name>
    <message>
        <source>by e-mail</source>
        <extracomment>Channel: how the attendee is reached</extracomment>
        <translation>per E-Mail</translation>
    </message>
    <message>
        <source>by phone</source>
        <extracomment>Channel</extracomment>
        <translation>per Telefon</translation>
    </message>
    <message>
        <source>by text message</source>
        <extracomment>Channel</extracomment>
        <translation>per SMS</translation>
    </message>
    <message>
        <source>by post</source>
        <extracomment>Channel</extracomment>
        <translation>per Post</translation>
    </message>
    <message>
        <source>by messenger</source>
        <extracomment>Channel</extracomment>
        <translation>per Messenger</translation>
    </message>
    <message>
        <source>Clock not set: %1</source>
        <extracomment>Status: the clock was never set; %1 is what it shows</extracomment>
        <translation>Uhr nicht gestellt: %1</translation>
    </message>
    <message>
        <source>Clock days off: %1</source>
        <extracomment>Status: the clock shows another day than the hub&apos;s; %1 is what it shows</extracomment>
        <translation>Uhr um Tage falsch: %1</translation>
    </message>
    <message>
        <source>Clock %2 min behind: %1</source>
        <extracomment>Status: the clock is %2 minutes behind the hub&apos;s; %1 is what it shows</extracomment>
        <translation>Uhr geht %2 min nach: %1</translation>
    </message>
    <message>
        <source>Clock %2 min ahead: %1</source>
        <extracomment>Status: the clock is %2 minutes ahead of the hub&apos;s; %1 is what it shows</extracomment>
        <translation>Uhr geht %2 min vor: %1</translation>
    </message>
    <message>
        <source>Clock %2 h behind: %1</source>
        <extracomment>Status: the clock is %2 hours behind the hub&apos;s; %1 is what it shows</extracomment>
        <translation>Uhr geht %2 h nach: %1</translation>
    </message>
    <message>
        <source>Clock %2 h ahead: %1</source>
        <extracomment>Status: the clock is %2 hours ahead of the hub&apos;s; %1 is what it shows</extracomment>
        <translation>Uhr geht %2 h vor: %1</translation>
    </message>
    <message>
        <source>Your e-mail address</source>
        <extracomment>Title above a field</extracomment>
        <translation>Ihre E-Mail-Adresse</translation>
    </message>
    <message>
        <source>Your phone number</source>
        <extracomment>Title above a field</extracomment>
        <translation>Ihre Telefonnummer</translation>
    </message>
    <message>
        <source>Your postal address</source>
        <extracomment>Title above a field</extracomment>
        <translation>Ihre Postanschrift</translation>
    </message>
    <message>
        <source>Please check the address.</source>
        <extracomment>Error beside the field</extracomment>
        <translation>Bitte prüfen Sie die Adresse.</translation>
    </message>
    <message>
        <source>Please enter the number with its area code.</source>
        <extracomment>Error beside the field</extracomment>
        <translation>Bitte geben Sie die Nummer mit Vorwahl ein.</translation>
    </message>
    <message>
        <source>Please enter street, postcode and town.</source>
        <extracomment>Error beside the field</extracomment>
        <translation>Bitte geben Sie Straße, Postleitzahl und Ort ein.</translation>
    </message>
    <message>
        <source>Your name</source>
        <extracomment>Title above a field</extracomment>
        <translation>Ihr Name</translation>
    </message>
    <message>
        <source>Your company</source>
        <extracomment>Title above a field</extracomment>
        <translation>Ihre Firma</translation>
    </message>
    <message>
        <source>Please enter a name.</source>
        <extracomment>Error beside a field for a name</extracomment>
        <translation>Bitte geben Sie einen Namen ein.</translation>
    </message>
    <message>
        <source>Yes</source>
        <extracomment>An answer in a list</extracomment>
        <translation>Ja</translation>
    </message>
    <message>
        <source>No</source>
        <extracomment>An answer in a list</extracomment>
        <translation>Nein</translation>
    </message>
    <message>
        <source>No answer</source>
        <extracomment>In a list: nothing was answered</extracomment>
        <translation>Keine Antwort</translation>
    </message>
    <message>
        <source>health</source>
        <extracomment>A sensitive topic in a note</extracomment>
        <translation>Gesundheit</translation>
    </message>
    <message>
        <source>politics</source>
        <extracomment>A sensitive topic in a note</extracomment>
        <translation>Politik</translation>
    </message>
    <message>
        <source>religion</source>
        <extracomment>A sensitive topic in a note</extracomment>
        <translation>Religion</translation>
    </message>
    <message>
        <source>ethnic origin</source>
        <extracomment>A sensitive topic in a note</extracomment>
        <translation>Herkunft</translation>
    </message>
    <message>
        <source>trade unions</source>
        <extracomment>A sensitive topic in a note</extracomment>
        <translation>Gewerkschaften</translation>
    </message>
    <message>
        <source>insults</source>
        <extracomment>A sensitive topic in a note</extracomment>
        <translation>Beleidigungen</translation>
    </message>
</context>
</TS>
