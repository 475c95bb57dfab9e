// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/view/ask_view_model.h"

namespace tapport::view {

AskViewModel::AskViewModel(const event::Ask& ask, int index, const std::string& language,
                           QObject* parent)
    : QObject(parent), ask_(ask), notice_(&ask.notices.at(language)), index_(index) {}

void AskViewModel::useLanguage(const std::string& language) {
    const event::Notice* notice = &ask_.notices.at(language);
    if (notice != notice_) {
        notice_ = notice;
        emit wordsChanged();
    }
}

void AskViewModel::setAnswers(Answer answer, Answer recorded) {
    if (answer != answer_ || recorded != recorded_) {
        answer_ = answer;
        recorded_ = recorded;
        emit answersChanged();
    }
}

QString AskViewModel::channel() const {
    const std::string_view name = record::nameOf(ask_.channel);
    return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

}  // namespace tapport::view
