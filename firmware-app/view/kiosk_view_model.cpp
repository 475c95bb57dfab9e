// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/view/kiosk_view_model.h"

#include "firmware-app/view/event_text.h"
#include "firmware-app/view/mask.h"

#include <algorithm>

#include <QtGui/QClipboard>
#include <QtGui/QGuiApplication>
#include <QtGui/QInputMethod>

namespace tapport::view {
namespace {

constexpr int kDaysToPick = 28;

/// Read-only: QML cannot add to it or clear it.
template <typename Item>
QQmlListProperty<Item> listOf(QObject* owner, QList<Item*>& items) {
    return {owner, &items,
            [](QQmlListProperty<Item>* list) {
                return static_cast<const QList<Item*>*>(list->data)->size();
            },
            [](QQmlListProperty<Item>* list, qsizetype index) {
                return static_cast<const QList<Item*>*>(list->data)->at(index);
            }};
}

int secondsOf(record::Millis time) {
    return static_cast<int>(std::chrono::ceil<std::chrono::seconds>(time).count());
}

AskViewModel::Answer answerAt(const std::vector<visit::Answer>& answers, std::size_t index) {
    const visit::Answer answer = index < answers.size() ? answers.at(index) : visit::Answer::Unset;
    return static_cast<AskViewModel::Answer>(answer);
}

static_assert(static_cast<int>(AskViewModel::Answer::Yes) == static_cast<int>(visit::Answer::Yes));
static_assert(static_cast<int>(KioskViewModel::ContactField::Company) ==
              static_cast<int>(visit::ContactField::Company));
static_assert(static_cast<int>(KioskViewModel::BadgeTrouble::LookUpFailed) ==
              static_cast<int>(visit::BadgeTrouble::LookUpFailed));

}  // namespace

KioskViewModel::KioskViewModel(const event::Event& event, std::function<void(visit::Event)> post,
                               std::function<QDate()> today, QObject* parent)
    : QObject(parent), event_(event), post_(std::move(post)), today_(std::move(today)) {
    view_.language = event.languages.front();
    for (const std::string& language : event.languages) {
        languages_.append(new ChoiceViewModel(text(language), nativeName(language), this));
    }
    for (const event::Ask& ask : event.asks) {
        asks_.append(new AskViewModel(ask, static_cast<int>(asks_.size()), view_.language, this));
    }
    for (const event::Choice& need : event.needs) {
        needs_.append(new ChoiceViewModel(text(need.id), {}, this));
    }
    for (const event::Choice& readiness : event.readiness) {
        readiness_.append(new ChoiceViewModel(text(readiness.id), {}, this));
    }
    for (const event::Staff& staff : event.staff) {
        colleagues_.append(new ChoiceViewModel(text(staff.id.value), text(staff.name), this));
    }
    rebuildDays();
    useLanguage();
}

void KioskViewModel::show(const visit::View& view) {
    const bool isOtherScreen = view.screen != view_.screen;
    const bool isOtherLanguage = view.language != view_.language;
    const bool isOtherTalk = isOtherLanguage || view.conversations != view_.conversations;
    view_ = view;
    for (AskViewModel* ask : std::as_const(asks_)) {
        const auto index = static_cast<std::size_t>(ask->index());
        ask->setAnswers(answerAt(view_.answers, index), answerAt(view_.recorded, index));
    }
    if (isOtherScreen && view_.screen == visit::Screen::StaffForm) {
        rebuildDays();
    }
    if (isOtherLanguage) {
        useLanguage();
    }
    if (isOtherTalk) {
        rebuildConversations();
    }
    emit viewChanged();
    if (isOtherLanguage) {
        emit languageChanged();
    }
    if (isOtherScreen) {
        emit screenChanged();
    }
}

void KioskViewModel::forget() {
    view_.contact = {};
    view_.conversations.clear();
    view_.answers.clear();
    view_.recorded.clear();
    view_.receiptLink.clear();
    for (AskViewModel* ask : std::as_const(asks_)) {
        ask->setAnswers(AskViewModel::Answer::Unset, AskViewModel::Answer::Unset);
    }
    rebuildConversations();
    QGuiApplication::clipboard()->clear();
    QGuiApplication::inputMethod()->reset();
    emit viewChanged();
    emit forgotten();
}

QString KioskViewModel::screen() const {
    switch (view_.screen) {
        case visit::Screen::Idle:
            return QStringLiteral("Idle");
        case visit::Screen::TapToSee:
            return QStringLiteral("TapToSee");
        case visit::Screen::BadgeProblem:
            return QStringLiteral("BadgeProblem");
        case visit::Screen::Code:
            return QStringLiteral("Code");
        case visit::Screen::Loading:
            return QStringLiteral("Loading");
        case visit::Screen::Purposes:
            return QStringLiteral("Purposes");
        case visit::Screen::Question:
            return QStringLiteral("Question");
        case visit::Screen::Contact:
            return QStringLiteral("Contact");
        case visit::Screen::Summary:
            return QStringLiteral("Summary");
        case visit::Screen::Saving:
            return QStringLiteral("Saving");
        case visit::Screen::Saved:
            return QStringLiteral("Saved");
        case visit::Screen::NoThanks:
            return QStringLiteral("NoThanks");
        case visit::Screen::UnderAge:
            return QStringLiteral("UnderAge");
        case visit::Screen::Closed:
            return QStringLiteral("Closed");
        case visit::Screen::SaveFailed:
            return QStringLiteral("SaveFailed");
        case visit::Screen::Recorded:
            return QStringLiteral("Recorded");
        case visit::Screen::Receipt:
            return QStringLiteral("Receipt");
        case visit::Screen::Withdrawn:
            return QStringLiteral("Withdrawn");
        case visit::Screen::Erased:
            return QStringLiteral("Erased");
        case visit::Screen::StaffPin:
            return QStringLiteral("StaffPin");
        case visit::Screen::StaffForm:
            return QStringLiteral("StaffForm");
        case visit::Screen::StaffSaved:
            return QStringLiteral("StaffSaved");
    }
    return {};
}

bool KioskViewModel::isBusy() const {
    return view_.screen == visit::Screen::Loading || view_.screen == visit::Screen::Saving;
}

QString KioskViewModel::language() const {
    return text(view_.language);
}

QString KioskViewModel::eventName() const {
    return text(event_.name, view_.language);
}

QString KioskViewModel::controllerName() const {
    return text(event_.controller.name);
}

QQmlListProperty<ChoiceViewModel> KioskViewModel::languages() {
    return listOf(this, languages_);
}

QQmlListProperty<AskViewModel> KioskViewModel::asks() {
    return listOf(this, asks_);
}

QQmlListProperty<ChoiceViewModel> KioskViewModel::needs() {
    return listOf(this, needs_);
}

QQmlListProperty<ChoiceViewModel> KioskViewModel::readiness() {
    return listOf(this, readiness_);
}

QQmlListProperty<ChoiceViewModel> KioskViewModel::colleagues() {
    return listOf(this, colleagues_);
}

QQmlListProperty<ChoiceViewModel> KioskViewModel::days() {
    return listOf(this, days_);
}

QQmlListProperty<ConversationViewModel> KioskViewModel::conversations() {
    return listOf(this, conversations_);
}

AskViewModel* KioskViewModel::currentAsk() const {
    return asks_.value(static_cast<qsizetype>(view_.ask), nullptr);
}

KioskViewModel::ContactField KioskViewModel::contactField() const {
    return static_cast<ContactField>(view_.contactField);
}

QString KioskViewModel::contactText() const {
    switch (view_.contactField) {
        case visit::ContactField::Email:
            return text(view_.contact.email);
        case visit::ContactField::Phone:
            return text(view_.contact.phone);
        case visit::ContactField::Address:
            return text(view_.contact.address);
        case visit::ContactField::Name:
            return text(view_.contact.name);
        case visit::ContactField::Company:
            return text(view_.contact.company);
    }
    return {};
}

QString KioskViewModel::contactSummary() const {
    const QStringList lines{text(view_.contact.name), text(view_.contact.company),
                            maskedEmail(view_.contact.email), maskedPhone(view_.contact.phone),
                            maskedAddress(view_.contact.address)};
    return listed(lines);
}

QString KioskViewModel::receiptLink() const {
    return text(view_.receiptLink);
}

KioskViewModel::BadgeTrouble KioskViewModel::badgeTrouble() const {
    return static_cast<BadgeTrouble>(view_.trouble);
}

QString KioskViewModel::assistantName() const {
    return view_.assistedBy ? initials(nameOf(event_, *view_.assistedBy)) : QString();
}

int KioskViewModel::codeBlockedSeconds() const {
    return secondsOf(view_.codeBlockedFor);
}

int KioskViewModel::pinBlockedSeconds() const {
    return secondsOf(view_.pinBlockedFor);
}

QString KioskViewModel::staffId() const {
    return view_.staff ? text(view_.staff->value) : QString();
}

QString KioskViewModel::staffName() const {
    return view_.staff ? nameOf(event_, *view_.staff) : QString();
}

bool KioskViewModel::hasRecordedYes() const {
    return std::count(view_.recorded.begin(), view_.recorded.end(), visit::Answer::Yes) > 0;
}

void KioskViewModel::useLanguage() {
    for (AskViewModel* ask : std::as_const(asks_)) {
        ask->useLanguage(view_.language);
    }
    for (ChoiceViewModel* need : std::as_const(needs_)) {
        need->setLabel(labelOf(event_.needs, need->choiceId().toStdString(), view_.language));
    }
    for (ChoiceViewModel* readiness : std::as_const(readiness_)) {
        readiness->setLabel(
            labelOf(event_.readiness, readiness->choiceId().toStdString(), view_.language));
    }
    for (ChoiceViewModel* day : std::as_const(days_)) {
        day->setLabel(shortDay(QDate::fromString(day->choiceId(), Qt::ISODate), view_.language));
    }
}

void KioskViewModel::rebuildConversations() {
    const QList<ConversationViewModel*> old = std::exchange(conversations_, {});
    for (const record::Conversation& talk : view_.conversations) {
        conversations_.append(new ConversationViewModel(talk, event_, view_.language, this));
    }
    for (ConversationViewModel* talk : old) {
        talk->deleteLater();  // delegates may still hold it in this turn of the event loop
    }
}

void KioskViewModel::rebuildDays() {
    const QList<ChoiceViewModel*> old = std::exchange(days_, {});
    const QDate today = today_();
    for (int ahead = 1; ahead <= kDaysToPick; ++ahead) {
        const QDate date = today.addDays(ahead);
        days_.append(
            new ChoiceViewModel(date.toString(Qt::ISODate), shortDay(date, view_.language), this));
    }
    emit daysChanged();
    for (ChoiceViewModel* day : old) {
        day->deleteLater();
    }
}

}  // namespace tapport::view
