// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/store/pg_connection.h"

#include "sync/hub/store/pg_array.h"
#include "sync/hub/store/pg_store.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/core.h>
#include <libpq-fe.h>

namespace tapport::hub {
namespace {

constexpr int kBinary = 1;

// A worker that freezes inside a transaction must not keep its locks: the server ends its session.
constexpr const char* kSession =
    "SET client_encoding = 'UTF8'; SET synchronous_commit = on; SET lock_timeout = '10s'; "
    "SET idle_in_transaction_session_timeout = '3s'; SET client_min_messages = error; "
    "SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3";

/// libpq sends by itself from 8 KiB on, and the server, which waits for nothing until it is asked
/// to answer, would end no transaction that stops there.
constexpr std::size_t kMostUnasked = 4096;

std::string_view orEmpty(const char* text) {
    return text == nullptr ? std::string_view() : text;
}

/// By SQLSTATE (PostgreSQL manual, appendix A).
SqlError errorFrom(const PGresult* result) {
    const std::string state(orEmpty(PQresultErrorField(result, PG_DIAG_SQLSTATE)));
    const std::string_view kind = std::string_view(state).substr(0, 2);
    if (kind == "22") {
        // Its texts quote the value.
        return {Code::Storage, SqlError::Kind::Content, "a value that PostgreSQL cannot hold"};
    }
    if (kind == "23") {
        return {Code::Storage, SqlError::Kind::Content,
                fmt::format("violates {}",
                            orEmpty(PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME)))};
    }
    Code code = Code::Storage;
    if (kind == "53") {
        code = Code::StorageFull;
    } else if (kind == "40" || kind == "55") {
        code = Code::Busy;
    }
    return {code, SqlError::Kind::Other,
            state.empty()
                ? "connection lost"
                : fmt::format("{} {}", state,
                              orEmpty(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY)))};
}

class PgRows final : public SqlRows {
  public:
    explicit PgRows(PgConnection::ResultPtr result) : result_(std::move(result)) {}

    bool step() override { return ++row_ < PQntuples(result_.get()); }
    bool isNull(int column) override { return PQgetisnull(result_.get(), row_, column) == 1; }
    std::int64_t integer(int column) override {
        const ByteView value = bytes(column);
        // Of 2, 4 or 8 bytes: begins with the sign.
        std::uint64_t number = !value.empty() && (value.front() & 0x80U) != 0 ? ~0ULL : 0;
        for (const std::uint8_t byte : value) {
            number = (number << 8U) | byte;
        }
        return static_cast<std::int64_t>(number);
    }
    ByteView bytes(int column) override {
        return {reinterpret_cast<const std::uint8_t*>(PQgetvalue(result_.get(), row_, column)),
                static_cast<std::size_t>(PQgetlength(result_.get(), row_, column))};
    }

  private:
    PgConnection::ResultPtr result_;
    int row_ = -1;
};

}  // namespace

void PgConnection::Closer::operator()(pg_conn* session) const {
    PQfinish(session);
}
void PgConnection::Closer::operator()(pg_result* result) const {
    PQclear(result);
}

std::unique_ptr<SqlRows> PgConnection::rows(const char* sql, std::span<const SqlValue> values) {
    return std::make_unique<PgRows>(runPrepared(sql, values));
}

int PgConnection::change(const char* sql, std::span<const SqlValue> values) {
    const ResultPtr result = runPrepared(sql, values);
    const std::string_view text = orEmpty(PQcmdTuples(result.get()));
    int changed = 0;
    std::from_chars(text.data(), text.data() + text.size(), changed);
    return changed;
}

void PgConnection::run(const char* sql, std::span<const SqlValue> values) {
    if (transaction_ == Transaction::None) {
        (void)change(sql, values);
        return;
    }
    ensureSession();
    send(sql, values);
    if (unasked_ > kMostUnasked) {
        cut();
    }
}

