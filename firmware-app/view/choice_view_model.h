// SPDX-License-Identifier: GPL-3.0-or-later
// One entry of a pick-list: a need, a readiness, a colleague, a language, a day. The id travels
// back in an event; the label is for people, in the screen's language.
#pragma once

#include <QtCore/QObject>
#include <QtQmlIntegration/qqmlintegration.h>

namespace tapport::view {

class ChoiceViewModel : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by KioskViewModel")
    Q_PROPERTY(QString choiceId READ choiceId CONSTANT)
    Q_PROPERTY(QString label READ label NOTIFY labelChanged)

  public:
    ChoiceViewModel(QString choiceId, QString label, QObject* parent)
        : QObject(parent), choiceId_(std::move(choiceId)), label_(std::move(label)) {}

    [[nodiscard]] QString choiceId() const { return choiceId_; }
    [[nodiscard]] QString label() const { return label_; }
    void setLabel(const QString& label) {
        if (label != label_) {
            label_ = label;
            emit labelChanged();
        }
    }

  signals:
    void labelChanged();

  private:
    QString choiceId_;
    QString label_;
};

}  // namespace tapport::view
