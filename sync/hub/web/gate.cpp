// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/web/gate.h"

#include "sync/base/bytes.h"
#include "sync/program/program.h"
#include "sync/seal/seal.h"

#include <algorithm>

namespace tapport::hub {

Gate::Attempt Gate::tryPassword(std::string_view password, Time now,
                                std::optional<Session>& session) {
    while (!failures_.empty() && now - failures_.front() >= kAttemptWindow) {
        failures_.pop_front();
    }
    if (failures_.size() >= kMostFailures) {
        return Attempt::TooMany;
    }
    if (!seal::passwordMatches(password, passwordHash_)) {
        failures_.push_back(now);
        return Attempt::Refused;
    }
    failures_.clear();
    forget(now);
    while (sessions_.size() >= kMostSessions) {
        sessions_.erase(std::min_element(
            sessions_.begin(), sessions_.end(),
            [](const auto& a, const auto& b) { return a.second.used < b.second.used; }));
    }
    session = Session{randomToken(), randomToken()};
    sessions_.emplace(session->token, Entry{session->csrf, now, now});
    return Attempt::Granted;
}

std::optional<Gate::Session> Gate::find(const std::string& token, Time now) {
    forget(now);
    const auto found = sessions_.find(token);
    if (found == sessions_.end()) {
        return std::nullopt;
    }
    found->second.used = now;
    return Session{token, found->second.csrf};
}

void Gate::forget(Time now) {
    std::erase_if(sessions_, [now](const auto& session) {
        return now - session.second.used >= kIdleTimeOut ||
               now - session.second.opened >= kLongestSession;
    });
}

std::string Gate::randomToken() {
    Bytes bytes(32);
    program::fillRandom(bytes.data(), bytes.size());
    return toBase64Url(bytes);
}

bool Gate::equal(std::string_view left, std::string_view right) {
    unsigned difference = left.size() == right.size() ? 0 : 1;
    for (std::size_t i = 0; i < std::min(left.size(), right.size()); ++i) {
        difference |= static_cast<unsigned char>(left[i] ^ right[i]);
    }
    return difference == 0;
}

}  // namespace tapport::hub