void PgConnection::execute(const char* sql) {
    const std::string_view what = sql;
    const bool isLost = !session_ || PQstatus(session_.get()) != CONNECTION_OK;
    if (what == "ROLLBACK" && (isLost || transaction_ == Transaction::Lost)) {
        transaction_ = Transaction::None;  // whoever lost it has undone it
        return;
    }
    ensureSession();
    if (what == "BEGIN") {
        sendBare(sql);
        transaction_ = Transaction::Open;
        hasBegun_ = false;
        return;
    }
    if (what == "SAVEPOINT part") {
        (void)settle();  // what came before it is not its part's fault
        sendBare(sql);
        return;
    }
    if (what == "RELEASE SAVEPOINT part") {
        sendBare(sql);
        (void)settle();
        return;
    }
    if (what == "COMMIT") {
        sendBare(sql);
        transaction_ = Transaction::None;
        if (orEmpty(PQcmdStatus(settle().get())) != what) {
            throw SqlError(Code::Storage, SqlError::Kind::Other, "the transaction had failed");
        }
        return;
    }
    try {
        (void)settle();
    } catch (const SqlError&) {
        if (what.rfind("ROLLBACK", 0) != 0) {
            throw;
        }
    }
    if (what == "ROLLBACK") {
        transaction_ = Transaction::None;
    }
    (void)checked(PQexec(session_.get(), sql));
}

void PgConnection::ensureSession() {
    if (session_ && PQstatus(session_.get()) == CONNECTION_OK) {
        return;
    }
    if (transaction_ != Transaction::None) {
        transaction_ = Transaction::Lost;
        throw SqlError(Code::Storage, SqlError::Kind::Other, "connection lost in a transaction");
    }
    statements_.clear();
    onTheirWay_ = asked_ = unasked_ = 0;
    // Twice as long as the server waits for a lock before it reads on.
    const std::array<const char*, 5> names{"connect_timeout", "tcp_user_timeout",
                                           "application_name", "dbname", nullptr};
    const std::array<const char*, 5> values{"5", "20000", "tapport-hub", url_.c_str(), nullptr};
    session_.reset(PQconnectdbParams(names.data(), values.data(), 1));
    if (PQstatus(session_.get()) != CONNECTION_OK) {
        // libpq's text names host, database and user, never a password.
        std::string why(orEmpty(PQerrorMessage(session_.get())));
        why.erase(why.find_last_not_of('\n') + 1);
        session_.reset();
        throw SqlError(Code::Storage, SqlError::Kind::Other, why);
    }
    PQsetNoticeProcessor(
        session_.get(), [](void*, const char*) {}, nullptr);
    try {
        (void)checked(PQexec(session_.get(), kSession));
    } catch (const SqlError&) {
        session_.reset();  // none is used without them
        throw;
    }
}

PgConnection::ResultPtr PgConnection::runPrepared(const char* sql,
                                                  std::span<const SqlValue> values) {
    ensureSession();
    send(sql, values);
    return settle();
}

void PgConnection::send(const char* sql, std::span<const SqlValue> values) {
    const std::string& name = prepared(sql, values);
    Bytes integers;
    integers.reserve(values.size() * sizeof(std::int64_t));
    std::vector<const char*> data;
    std::vector<int> sizes;
    const std::vector<int> formats(values.size(), kBinary);
    for (const SqlValue& value : values) {
        ByteView bytes = value.bytes;
        if (value.type == SqlValue::Type::Integer) {
            const std::size_t at = integers.size();
            appendBigEndian(integers, static_cast<std::uint64_t>(value.integer),
                            sizeof value.integer);
            bytes = ByteView(integers).subspan(at);
        }
        const char* start = bytes.empty() ? "" : reinterpret_cast<const char*>(bytes.data());
        data.push_back(value.isNull ? nullptr : start);
        sizes.push_back(static_cast<int>(bytes.size()));
    }
    constexpr std::size_t kAroundAValue = 16;
    std::size_t bytes = 0;
    for (const int size : sizes) {
        bytes += static_cast<std::size_t>(size) + kAroundAValue;
    }
    if (unasked_ > 0 && unasked_ + bytes > kMostUnasked) {
        cut();  // a large one is the first that the server gets after an answer
    }
    startPipeline();
    sent(PQsendQueryPrepared(session_.get(), name.c_str(), static_cast<int>(values.size()),
                             data.data(), sizes.data(), formats.data(), kBinary));
    unasked_ += bytes;
}

