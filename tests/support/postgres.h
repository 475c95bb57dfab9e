// SPDX-License-Identifier: GPL-3.0-or-later
// A real PostgreSQL on a Unix socket of its own, for tests and benchmarks: stop it as a crash
// would, start it again. It runs as the account that Debian's package made when we are root,
// because it refuses root.
#pragma once

#include "tests/support/child_process.h"
#include "tests/support/temp_dir.h"

#include <memory>

namespace tapport::support {

/// What a commit waits for. A crash() keeps what the kernel has.
enum class Durable : std::uint8_t {
    ToTheKernel,  ///< no disk, however busy, is waited for longer than a lease holds
    ToTheDisk,    ///< as installed: for what is measured
};

class Postgres {
  public:
    /// Makes a cluster and starts it; takes a second or two. Throws std::runtime_error.
    explicit Postgres(Durable durable = Durable::ToTheKernel);
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

    const Durable durable_;
    TempDir dir_;
    std::unique_ptr<ChildProcess> server_;
};

}  // namespace tapport::support
