// SPDX-License-Identifier: GPL-3.0-or-later
// Does what Presence asks for on a device, one task a turn. The device is a port: libnfc in
// tapport-reader, an array in tests. No clock and no thread: the caller waits pause() between
// turns.
#pragma once

#include "hardware/reader/presence.h"
#include "hardware/reader/protocol.h"

namespace tapport::reader {

/// A reader's radio. An error means that the device itself failed (and must be opened anew); a tag
/// that does not answer is none.
class TagDevice {
  public:
    virtual ~TagDevice() = default;
    /// Selects a tag that is not halted.
    [[nodiscard]] virtual Result<std::optional<SeenTag>> search() = 0;
    /// Field off and on, then search(): halted and confused tags come back.
    [[nodiscard]] virtual Result<std::optional<SeenTag>> reselect() = 0;
    /// Halts the selected tag, then search().
    [[nodiscard]] virtual Result<std::optional<SeenTag>> searchAnother() = 0;
    /// The tag's answer, empty for an acknowledgement; nothing for a NAK or silence.
    [[nodiscard]] virtual Result<std::optional<Bytes>> exchange(const tag::Exchange& what) = 0;
};

struct BadgeLoopOptions {
    PresenceOptions presence;
    tag::SessionOptions session;
};

class BadgeLoop {
  public:
    explicit BadgeLoop(const BadgeLoopOptions& options)
        : options_(options), presence_(options.presence) {}

    [[nodiscard]] std::chrono::milliseconds pause() const { return presence_.pause(); }
    /// One task. What it found out, for the parent; an error when the device failed.
    [[nodiscard]] Result<std::vector<FromChild>> turn(TagDevice& device);
    /// The device failed and is open again.
    void deviceReopened() { presence_.interrupted(); }
    /// A later request takes the place of one that was not carried out yet.
    void write(WriteRequest request);

  private:
    using Events = Presence::Events;
    [[nodiscard]] Result<Events> perform(TagDevice& device);
    [[nodiscard]] Result<Events> writeAndVerify(TagDevice& device);
    template <typename Session>
    [[nodiscard]] Result<tag::Finished> run(TagDevice& device, Session session) const;
    [[nodiscard]] FromChild forParent(ReaderEvent event);

    BadgeLoopOptions options_;
    Presence presence_;
    std::optional<WriteRequest> wanted_;
};

}  // namespace tapport::reader
