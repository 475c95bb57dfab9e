// SPDX-License-Identifier: GPL-3.0-or-later
// One question (a purpose on a channel) as the screens show it: the notice's exact words in the
// screen's language, the visit's answer, and what was recorded before. Never changes a word.
#pragma once

#include "sync/event/event.h"

#include <QtCore/QObject>
#include <QtQmlIntegration/qqmlintegration.h>

namespace tapport::view {

class AskViewModel : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by KioskViewModel")
    Q_PROPERTY(int index READ index CONSTANT)
    Q_PROPERTY(QString channel READ channel CONSTANT)
    Q_PROPERTY(QString title READ title NOTIFY wordsChanged)
    Q_PROPERTY(QString question READ question NOTIFY wordsChanged)
    Q_PROPERTY(QString who READ who NOTIFY wordsChanged)
    Q_PROPERTY(QString why READ why NOTIFY wordsChanged)
    Q_PROPERTY(QString data READ data NOTIFY wordsChanged)
    Q_PROPERTY(QString howOften READ howOften NOTIFY wordsChanged)
    Q_PROPERTY(QString recipients READ recipients NOTIFY wordsChanged)
    Q_PROPERTY(QString howLong READ howLong NOTIFY wordsChanged)
    Q_PROPERTY(QString withdraw READ withdraw NOTIFY wordsChanged)
    Q_PROPERTY(QString fullText READ fullText NOTIFY wordsChanged)
    Q_PROPERTY(QString yesLabel READ yesLabel NOTIFY wordsChanged)
    Q_PROPERTY(QString noLabel READ noLabel NOTIFY wordsChanged)
    Q_PROPERTY(tapport::view::AskViewModel::Answer answer READ answer NOTIFY answersChanged)
    Q_PROPERTY(tapport::view::AskViewModel::Answer recorded READ recorded NOTIFY answersChanged)

  public:
    /// Mirrors visit::Answer, which knows no Qt.
    enum class Answer : std::uint8_t { Unset, No, Yes };
    Q_ENUM(Answer)

    /// `ask` must outlive this and have a notice in every language that is used.
    AskViewModel(const event::Ask& ask, int index, const std::string& language, QObject* parent);

    void useLanguage(const std::string& language);
    void setAnswers(Answer answer, Answer recorded);

    [[nodiscard]] int index() const { return index_; }
    [[nodiscard]] QString channel() const;
    [[nodiscard]] QString title() const { return text(&event::Notice::title); }
    [[nodiscard]] QString question() const { return text(&event::Notice::question); }
    [[nodiscard]] QString who() const { return text(&event::Notice::who); }
    [[nodiscard]] QString why() const { return text(&event::Notice::why); }
    [[nodiscard]] QString data() const { return text(&event::Notice::data); }
    [[nodiscard]] QString howOften() const { return text(&event::Notice::howOften); }
    [[nodiscard]] QString recipients() const { return text(&event::Notice::recipients); }
    [[nodiscard]] QString howLong() const { return text(&event::Notice::howLong); }
    [[nodiscard]] QString withdraw() const { return text(&event::Notice::withdraw); }
    [[nodiscard]] QString fullText() const { return text(&event::Notice::fullText); }
    [[nodiscard]] QString yesLabel() const { return text(&event::Notice::yes); }
    [[nodiscard]] QString noLabel() const { return text(&event::Notice::no); }
    [[nodiscard]] Answer answer() const { return answer_; }
    [[nodiscard]] Answer recorded() const { return recorded_; }

  signals:
    void wordsChanged();
    void answersChanged();

  private:
    [[nodiscard]] QString text(std::string event::Notice::*field) const {
        return QString::fromStdString(notice_->*field);
    }

    const event::Ask& ask_;
    const event::Notice* notice_;
    int index_;
    Answer answer_ = Answer::Unset;
    Answer recorded_ = Answer::Unset;
};

}  // namespace tapport::view
