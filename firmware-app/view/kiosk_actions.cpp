// SPDX-License-Identifier: GPL-3.0-or-later
// What a person can do, one visit::Event each. Nothing typed is kept here.
#include "firmware-app/view/kiosk_view_model.h"
#include "firmware-app/visit/sensitive_words.h"

namespace tapport::view {

void KioskViewModel::chooseLanguage(const QString& language) {
    post_(visit::ChooseLanguage{language.toStdString()});
}

void KioskViewModel::seeMyAnswers() {
    post_(visit::SeeMyAnswers{});
}

void KioskViewModel::typeCode() {
    post_(visit::TypeCode{});
}

void KioskViewModel::enterCode(const QString& code) {
    post_(visit::EnterCode{code.toStdString()});
}

void KioskViewModel::declineUnderAge() {
    post_(visit::DeclineUnderAge{});
}

void KioskViewModel::answerNone() {
    post_(visit::AnswerNone{});
}

void KioskViewModel::answerChoose() {
    post_(visit::AnswerChoose{});
}

void KioskViewModel::answerAll() {
    post_(visit::AnswerAll{});
}

void KioskViewModel::answerYes() {
    post_(visit::GiveAnswer{visit::Answer::Yes});
}

void KioskViewModel::answerNo() {
    post_(visit::GiveAnswer{visit::Answer::No});
}

void KioskViewModel::enterContact(const QString& text) {
    post_(visit::EnterContact{text.trimmed().toStdString()});
}

void KioskViewModel::changeAnswer(int ask) {
    post_(visit::ChangeAnswer{static_cast<std::size_t>(ask)});
}

void KioskViewModel::correctContact() {
    post_(visit::CorrectContact{});
}
void KioskViewModel::confirm() {
    post_(visit::Confirm{});
}

void KioskViewModel::back() {
    post_(visit::Back{});
}

void KioskViewModel::cancel() {
    post_(visit::Cancel{});
}

void KioskViewModel::done() {
    post_(visit::Done{});
}

void KioskViewModel::withdrawAll() {
    post_(visit::WithdrawAll{});
}

void KioskViewModel::withdrawOne(int ask) {
    post_(visit::WithdrawOne{static_cast<std::size_t>(ask)});
}

void KioskViewModel::erase() {
    post_(visit::Erase{});
}

void KioskViewModel::changeMine() {
    post_(visit::ChangeMine{});
}

void KioskViewModel::newReceipt() {
    post_(visit::NewReceipt{});
}

void KioskViewModel::retry() {
    post_(visit::Retry{});
}

void KioskViewModel::stayLonger() {
    post_(visit::StayLonger{});
}

void KioskViewModel::touched() {
    post_(visit::Typed{});
}

QStringList KioskViewModel::sensitiveTopics(const QString& text) const {
    QStringList topics;
    for (const visit::SensitiveTopic topic : visit::sensitiveTopics(text.toStdString())) {
        const std::string_view name = visit::nameOf(topic);
        topics.append(QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size())));
    }
    return topics;
}

void KioskViewModel::openStaff() {
    post_(visit::OpenStaff{});
}

void KioskViewModel::enterPin(const QString& pin) {
    post_(visit::EnterPin{pin.toStdString()});
}

void KioskViewModel::assist() {
    post_(visit::Assist{});
}

void KioskViewModel::submitConversation(const QString& need, const QString& readiness,
                                        const QString& note, const QString& promise,
                                        const QString& due, const QString& owner) {
    visit::ConversationDraft draft;
    draft.need = need.toStdString();
    draft.readiness = readiness.toStdString();
    draft.note = note.trimmed().toStdString();
    draft.promise = promise.trimmed().toStdString();
    const QDate date = QDate::fromString(due, Qt::ISODate);
    if (date.isValid()) {
        draft.due = std::chrono::year(date.year()) /
                    std::chrono::month(static_cast<unsigned>(date.month())) /
                    std::chrono::day(static_cast<unsigned>(date.day()));
    }
    draft.promiseOwner = owner.toStdString();
    post_(visit::SubmitConversation{std::move(draft)});
}

}  // namespace tapport::view
