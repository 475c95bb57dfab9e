// SPDX-License-Identifier: GPL-3.0-or-later
// A database connection as the store uses it, whatever the dialect: statements with numbered
// parameters (?1, ?2 ...), rows, transactions. Everything throws SqlError, which the store's own
// files turn into a Result (`guarded`). Statements are literals: each is prepared once.
#pragma once

#include "sync/base/error.h"
#include "sync/record/unit.h"

#include <memory>
#include <stdexcept>

namespace tapport::hub {

/// What a database refused. The text names tables and constraints, never values.
class SqlError : public std::runtime_error {
  public:
    enum class Kind : std::uint8_t {
        Other,
        Content,  ///< a constraint or a value that it cannot hold: the row's fault, not the disk's
    };
    SqlError(Code code, Kind kind, const std::string& text)
        : std::runtime_error(text), code_(code), kind_(kind) {}
    [[nodiscard]] Code code() const { return code_; }
    [[nodiscard]] Kind kind() const { return kind_; }

  private:
    Code code_;
    Kind kind_;
};

/// A value to bind. `bytes` must live until the statement has run: every caller binds and steps in
/// one expression or block.
struct SqlValue {
    /// Arrays are for dialects that have them, as encoded by those.
    enum class Type : std::uint8_t { Integer, Blob, Text, IntegerArray, BlobArray, TextArray };
    Type type = Type::Integer;
    bool isNull = false;
    std::int64_t integer = 0;
    ByteView bytes{};
};

inline SqlValue sqlValue(std::int64_t value) {
    return {SqlValue::Type::Integer, false, value};
}
inline SqlValue sqlValue(std::uint64_t value) {
    return sqlValue(static_cast<std::int64_t>(value));
}
inline SqlValue sqlValue(ByteView value) {
    return {SqlValue::Type::Blob, false, 0, value};
}
inline SqlValue sqlValue(const std::string& value) {
    return {SqlValue::Type::Text, false, 0, viewOf(value)};
}
template <typename Tag, std::size_t N>
SqlValue sqlValue(const FixedBytes<Tag, N>& value) {
    return sqlValue(value.view());
}
template <typename Tag>
SqlValue sqlValue(const record::Name<Tag>& value) {
    return sqlValue(value.value);
}
inline SqlValue sqlValue(record::WallTime value) {
    return sqlValue(static_cast<std::int64_t>(value.time_since_epoch().count()));
}
inline SqlValue sqlValue(record::Millis value) {
    return sqlValue(static_cast<std::int64_t>(value.count()));
}
template <typename Enum>
requires std::is_enum_v<Enum> SqlValue sqlValue(Enum value) {
    return sqlValue(static_cast<std::int64_t>(value));
}
template <typename T>
SqlValue sqlValue(const std::optional<T>& value) {
    // Of a null, only the type.
    return value ? sqlValue(*value) : SqlValue{sqlValue(T{}).type, true};
}

/// The rows of a statement that runs; what it gives is valid until the next step.
class SqlRows {
  public:
    virtual ~SqlRows() = default;
    virtual bool step() = 0;
    [[nodiscard]] virtual bool isNull(int column) = 0;
    [[nodiscard]] virtual std::int64_t integer(int column) = 0;
    [[nodiscard]] virtual ByteView bytes(int column) = 0;
};

class SqlConnection {
  public:
    virtual ~SqlConnection() = default;
    [[nodiscard]] virtual std::unique_ptr<SqlRows> rows(const char* sql,
                                                        std::span<const SqlValue> values) = 0;
    /// For statements without a result; gives how many rows changed.
    virtual int change(const char* sql, std::span<const SqlValue> values) = 0;
    /// Likewise, where nobody asks how many. In a transaction it may run later: with the next
    /// statement that gives something at the latest, or with the transaction's or savepoint's end.
    /// That one throws what this one would have.
    virtual void run(const char* sql, std::span<const SqlValue> values) {
        (void)change(sql, values);
    }
    /// BEGIN, COMMIT, SAVEPOINT and the like.
    virtual void execute(const char* sql) = 0;
};

/// Undone when it goes out of scope without commit().
class SqlTransaction {
  public:
    explicit SqlTransaction(SqlConnection& connection) : connection_(&connection) {
        connection.execute("BEGIN");
    }
    ~SqlTransaction() { undo(connection_, "ROLLBACK"); }
    SqlTransaction(const SqlTransaction&) = delete;
    SqlTransaction& operator=(const SqlTransaction&) = delete;
    void commit() {
        connection_->execute("COMMIT");
        connection_ = nullptr;
    }
    /// A connection that broke has undone it already.
    static void undo(SqlConnection* connection, const char* how) {
        try {
            if (connection != nullptr) {
                connection->execute(how);
            }
        } catch (const SqlError&) {
        }
    }

  private:
    SqlConnection* connection_;
};

/// A part of a transaction that may be undone alone: likewise, without release().
class SqlSavepoint {
  public:
    explicit SqlSavepoint(SqlConnection& connection) : connection_(&connection) {
        connection.execute("SAVEPOINT part");
    }
    ~SqlSavepoint() {
        SqlTransaction::undo(connection_, "ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part");
    }
    SqlSavepoint(const SqlSavepoint&) = delete;
    SqlSavepoint& operator=(const SqlSavepoint&) = delete;
    void release() {
        connection_->execute("RELEASE SAVEPOINT part");
        connection_ = nullptr;
    }

  private:
    SqlConnection* connection_;
};

/// A statement with its values; runs at the first step().
class Query {
  public:
    template <typename... Args>
    explicit Query(SqlConnection& connection, const char* sql, const Args&... args)
        : connection_(connection), sql_(sql), values_{sqlValue(args)...} {}

    bool step() {
        if (!rows_) {
            rows_ = connection_.rows(sql_, values_);
        }
        return rows_->step();
    }
    /// For statements without a result. In a transaction it may run later (SqlConnection::run).
    void run() { connection_.run(sql_, values_); }
    /// Likewise, but now: gives how many rows changed.
    int change() { return connection_.change(sql_, values_); }

    [[nodiscard]] std::int64_t integer(int column) { return rows_->integer(column); }
    [[nodiscard]] std::uint64_t count(int column) {
        return static_cast<std::uint64_t>(integer(column));
    }
    [[nodiscard]] bool isNull(int column) { return rows_->isNull(column); }
    /// Valid until the next step.
    [[nodiscard]] ByteView bytes(int column) { return rows_->bytes(column); }
    [[nodiscard]] std::string text(int column) { return std::string(textOf(bytes(column))); }
    [[nodiscard]] record::WallTime time(int column) {
        return record::WallTime(record::Millis(integer(column)));
    }
    /// The schema's CHECKs guarantee length and range.
    template <typename Id>
    [[nodiscard]] Id id(int column) {
        return Id::from(bytes(column)).value_or(Id{});
    }
    template <typename Id>
    [[nodiscard]] std::optional<Id> optionalId(int column) {
        return isNull(column) ? std::nullopt : Id::from(bytes(column));
    }
    template <typename Enum>
    [[nodiscard]] Enum enumeration(int column) {
        return static_cast<Enum>(integer(column));
    }
    /// Four columns: wall time, quality, boot id, monotonic.
    [[nodiscard]] record::ClockReading clock(int column) {
        return {time(column), enumeration<record::ClockQuality>(column + 1),
                id<record::BootId>(column + 2), record::Millis(integer(column + 3))};
    }

  private:
    SqlConnection& connection_;
    const char* sql_;
    std::vector<SqlValue> values_;
    std::unique_ptr<SqlRows> rows_;
};

}  // namespace tapport::hub
