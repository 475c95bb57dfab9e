// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/admin/commands.h"
#include "firmware-app/admin/new_file.h"
#include "firmware-app/admin/reader_watch.h"
#include "firmware-app/kiosk/settings.h"
#include "hardware/ndef/content.h"
#include "sync/program/program.h"

#include <fmt/core.h>

namespace tapport::admin {
namespace {

constexpr std::size_t kMostVcard = 4096;  ///< the kiosk reads no larger one

Result<Bytes> messageFor(const BadgeWrite& command) {
    std::vector<ndef::Record> records{ndef::uriRecord(command.uri)};
    if (!command.vcard.empty()) {
        const auto card = readWholeFile(command.vcard, kMostVcard);
        if (!card) {
            return tl::unexpected(card.error());
        }
        records.push_back(ndef::mimeRecord("text/vcard", viewOf(*card)));
    }
    auto message = ndef::encodeMessage(records);
    if (!message) {
        return message;
    }
    // What a kiosk would refuse must not get onto a badge.
    if (const auto readBack = ndef::interpretMessage(*message); !readBack) {
        return fail(Code::InvalidInput,
                    fmt::format("no message for a badge: {}", ndef::nameOf(readBack.error())));
    }
    return message;
}

Result<reader::SupervisorSettings> chooseReader(const BadgeWrite& command) {
    if (command.config.empty()) {
        return readerSettings({}, command.connstring);
    }
    const auto settings = kiosk::readSettings(command.config);
    if (!settings) {
        return tl::unexpected(settings.error());
    }
    return readerSettings(settings->readerProgram,
                          command.connstring.empty() ? settings->connstring : command.connstring);
}

Result<> writeTo(ReaderWatch& watch, const Bytes& message, std::chrono::seconds patience) {
    const auto deadline = ReaderWatch::Clock::now() + patience;
    bool isAsked = false;
    Error lost{Code::Reader, "the reader program does not answer"};
    while (const auto event = watch.next(deadline)) {
        if (std::holds_alternative<reader::ReaderBack>(*event) && !isAsked) {
            watch.write(message);
            isAsked = true;
            fmt::print("Hold a badge to the reader.\n");
            std::fflush(stdout);
        } else if (const auto* loss = std::get_if<reader::ReaderLost>(&*event); loss != nullptr) {
            lost = errorOf(*loss);
        } else if (const auto* end = std::get_if<reader::BadgeWritten>(&*event); end != nullptr) {
            return end->succeeded ? Result<>() : fail(Code::Reader, "not written: " + end->why);
        }
    }
    if (!isAsked) {
        return tl::unexpected(lost.in("no reader"));
    }
    return fail(Code::NotFound, fmt::format("no badge came within {} s", patience.count()));
}

}  // namespace

int run(const BadgeWrite& command) {
    const auto message = messageFor(command);
    if (!message) {
        return program::reportFailure("tapport", message.error());
    }
    const auto settings = chooseReader(command);
    if (!settings) {
        return program::reportFailure("tapport", settings.error());
    }
    ReaderWatch watch(*settings);
    if (const auto written = writeTo(watch, *message, command.patience); !written) {
        return program::reportFailure("tapport", written.error());
    }
    fmt::print("Written, {} bytes.\n", message->size());
    return program::kExitOk;
}

}  // namespace tapport::admin
