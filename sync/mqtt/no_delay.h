// SPDX-License-Identifier: GPL-3.0-or-later
// Small messages go at once. Paho 1.3 leaves Nagle's algorithm on and gives no way to its socket:
// then a short message waits until the other end acknowledges the one before it, which an idle
// TCP delays by 40 ms.
#pragma once

namespace tapport::mqtt {

/// Sets TCP_NODELAY on every TCP connection that this process has to that port, whoever made it.
/// Any thread. A connection on which it cannot be set stays slow, and works.
void sendWithoutDelay(int peerPort);

}  // namespace tapport::mqtt
