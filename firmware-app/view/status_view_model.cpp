// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/view/status_view_model.h"

namespace tapport::view {

void StatusViewModel::setRecords(int waiting, int received, int quarantined) {
    assign(waiting_, waiting);
    assign(received_, received);
    assign(quarantined_, quarantined);
}

void StatusViewModel::setReader(Health health) {
    assign(reader_, health);
}

void StatusViewModel::setBroker(Health health) {
    assign(broker_, health);
}

void StatusViewModel::setHub(Health health) {
    assign(hub_, health);
}

void StatusViewModel::setClock(const QString& time, Health health, int minutesAhead) {
    assign(time_, time);
    assign(clockMinutes_, minutesAhead);
    assign(clock_, health);
}

}  // namespace tapport::view
