// SPDX-License-Identifier: GPL-3.0-or-later
// Makes dictionary 3 from its samples. Run by hand, and by the test that holds 3.hex to it.
#pragma once

#include "sync/base/bytes.h"

namespace tapport::seal {

/// The pattern units as they are encoded, without what differs from unit to unit: what frames
/// refer to.
[[nodiscard]] Bytes dictionaryContent();

/// The content behind a head with its number, and code tables that fit the sample units. The
/// tables are the installed zstd's own choice: another version may make others, as good.
[[nodiscard]] Bytes makeDictionary();

}  // namespace tapport::seal
