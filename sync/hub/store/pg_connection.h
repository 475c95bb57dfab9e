// SPDX-License-Identifier: GPL-3.0-or-later
// One PostgreSQL session over raw libpq; the one place that knows it. Statements are prepared once
// a session, values and results travel in binary. What has no result travels with what comes next
// (libpq's pipeline mode): a transaction of ten statements waits for the server two times, not
// ten. A lost session is an error of the call that meets it; the next call outside a transaction
// gets a fresh one. One thread.
#pragma once

#include "sync/hub/store/sql.h"

#include <map>
#include <optional>

struct pg_conn;
struct pg_result;

namespace tapport::hub {

class PgConnection final : public SqlConnection {
  public:
    /// `url` is postgresql://… without a password: libpq finds that by itself (PGPASSFILE).
    /// Connects at the first use.
    explicit PgConnection(std::string url) : url_(std::move(url)) {}

    std::unique_ptr<SqlRows> rows(const char* sql, std::span<const SqlValue> values) override;
    int change(const char* sql, std::span<const SqlValue> values) override;
    void run(const char* sql, std::span<const SqlValue> values) override;
    void execute(const char* sql) override;

    struct Closer {
        void operator()(pg_conn* session) const;
        void operator()(pg_result* result) const;
    };
    using ResultPtr = std::unique_ptr<pg_result, Closer>;

  private:
    /// Throws when the session is lost and a transaction with it.
    void ensureSession();
    ResultPtr runPrepared(const char* sql, std::span<const SqlValue> values);
    const std::string& prepared(const char* sql, std::span<const SqlValue> values);
    /// Puts a statement, or a bare one without values, on its way without waiting for it.
    void send(const char* sql, std::span<const SqlValue> values);
    void sendBare(const char* sql);
    void startPipeline();
    /// As libpq says it: 1 if it is on its way.
    void sent(int whether);
    /// Has the server answer what is on its way; does not wait for it, unless it is a transaction's
    /// beginning.
    void cut();
    void ask();
    /// Waits for all that is on its way, and gives the last one's result; null if there is none.
    /// Throws what the first of them that failed threw.
    ResultPtr settle();
    /// The session is of no use any more. Throws why, or that the connection is lost.
    [[noreturn]] void lose(const std::optional<SqlError>& why = {});
    ResultPtr checked(pg_result* result);

    std::string url_;
    std::unique_ptr<pg_conn, Closer> session_;
    std::map<std::string_view, std::string> statements_;
    /// Lost: its session is gone, and nothing more of it runs until its end.
    enum class Transaction : std::uint8_t { None, Open, Lost };
    Transaction transaction_ = Transaction::None;
    bool hasBegun_ = false;       ///< the transaction, as the server has said
    std::size_t onTheirWay_ = 0;  ///< statements of which nobody has the result yet
    std::size_t asked_ = 0;    ///< how often the server was asked to answer, and has not been read
    std::size_t unasked_ = 0;  ///< bytes on their way since, about
};

}  // namespace tapport::hub
