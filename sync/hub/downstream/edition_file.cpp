// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/downstream/edition_file.h"

#include "sync/receipt/signed_document.h"

#include <fstream>
#include <iterator>

namespace tapport::hub {
namespace {

Bytes keyOf(std::size_t part) {
    return {static_cast<std::uint8_t>(part)};
}

/// In pieces; those that an earlier edition had more of are no more.
Result<std::vector<DownPut>> partsOf(std::string_view file, std::uint64_t edition) {
    const std::size_t parts = (file.size() + wire::kEventPartBytes - 1) / wire::kEventPartBytes;
    if (parts > wire::kMostEventParts) {
        return fail(Code::InvalidConfig, "too large to be told to kiosks");
    }
    // By which none is told in the place of a later one, which another worker may have put since.
    Bytes number(sizeof edition);
    for (std::size_t i = 0; i < number.size(); ++i) {
        number[i] = static_cast<std::uint8_t>(edition >> (8 * (number.size() - 1 - i)));
    }
    std::vector<DownPut> puts;
    for (std::size_t part = 0; part < wire::kMostEventParts; ++part) {
        DownPut put{{wire::ItemKind::EventPart, keyOf(part), std::nullopt}, {}, number};
        if (part < parts) {
            put.item.payload = wire::encode(wire::EventPart{
                edition, static_cast<std::uint8_t>(parts),
                toBytes(viewOf(file.substr(part * wire::kEventPartBytes, wire::kEventPartBytes)))});
        }
        puts.push_back(std::move(put));
    }
    return puts;
}

}  // namespace

Result<bool> EditionFile::refresh() {
    std::error_code failed;
    const Stamp stamp{std::filesystem::last_write_time(file_, failed),
                      failed ? 0 : std::filesystem::file_size(file_, failed)};
    if (failed || seen_ == stamp) {
        return false;
    }
    auto taken = take();
    // What is wrong with the file stays wrong; what the database lacks it will have again.
    const bool isTheFiles = !taken && taken.error().code != Code::Storage &&
                            taken.error().code != Code::StorageFull &&
                            taken.error().code != Code::Busy;
    if (taken || isTheFiles) {
        seen_ = stamp;
    }
    return taken ? Result<bool>(true) : tl::unexpected(taken.error().in(file_.filename().string()));
}

Result<> EditionFile::take() {
    std::ifstream in(file_, std::ios::binary);
    std::string file{std::istreambuf_iterator<char>(in), {}};
    while (!file.empty() && file.back() == '\n') {
        file.pop_back();
    }
    if (const auto checked = receipt::checkDocument(file, event_.rootKey); !checked) {
        return checked;
    }
    const auto edition = event::parse(file);
    if (!edition) {
        return tl::unexpected(edition.error());
    }
    if (edition->id != event_.id) {
        return fail(Code::Conflict, "an edition of another event's file");
    }
    event::Event sameKeys = event_;
    sameKeys.edition = 0;
    if (!event::follows(*edition, sameKeys)) {
        return fail(Code::Conflict, "an edition with other keys than this event's");
    }
    const auto told = editionTold();
    if (!told) {
        return tl::unexpected(told.error());
    }
    if (edition->edition <= *told) {
        return {};
    }
    return partsOf(file, edition->edition).and_then([&](const std::vector<DownPut>& puts) {
        return log_.putDown(puts).map([](const auto&) {});  // a later one may stand: as good
    });
}

Result<std::uint64_t> EditionFile::editionTold() {
    const auto first = log_.findDown(wire::ItemKind::EventPart, {}, keyOf(0));
    if (!first) {
        return tl::unexpected(first.error());
    }
    if (!*first) {
        return 0;
    }
    return wire::decodeEventPart(*(*first)->item.payload).map([](const wire::EventPart& part) {
        return part.edition;
    });
}

}  // namespace tapport::hub
