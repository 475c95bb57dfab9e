// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/postgres.h"

namespace tapport::bench {

/// A server that has been at work for a while, as those of hubs have: its memory and the files of
/// its log have been written before. One that was made a moment ago gets each page from the kernel
/// while it is measured. Takes 10 to 20 s.
class UsedPostgres {
  public:
    UsedPostgres();
    /// A new database for a hub. What was there before is gone, and no longer to be written.
    [[nodiscard]] std::string newDatabase();

  private:
    support::Postgres server_;
    int databases_ = 0;
};

}  // namespace tapport::bench
