// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/admin/reader_watch.h"

#include "firmware-app/admin/sibling.h"

namespace tapport::admin {

ReaderWatch::ReaderWatch(reader::SupervisorSettings settings) : reader_(std::move(settings)) {
    reader_.start([this](const reader::ReaderEvent& event) {
        const std::lock_guard lock(mutex_);
        events_.push_back(event);
        arrived_.notify_one();
    });
}

std::optional<reader::ReaderEvent> ReaderWatch::next(Clock::time_point deadline) {
    std::unique_lock lock(mutex_);
    if (!arrived_.wait_until(lock, deadline, [this] { return !events_.empty(); })) {
        return std::nullopt;
    }
    reader::ReaderEvent event = std::move(events_.front());
    events_.pop_front();
    return event;
}

Result<reader::SupervisorSettings> readerSettings(const std::filesystem::path& program,
                                                  const std::string& connstring) {
    if (connstring.empty()) {
        return fail(Code::InvalidConfig,
                    "no reader is named: set connstring in [reader] of kiosk.toml, such as "
                    "\"pn532_uart:/dev/ttyS0\" (nfc-scan-device lists readers)");
    }
    reader::SupervisorSettings settings;
    settings.program = program.empty() ? siblingProgram("tapport-reader") : program;
    settings.connstring = connstring;
    return settings;
}

Error errorOf(const reader::ReaderLost& lost) {
    const bool isHeld = lost.why.rfind(reader::kHeldByAnother, 0) == 0;
    return {isHeld ? Code::Busy : Code::Reader, lost.why};
}

}  // namespace tapport::admin
