// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/receipt/json_fields.h"

#include <algorithm>

#include <fmt/core.h>

namespace tapport::receipt {
namespace {

const Json kNothing;

}  // namespace

Fields::Fields(const Json& object, std::initializer_list<std::string_view> known)
    : object_(object) {
    if (!object.is_object()) {
        problem_ = "is no object";
        return;
    }
    for (const auto& member : object.items()) {
        if (std::find(known.begin(), known.end(), member.key()) == known.end()) {
            problem_ = "has an unknown member";
            return;
        }
    }
}

bool Fields::has(std::string_view key) const {
    return object_.is_object() && object_.contains(key);
}

std::string Fields::text(std::string_view key) {
    const Json* const value = find(key);
    if (value && value->is_string()) {
        return value->get<std::string>();
    }
    reject(key, "is no text");
    return {};
}

std::string Fields::name(std::string_view key) {
    std::string name = text(key);
    if (!record::isName(name)) {
        reject(key, "is no name");
    }
    return name;
}

std::int64_t Fields::integer(std::string_view key, std::int64_t least, std::int64_t most) {
    const Json* const value = find(key);
    if (value && value->is_number_integer()) {
        const auto number = value->get<std::int64_t>();
        if (least <= number && number <= most) {
            return number;
        }
    }
    reject(key, "is no integer in its range");
    return least;
}

const Json& Fields::list(std::string_view key) {
    const Json* const value = find(key);
    if (value && value->is_array()) {
        return *value;
    }
    reject(key, "is no list");
    return kNothing;
}

void Fields::reject(std::string_view key, std::string_view what) {
    if (problem_.empty()) {
        problem_ = fmt::format("'{}' {}", key, what);
    }
}

Result<> Fields::finish() const {
    return ok() ? Result<>{} : fail(Code::InvalidInput, problem_);
}

const Json* Fields::find(std::string_view key) {
    if (!has(key)) {
        reject(key, "is missing");
        return nullptr;
    }
    return &object_.at(key);
}

}  // namespace tapport::receipt