void PgConnection::sendBare(const char* sql) {
    startPipeline();
    sent(PQsendQueryParams(session_.get(), sql, 0, nullptr, nullptr, nullptr, nullptr, kBinary));
}

void PgConnection::startPipeline() {
    if (onTheirWay_ == 0 && PQenterPipelineMode(session_.get()) != 1) {
        lose();
    }
}

void PgConnection::sent(int whether) {
    if (whether != 1) {
        lose();
    }
    constexpr std::size_t kAroundAStatement = 64;
    ++onTheirWay_;
    unasked_ += kAroundAStatement;
}

const std::string& PgConnection::prepared(const char* sql, std::span<const SqlValue> values) {
    const auto found = statements_.find(sql);
    if (found != statements_.end()) {
        return found->second;
    }
    std::vector<Oid> types;
    for (const SqlValue& value : values) {
        types.push_back(pgTypeOf(value.type));
    }
    (void)settle();
    // The other dialect's parameters: no literal of ours holds a question mark.
    std::string text = sql;
    std::replace(text.begin(), text.end(), '?', '$');
    const std::string name = fmt::format("s{}", statements_.size());
    (void)checked(PQprepare(session_.get(), name.c_str(), text.c_str(),
                            static_cast<int>(types.size()), types.data()));
    return statements_.emplace(sql, name).first->second;
}

void PgConnection::cut() {
    if (hasBegun_) {
        ask();
    } else {
        (void)settle();  // without its BEGIN what follows would be committed by itself
    }
}

void PgConnection::ask() {
    if (PQpipelineSync(session_.get()) != 1) {
        lose();
    }
    ++asked_;
    unasked_ = 0;
}

PgConnection::ResultPtr PgConnection::settle() {
    if (std::exchange(onTheirWay_, 0) == 0) {
        return nullptr;
    }
    if (unasked_ > 0) {
        ask();
    }
    hasBegun_ = true;
    ResultPtr last;
    std::optional<SqlError> failure;
    // A null ends one statement's results; two in a row, and there is no session any more.
    for (bool isEnded = false;;) {
        ResultPtr result(PQgetResult(session_.get()));
        const ExecStatusType status = PQresultStatus(result.get());
        if (status == PGRES_PIPELINE_SYNC) {
            isEnded = false;
            if (--asked_ == 0) {
                break;
            }
            continue;
        }
        if (!result && std::exchange(isEnded, true)) {
            lose(failure);
        }
        if (result) {
            isEnded = false;
            if (!failure && status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
                failure = errorFrom(result.get());
            }
            last = std::move(result);
        }
    }
    if (PQexitPipelineMode(session_.get()) != 1) {
        lose(failure);
    }
    if (failure) {
        if (transaction_ == Transaction::Open &&
            PQtransactionStatus(session_.get()) == PQTRANS_IDLE) {
            lose(failure);  // it was the BEGIN: outside a transaction, all would be committed
        }
        throw *failure;
    }
    return last;
}

void PgConnection::lose(const std::optional<SqlError>& why) {
    session_.reset();
    if (transaction_ == Transaction::Open) {
        transaction_ = Transaction::Lost;
    }
    throw why.value_or(SqlError(Code::Storage, SqlError::Kind::Other, "connection lost"));
}

PgConnection::ResultPtr PgConnection::checked(pg_result* result) {
    ResultPtr owned(result);
    const ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        throw errorFrom(result);
    }
    return owned;
}

Result<> checkPgUrl(const std::string& url) {
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
        PQconninfoParse(url.c_str(), nullptr), &PQconninfoFree);
    if (!options) {
        return fail(Code::InvalidConfig, "not a postgresql:// URL");
    }
    for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
        if (orEmpty(option->keyword) == "password" && option->val != nullptr) {
            return fail(Code::InvalidConfig,
                        "a password does not belong here: use a password file (PGPASSFILE)");
        }
    }
    return {};
}

}  // namespace tapport::hub
