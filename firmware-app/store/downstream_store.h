// SPDX-License-Identifier: GPL-3.0-or-later
// What the hub told this kiosk, in a file of its own: nothing here can harm or outgrow the records
// that wait for the hub, and all of it comes again when the file is lost. Entries are closed with
// their badges' keys; without the badge nobody reads them. Any thread; blocks on the disk.
#pragma once

#include "firmware-app/store/database.h"
#include "sync/agent/downstream_sink.h"
#include "sync/record/unit.h"
#include "sync/vault/entry.h"

#include <mutex>

namespace tapport::store {

/// Of one badge.
struct Told {
    std::optional<vault::Entry> entry;       ///< what other kiosks recorded
    std::optional<record::Contact> contact;  ///< as the organiser has it
    std::uint64_t version = 0;               ///< of the urgent order, in which that was said
    /// What was taken back away from any badge since.
    std::vector<record::ConsentEvent> withdrawn{};
};

class DownstreamStore final : public agent::DownstreamSink {
  public:
    /// Made new when it is damaged, as far as this or a call since the last start found, or another
    /// event's. Busy: another program has it open. Storage:
    /// not accessible.
    [[nodiscard]] static Result<std::unique_ptr<DownstreamStore>> open(
        const std::filesystem::path& file, const record::EventId& event);

    [[nodiscard]] Result<wire::DownState> downState() override;
    [[nodiscard]] Result<wire::DownState> apply(const wire::DownChunk& chunk) override;

    /// False while what an earlier hub epoch told is still here, until all that this one tells is.
    [[nodiscard]] Result<bool> isWhole();

    /// Crypto, InvalidInput: what is here is another key's, or of another schema.
    [[nodiscard]] Result<Told> find(const record::VaultAccess& access);
    /// The newest edition of the event file, once all of it is here; not checked in any way.
    [[nodiscard]] Result<std::optional<std::string>> eventFile();
    /// What the command carries; nothing when it was not given.
    [[nodiscard]] Result<std::optional<Bytes>> command(std::string_view name);

  private:
    explicit DownstreamStore(SQLite::Database db) : db_(std::move(db)) {}
    /// As guarded(); where it finds the file damaged, the next start begins anew.
    template <typename Body>
    auto heeded(std::string_view what, Body body) -> decltype(body());
    void beginAnewNextTime();
    [[nodiscard]] wire::DownState readState();
    [[nodiscard]] bool readWhole();
    [[nodiscard]] std::optional<Bytes> read(wire::ItemKind kind, ByteView key);
    void write(const wire::DownItem& item);

    std::mutex mutex_;
    SQLite::Database db_;
};

}  // namespace tapport::store
