// SPDX-License-Identifier: GPL-3.0-or-later
// An earlier conversation as the attendee may read it: who, when, what was noted and promised.
// Holds personal data: it is deleted when the visit is forgotten.
#pragma once

#include "sync/event/event.h"
#include "sync/record/unit.h"

#include <QtCore/QObject>
#include <QtQmlIntegration/qqmlintegration.h>

namespace tapport::view {

class ConversationViewModel : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by KioskViewModel")
    Q_PROPERTY(QString staffName MEMBER staffName CONSTANT)
    Q_PROPERTY(QString when MEMBER when CONSTANT)
    Q_PROPERTY(QString topics MEMBER topics CONSTANT)
    Q_PROPERTY(QString note MEMBER note CONSTANT)
    Q_PROPERTY(QString promise MEMBER promise CONSTANT)
    Q_PROPERTY(QString promiseDue MEMBER promiseDue CONSTANT)
    Q_PROPERTY(QString promiseOwner MEMBER promiseOwner CONSTANT)

  public:
    /// Labels and dates in `language`; another language takes another view-model.
    ConversationViewModel(const record::Conversation& talk, const event::Event& event,
                          const std::string& language, QObject* parent);

    QString staffName;  ///< initials
    QString when;       ///< day, in the screen's language
    QString topics;     ///< need and readiness, as labelled
    QString note;
    QString promise;  ///< empty: nothing was promised
    QString promiseDue;
    QString promiseOwner;  ///< initials
};

}  // namespace tapport::view
