// SPDX-License-Identifier: GPL-3.0-or-later
// The example event that `tapport event init` starts from and that tests use: a fictional exhibitor
// with four asks in English and German. Pure.
#pragma once

#include "sync/event/event.h"

namespace tapport::event {

/// What the example leaves open, because every event must have its own.
struct ExampleSecrets {
    record::EventId id{};                              ///< empty: the example's
    Bytes badgeSalt;                                   ///< 32 random bytes
    Bytes sealingKey;                                  ///< 32 bytes, the public half
    Bytes rootKey;                                     ///< 32 bytes, the public half
    Bytes hubKey;                                      ///< 32 bytes, the public half
    Bytes authority;                                   ///< SHA-256 of its certificate
    std::chrono::sys_days firstDay;                    ///< the show lasts three days
    std::map<record::StaffId, std::string> pinHashes;  ///< Argon2id; one for each of exampleStaff()
    std::map<record::StaffId, record::VaultLookup> badgeLookups;  ///< may leave somebody out
};

/// The host of the example's badges.
inline constexpr std::string_view kExampleBadgeHost = "badge.tapport.example";
/// Ids of the example's staff.
[[nodiscard]] std::vector<record::StaffId> exampleStaff();
/// The example as a complete event file, ready for parse().
[[nodiscard]] std::string exampleEventFile(const ExampleSecrets& secrets);

}  // namespace tapport::event
