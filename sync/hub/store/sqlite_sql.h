// SPDX-License-Identifier: GPL-3.0-or-later
// Between our types and SQLiteCpp's statements; included by the SQLite store's own files only.
#pragma once

#include "sync/record/unit.h"

#include <SQLiteCpp/SQLiteCpp.h>

namespace tapport::hub {

inline void bindOne(SQLite::Statement& to, int at, std::int64_t value) {
    to.bind(at, value);
}
inline void bindOne(SQLite::Statement& to, int at, std::uint64_t value) {
    to.bind(at, static_cast<std::int64_t>(value));
}
/// The bytes must live until the statement has run: every caller binds and steps in one expression
/// or block. An empty view binds a zero-length blob, not NULL.
inline void bindOne(SQLite::Statement& to, int at, ByteView value) {
    to.bindNoCopy(at, value.empty() ? "" : static_cast<const void*>(value.data()),
                  static_cast<int>(value.size()));
}
inline void bindOne(SQLite::Statement& to, int at, const std::string& value) {
    to.bindNoCopy(at, value);
}
template <typename Tag, std::size_t N>
void bindOne(SQLite::Statement& to, int at, const FixedBytes<Tag, N>& value) {
    bindOne(to, at, value.view());
}
template <typename Tag>
void bindOne(SQLite::Statement& to, int at, const record::Name<Tag>& value) {
    to.bindNoCopy(at, value.value);
}
inline void bindOne(SQLite::Statement& to, int at, record::WallTime value) {
    to.bind(at, static_cast<std::int64_t>(value.time_since_epoch().count()));
}
inline void bindOne(SQLite::Statement& to, int at, record::Millis value) {
    to.bind(at, static_cast<std::int64_t>(value.count()));
}
template <typename Enum>
requires std::is_enum_v<Enum>
void bindOne(SQLite::Statement& to, int at, Enum value) {
    to.bind(at, static_cast<std::int64_t>(value));
}
template <typename T>
void bindOne(SQLite::Statement& to, int at, const std::optional<T>& value) {
    if (value) {
        bindOne(to, at, *value);
    } else {
        to.bind(at);
    }
}

/// A cached statement in use: bound on construction, reset when it goes out of scope.
class Query {
  public:
    template <typename... Args>
    explicit Query(SQLite::Statement& statement, const Args&... args) : statement_(statement) {
        int at = 0;
        (bindOne(statement_, ++at, args), ...);
    }
    ~Query() {
        statement_.tryReset();
        statement_.clearBindings();
    }
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;

    bool step() { return statement_.executeStep(); }
    /// Rows changed; for statements without a result.
    int run() { return statement_.exec(); }

    [[nodiscard]] std::int64_t integer(int column) {
        return statement_.getColumn(column).getInt64();
    }
    [[nodiscard]] std::uint64_t count(int column) {
        return static_cast<std::uint64_t>(integer(column));
    }
    [[nodiscard]] bool isNull(int column) { return statement_.getColumn(column).isNull(); }
    /// Valid until the next step.
    [[nodiscard]] ByteView bytes(int column) {
        const SQLite::Column value = statement_.getColumn(column);
        return {static_cast<const std::uint8_t*>(value.getBlob()),
                static_cast<std::size_t>(value.getBytes())};
    }
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
    SQLite::Statement& statement_;
};

}  // namespace tapport::hub
