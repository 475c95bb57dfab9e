// SPDX-License-Identifier: GPL-3.0-or-later
// The visit as QML sees it, and the only way a press reaches the visit: each invokable posts one
// visit::Event. Decides nothing itself; never stores, logs or keeps what a person typed.
//
// UI thread only. Order for the owner of the session: carry out the effects (forget() among them),
// then show(session.view()).
#pragma once

#include "firmware-app/view/ask_view_model.h"
#include "firmware-app/view/choice_view_model.h"
#include "firmware-app/view/conversation_view_model.h"
#include "firmware-app/visit/visit_session.h"

#include <functional>

#include <QtCore/QDate>
#include <QtQml/QQmlListProperty>

namespace tapport::view {

class KioskViewModel : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the program")
    Q_PROPERTY(QString screen READ screen NOTIFY screenChanged)
    Q_PROPERTY(bool isBusy READ isBusy NOTIFY screenChanged)
    Q_PROPERTY(QString language READ language NOTIFY languageChanged)
    Q_PROPERTY(QString eventName READ eventName NOTIFY languageChanged)
    Q_PROPERTY(QString controllerName READ controllerName CONSTANT)
    Q_PROPERTY(QQmlListProperty<tapport::view::ChoiceViewModel> languages READ languages CONSTANT)
    Q_PROPERTY(QQmlListProperty<tapport::view::AskViewModel> asks READ asks CONSTANT)
    Q_PROPERTY(QQmlListProperty<tapport::view::ChoiceViewModel> needs READ needs CONSTANT)
    Q_PROPERTY(QQmlListProperty<tapport::view::ChoiceViewModel> readiness READ readiness CONSTANT)
    Q_PROPERTY(QQmlListProperty<tapport::view::ChoiceViewModel> colleagues READ colleagues CONSTANT)
    Q_PROPERTY(QQmlListProperty<tapport::view::ChoiceViewModel> days READ days NOTIFY daysChanged)
    Q_PROPERTY(QQmlListProperty<tapport::view::ConversationViewModel> conversations READ
                   conversations NOTIFY viewChanged)
    Q_PROPERTY(tapport::view::AskViewModel* currentAsk READ currentAsk NOTIFY viewChanged)
    Q_PROPERTY(bool isChangingOne READ isChangingOne NOTIFY viewChanged)
    Q_PROPERTY(tapport::view::KioskViewModel::ContactField contactField READ contactField NOTIFY
                   viewChanged)
    Q_PROPERTY(bool isContactInvalid READ isContactInvalid NOTIFY viewChanged)
    Q_PROPERTY(QString contactText READ contactText NOTIFY viewChanged)
    Q_PROPERTY(QString contactSummary READ contactSummary NOTIFY viewChanged)
    Q_PROPERTY(QString receiptLink READ receiptLink NOTIFY viewChanged)
    Q_PROPERTY(tapport::view::KioskViewModel::BadgeTrouble badgeTrouble READ badgeTrouble NOTIFY
                   viewChanged)
    Q_PROPERTY(bool isCodeInvalid READ isCodeInvalid NOTIFY viewChanged)
    Q_PROPERTY(int codeBlockedSeconds READ codeBlockedSeconds NOTIFY viewChanged)
    Q_PROPERTY(bool isErasable READ isErasable NOTIFY viewChanged)
    Q_PROPERTY(bool isErased READ isErased NOTIFY viewChanged)
    Q_PROPERTY(bool isGuessable READ isGuessable NOTIFY viewChanged)
    Q_PROPERTY(QString assistantName READ assistantName NOTIFY viewChanged)
    Q_PROPERTY(int minimumAge READ minimumAge CONSTANT)
    Q_PROPERTY(bool isPinWrong READ isPinWrong NOTIFY viewChanged)
    Q_PROPERTY(int pinBlockedSeconds READ pinBlockedSeconds NOTIFY viewChanged)
    Q_PROPERTY(QString staffId READ staffId NOTIFY viewChanged)
    Q_PROPERTY(QString staffName READ staffName NOTIFY viewChanged)
    Q_PROPERTY(bool isConversationNamed READ isConversationNamed NOTIFY viewChanged)
    Q_PROPERTY(bool hasVisitToLog READ hasVisitToLog NOTIFY viewChanged)
    Q_PROPERTY(bool hasRecordedYes READ hasRecordedYes NOTIFY viewChanged)
    Q_PROPERTY(bool isWarning READ isWarning NOTIFY viewChanged)
    Q_PROPERTY(int maxNoteLength READ maxNoteLength CONSTANT)
    Q_PROPERTY(int maxPromiseLength READ maxPromiseLength CONSTANT)

  public:
    /// Mirror visit's enumerations, which know no Qt.
    enum class ContactField : std::uint8_t { Email, Phone, Address, Name, Company };
    Q_ENUM(ContactField)
    enum class BadgeTrouble : std::uint8_t {
        Unknown,
        Empty,
        Malformed,
        TooSoon,
        Several,
        NotOurs,
        LookUpFailed
    };
    Q_ENUM(BadgeTrouble)

    /// `event` must outlive this. `post` takes what a person did; `today` is the day from which a
    /// promise's due date is counted.
    KioskViewModel(const event::Event& event, std::function<void(visit::Event)> post,
                   std::function<QDate()> today, QObject* parent = nullptr);

    void show(const visit::View& view);
    /// Drops everything derived from the badge or typed: fields, keyboard, clipboard.
    void forget();

