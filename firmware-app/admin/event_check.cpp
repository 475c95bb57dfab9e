// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/admin/commands.h"
#include "firmware-app/admin/event_file.h"
#include "sync/program/program.h"

#include <fmt/format.h>

namespace tapport::admin {

Result<std::string> readEventFile(const std::filesystem::path& file) {
    constexpr std::size_t kLargest = 1024UL * 1024;
    auto text = readWholeFile(file, kLargest);
    return text ? std::move(text) : fail(Code::InvalidConfig, text.error().context);
}

Result<event::Event> loadEvent(const std::filesystem::path& file) {
    const auto text = readEventFile(file);
    if (!text) {
        return tl::unexpected(text.error());
    }
    auto event = event::parse(*text);
    if (!event) {
        return tl::unexpected(event.error().in(file.string()));
    }
    return event;
}

std::string summaryOf(const event::Event& event) {
    return fmt::format("{}: {} questions in {}, {} staff", event.id.value, event.asks.size(),
                       fmt::join(event.languages, ", "), event.staff.size());
}

int run(const EventCheck& command) {
    const auto event = loadEvent(command.file);
    if (!event) {
        return program::reportFailure("tapport", event.error());
    }
    fmt::print("ok  {}\n", summaryOf(*event));
    return program::kExitOk;
}

}  // namespace tapport::admin
