// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/cli/heeding.h"

#include "sync/hub/cli/editions.h"
#include "sync/program/log.h"

namespace tapport::hub {

bool Heeding::look() {
    const auto isNew = edition_.refresh();
    if (!isNew) {
        kept_.log(program::LogLevel::Error,
                  "kiosks and hub keep the event file they have: " + isNew.error().context);
    }
    isDue_ = isDue_ || isNew.value_or(false);
    if (!isDue_) {
        return false;
    }
    const auto published = readPublishedEvent(config_);
    if (!published) {
        kept_.log(program::LogLevel::Error,
                  "the hub keeps the event file it has for now: " + published.error().context);
        return false;
    }
    isDue_ = false;
    if (published->edition == inUse_) {
        return false;
    }
    program::logInfo("edition {} of the event file: opening everything with it",
                     published->event.edition);
    return true;
}

}  // namespace tapport::hub
