// SPDX-License-Identifier: GPL-3.0-or-later
// Unix sockets that keep packets apart (SOCK_SEQPACKET), for the simulator's control channel.
#pragma once

#include "sync/base/bytes.h"
#include "sync/base/error.h"
#include "sync/program/file_descriptor.h"

#include <filesystem>

namespace tapport::pn532sim {

/// Listens at `path`. A socket file that nobody listens at is replaced; Busy when somebody does.
[[nodiscard]] Result<program::FileDescriptor> listenLocal(const std::filesystem::path& path);
/// NotFound when nobody listens there.
[[nodiscard]] Result<program::FileDescriptor> connectLocal(const std::filesystem::path& path);

/// A packet that cannot be sent is lost; the other side then sees the end.
void sendPacket(int socket, ByteView packet);
/// Waits for one; empty at the end, or when the other side keeps silent for a second.
[[nodiscard]] Bytes receivePacket(int socket);

}  // namespace tapport::pn532sim