    /// The page's name: visit::Screen as spelt there; qml/pages/<name>Page.qml shows it.
    [[nodiscard]] QString screen() const;
    [[nodiscard]] bool isBusy() const;
    [[nodiscard]] QString language() const;
    [[nodiscard]] QString eventName() const;
    [[nodiscard]] QString controllerName() const;
    [[nodiscard]] QQmlListProperty<ChoiceViewModel> languages();
    [[nodiscard]] QQmlListProperty<AskViewModel> asks();
    [[nodiscard]] QQmlListProperty<ChoiceViewModel> needs();
    [[nodiscard]] QQmlListProperty<ChoiceViewModel> readiness();
    [[nodiscard]] QQmlListProperty<ChoiceViewModel> colleagues();
    /// Tomorrow and on, four weeks; ids are ISO dates.
    [[nodiscard]] QQmlListProperty<ChoiceViewModel> days();
    [[nodiscard]] QQmlListProperty<ConversationViewModel> conversations();
    [[nodiscard]] AskViewModel* currentAsk() const;
    [[nodiscard]] bool isChangingOne() const { return view_.isChangingOne; }
    [[nodiscard]] ContactField contactField() const;
    [[nodiscard]] bool isContactInvalid() const { return view_.isContactInvalid; }
    /// What the asked-for field holds now, for the attendee to correct.
    [[nodiscard]] QString contactText() const;
    /// The visit's details, masked, in one line.
    [[nodiscard]] QString contactSummary() const;
    /// To be scanned with a phone; empty: there is none to show.
    [[nodiscard]] QString receiptLink() const;
    [[nodiscard]] BadgeTrouble badgeTrouble() const;
    [[nodiscard]] bool isCodeInvalid() const { return view_.isCodeInvalid; }
    [[nodiscard]] int codeBlockedSeconds() const;
    [[nodiscard]] bool isErasable() const { return view_.isErasable; }
    [[nodiscard]] bool isErased() const { return view_.isErased; }
    [[nodiscard]] bool isGuessable() const { return view_.isGuessable; }
    /// Initials of the colleague who presses for the attendee; empty: they press themselves.
    [[nodiscard]] QString assistantName() const;
    /// Younger people are not asked; 0: there is no limit.
    [[nodiscard]] int minimumAge() const { return static_cast<int>(event_.profile.minimumAge); }
    [[nodiscard]] bool isPinWrong() const { return view_.isPinWrong; }
    [[nodiscard]] int pinBlockedSeconds() const;
    [[nodiscard]] QString staffId() const;
    [[nodiscard]] QString staffName() const;
    [[nodiscard]] bool isConversationNamed() const { return view_.isConversationNamed; }
    [[nodiscard]] bool hasVisitToLog() const { return view_.hasVisitToLog; }
    [[nodiscard]] bool hasRecordedYes() const;
    [[nodiscard]] bool isWarning() const { return view_.isWarning; }
    [[nodiscard]] int maxNoteLength() const { return int{record::kMaxNoteLength}; }
    [[nodiscard]] int maxPromiseLength() const { return int{record::kMaxPromiseLength}; }

    Q_INVOKABLE void chooseLanguage(const QString& language);
    Q_INVOKABLE void seeMyAnswers();
    Q_INVOKABLE void typeCode();
    Q_INVOKABLE void enterCode(const QString& code);
    Q_INVOKABLE void declineUnderAge();
    Q_INVOKABLE void answerNone();
    Q_INVOKABLE void answerChoose();
    Q_INVOKABLE void answerAll();
    Q_INVOKABLE void answerYes();
    Q_INVOKABLE void answerNo();
    Q_INVOKABLE void enterContact(const QString& text);
    Q_INVOKABLE void changeAnswer(int ask);
    Q_INVOKABLE void correctContact();
    Q_INVOKABLE void confirm();
    Q_INVOKABLE void back();
    Q_INVOKABLE void cancel();
    Q_INVOKABLE void done();
    Q_INVOKABLE void withdrawAll();
    Q_INVOKABLE void withdrawOne(int ask);
    Q_INVOKABLE void erase();
    Q_INVOKABLE void changeMine();
    Q_INVOKABLE void newReceipt();
    Q_INVOKABLE void retry();
    Q_INVOKABLE void stayLonger();
    /// Somebody touched the glass: they are still there, nothing else.
    Q_INVOKABLE void touched();
    /// Of a note while it is written: "health", "politics", ...; the text goes no further.
    [[nodiscard]] Q_INVOKABLE QStringList sensitiveTopics(const QString& text) const;
    Q_INVOKABLE void openStaff();
    Q_INVOKABLE void enterPin(const QString& pin);
    Q_INVOKABLE void assist();
    /// `due` is an id of `days`, or empty; `owner` an id of `colleagues`.
    Q_INVOKABLE void submitConversation(const QString& need, const QString& readiness,
                                        const QString& note, const QString& promise,
                                        const QString& due, const QString& owner);

  signals:
    void screenChanged();
    void languageChanged();
    void viewChanged();
    void daysChanged();
    /// Pages drop their typed text.
    void forgotten();

  private:
    void useLanguage();
    void rebuildConversations();
    void rebuildDays();

    const event::Event& event_;
    std::function<void(visit::Event)> post_;
    std::function<QDate()> today_;
    visit::View view_;
    QList<ChoiceViewModel*> languages_;
    QList<AskViewModel*> asks_;
    QList<ChoiceViewModel*> needs_;
    QList<ChoiceViewModel*> readiness_;
    QList<ChoiceViewModel*> colleagues_;
    QList<ChoiceViewModel*> days_;
    QList<ConversationViewModel*> conversations_;
};

}  // namespace tapport::view
