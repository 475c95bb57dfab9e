// SPDX-License-Identifier: GPL-3.0-or-later
// What parse() says about the sample event after a change to it.
#pragma once

#include "sync/event/event.h"
#include "tests/support/sample_event.h"

#include <functional>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace tapport::event {

/// Empty when it takes it.
inline std::string problemsAfter(const std::function<void(nlohmann::json&)>& change) {
    auto json = nlohmann::json::parse(support::sampleEventJson());
    change(json);
    const auto event = parse(json.dump());
    if (event) {
        return "";
    }
    EXPECT_EQ(event.error().code, Code::InvalidConfig);
    return event.error().context;
}

}  // namespace tapport::event
