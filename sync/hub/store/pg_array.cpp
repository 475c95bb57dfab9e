// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/store/pg_array.h"

#include <algorithm>

namespace tapport::hub {

std::uint32_t pgTypeOf(SqlValue::Type type) {
    switch (type) {
        case SqlValue::Type::Integer:
            return 20;
        case SqlValue::Type::Blob:
            return 17;
        case SqlValue::Type::Text:
            return 25;
        case SqlValue::Type::IntegerArray:
            return 1016;
        case SqlValue::Type::BlobArray:
            return 1001;
        case SqlValue::Type::TextArray:
            return 1009;
    }
    return 0;
}

void appendBigEndian(Bytes& to, std::uint64_t value, std::size_t bytes) {
    for (std::size_t i = bytes; i-- > 0;) {
        to.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    }
}

PgArray::PgArray(Of elements)
    : type_(elements == Of::Integers
                ? SqlValue::Type::IntegerArray
                : (elements == Of::Blobs ? SqlValue::Type::BlobArray : SqlValue::Type::TextArray)) {
    const SqlValue::Type element =
        elements == Of::Integers
            ? SqlValue::Type::Integer
            : (elements == Of::Blobs ? SqlValue::Type::Blob : SqlValue::Type::Text);
    // One dimension, no nulls, the element's type, how many, counted from 1.
    for (const std::uint32_t field : {1U, 0U, pgTypeOf(element), 0U, 1U}) {
        appendBigEndian(encoded_, field, sizeof field);
    }
}

void PgArray::add(std::uint64_t value) {
    addLength(sizeof value);
    appendBigEndian(encoded_, value, sizeof value);
}

void PgArray::add(ByteView value) {
    addLength(value.size());
    encoded_.insert(encoded_.end(), value.begin(), value.end());
}

void PgArray::addLength(std::size_t bytes) {
    Bytes count;
    appendBigEndian(count, ++count_, sizeof count_);
    std::copy(count.begin(), count.end(), encoded_.begin() + 12);
    appendBigEndian(encoded_, bytes, sizeof(std::uint32_t));
}

}  // namespace tapport::hub
