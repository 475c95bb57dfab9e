// SPDX-License-Identifier: GPL-3.0-or-later
// What can be found out about a message without the store: decoded, its units hashed and linked.
// Half of what taking it costs, and nobody's turn: done before the store's thread is asked. Pure.
#pragma once

#include "sync/hub/store/held.h"
#include "sync/seal/seal.h"

namespace tapport::hub {

struct Message {
    std::string topic;
    Bytes payload;
};

struct Unpacked {
    struct Unit {
        seal::Digest digest;  ///< of its sealed bytes
        Link link;            ///< its position, and the chain before and after it
    };

    Message message;
    /// Well-formed, not believed: who signed it is asked when it is taken.
    Result<wire::Signed<wire::UpMessage>> decoded;
    std::vector<Unit> units;  ///< of a batch, in the order of its runs
};

[[nodiscard]] Unpacked unpack(Message message);
[[nodiscard]] std::vector<Unpacked> unpack(std::vector<Message> messages);

}  // namespace tapport::hub
