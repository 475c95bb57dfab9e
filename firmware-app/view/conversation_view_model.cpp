// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/view/conversation_view_model.h"

#include "firmware-app/view/event_text.h"

#include <QtCore/QDateTime>

namespace tapport::view {

ConversationViewModel::ConversationViewModel(const record::Conversation& talk,
                                             const event::Event& event, const std::string& language,
                                             QObject* parent)
    : QObject(parent),
      staffName(initials(nameOf(event, talk.staff))),
      when(fullDay(QDateTime::fromMSecsSinceEpoch(talk.at.wall.time_since_epoch().count()).date(),
                   language)),
      topics(listed({labelOf(event.needs, talk.need, language),
                     labelOf(event.readiness, talk.readiness, language)})),
      note(text(talk.note)) {
    if (talk.promise) {
        const auto& due = talk.promise->due;
        const QDate date(int(due.year()), static_cast<int>(unsigned(due.month())),
                         static_cast<int>(unsigned(due.day())));
        promise = text(talk.promise->what);
        promiseDue = longDay(date, language);
        promiseOwner = initials(nameOf(event, talk.promise->owner));
    }
}

}  // namespace tapport::view
