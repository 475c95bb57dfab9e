// SPDX-License-Identifier: GPL-3.0-or-later
// A real PostgreSQL on a Unix socket of its own, for tests and benchmarks: stop it as a crash
// would, start it again. It runs as the account that Debian's package made when we are root,
// because it refuses root.
#pragma once

#include "tests/support/child_process.h"
#include "tests/support/temp_dir.h"

#include <memory>
#include <string>
#include <vector>

namespace tapport::support {

class Postgres {
  public:
    /// What its configuration would say, each NAME=VALUE.
    using Settings = std::vector<std::string>;
    /// Makes a cluster and starts it; takes a second or two. Throws std::runtime_error. The default
    /// is for tests: no commit waits for a disk, which other tests may keep busy for longer than a
    /// lease holds, and a crash() keeps what the kernel has. What is measured has settings of its
    /// own, or none: as installed.
    explicit Postgres(Settings settings = {"shared_buffers=64MB", "fsync=off"});
    ~Postgres();
    Postgres(const Postgres&) = delete;
    Postgres& operator=(const Postgres&) = delete;

    /// After crash().
    void start();
    /// As `pg_ctl stop -m immediate`: no checkpoint, every session is cut.
    void crash();
    /// The URL of a schema of this name, made if missing.
    [[nodiscard]] std::string url(const std::string& schema) const;
    /// What it answers there, a row a line; throws std::runtime_error when it does not.
    [[nodiscard]] std::string query(const std::string& schema, const std::string& sql) const;

  private:
    [[nodiscard]] std::string server() const;

    Settings settings_;
    TempDir dir_;
    std::unique_ptr<ChildProcess> server_;
};

}  // namespace tapport::support
