// SPDX-License-Identifier: GPL-3.0-or-later
// Leases in PostgreSQL, by row locks and the server's clock; no advisory locks, no notifications.
#pragma once

#include "sync/hub/store/leases.h"
#include "sync/hub/store/pg_connection.h"

namespace tapport::hub {

/// Of any event in this database, which workers run: their names. The store must have been opened.
[[nodiscard]] Result<std::vector<std::string>> liveWorkers(const std::string& url);

/// On a session of its own, so that a long read of the store costs no lease. One thread.
class PgLeases final : public Leases {
  public:
    /// The store of this database must have been opened: that makes the tables.
    PgLeases(std::string url, Scope scope, Worker worker)
        : connection_(std::move(url)), scope_(std::move(scope)), worker_(std::move(worker)) {}

    Result<Shards> renew() override;
    void release() override;

  private:
    template <typename... Args>
    Query query(const char* sql, const Args&... args) {
        return Query(connection_, sql, scope_.tenant, scope_.event, worker_.name, worker_.instance,
                     args...);
    }
    void begin();
    std::size_t countWorkers();
    void lockOwn();
    Shards renewHeld();
    void giveUp(Shards& held, std::size_t share);
    void take(Shards& held, std::size_t share);

    PgConnection connection_;
    Scope scope_;
    Worker worker_;
    bool hasBegun_ = false;
};

}  // namespace tapport::hub
