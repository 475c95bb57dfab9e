// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/sim_opener.h"

#include "sync/record/codec.h"

namespace tapport::simulation {
namespace {

constexpr Millis kPatience{5000};  // OpenerProcess::Settings
constexpr Millis kRestart{100};

}  // namespace

Result<std::vector<hub::Opened>> SimOpener::open(std::span<const hub::Waiting> units) {
    took_ = Millis(0);
    if (clock_.now() < deadUntil_) {
        return fail(Code::Busy, "no opener is there");
    }
    if (std::exchange(isFrozen_, false)) {
        return end(kPatience, "the opener fell silent");
    }
    if (std::any_of(units.begin(), units.end(),
                    [](const hub::Waiting& unit) { return isDeadly(unit.id); })) {
        return end(Millis(1), "the opener ended");
    }
    took_ = random_.millis(1, 50);
    std::vector<hub::Opened> opened;
    for (const hub::Waiting& unit : units) {
        opened.push_back(hub::judgeContent(unit, record::decodeUnit(unit.sealed), event_));
    }
    return opened;
}

hub::Waiting SimOpener::makeProbe() {
    record::PositionedUnit unit;
    unit.unit.id.bytes[13] = 1;
    unit.position.kiosk = {"probe"};
    return {unit.unit.id, unit.position, record::encode(unit)};
}

Result<std::vector<hub::Opened>> SimOpener::end(Millis after, const char* why) {
    took_ = after;
    deadUntil_ = clock_.now() + after + kRestart;
    return fail(mutant_ == Mutant::DeathsGoUnseen ? Code::Busy : Code::Internal, why);
}

}  // namespace tapport::simulation
