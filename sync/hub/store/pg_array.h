// SPDX-License-Identifier: GPL-3.0-or-later
// Values in PostgreSQL's binary format: what libpq is told of their types, and the column of a
// batch as one parameter.
#pragma once

#include "sync/hub/store/sql.h"

namespace tapport::hub {

/// Object ids of PostgreSQL's own types; fixed for ever (src/include/catalog/pg_type.dat).
[[nodiscard]] std::uint32_t pgTypeOf(SqlValue::Type type);
/// The last `bytes` of `value`, in the order in which the server reads them.
void appendBigEndian(Bytes& to, std::uint64_t value, std::size_t bytes);

/// The column of a batch, for unnest().
class PgArray {
  public:
    enum class Of : std::uint8_t { Integers, Blobs, Texts };
    explicit PgArray(Of elements);

    void add(std::uint64_t value);
    void add(ByteView value);
    void add(const std::string& value) { add(viewOf(value)); }
    /// Valid until the next add().
    [[nodiscard]] SqlValue value() const { return {type_, false, 0, encoded_}; }

  private:
    void addLength(std::size_t bytes);
    SqlValue::Type type_;
    Bytes encoded_;
    std::uint32_t count_ = 0;
};
inline SqlValue sqlValue(const PgArray& array) {
    return array.value();
}

}  // namespace tapport::hub
