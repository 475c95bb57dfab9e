// SPDX-License-Identifier: GPL-3.0-or-later
// Who may see the pages: the local administrator's password, sessions, and the limits on guessing.
// Knows no HTTP. Not thread-safe: the server's one worker calls it. Time is handed in.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace tapport::hub {

class Gate {
  public:
    using Time = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::minutes kIdleTimeOut{30};
    static constexpr std::chrono::hours kLongestSession{12};
    /// Wrong passwords within kAttemptWindow, all visitors together: it is one password.
    static constexpr std::size_t kMostFailures = 5;
    static constexpr std::chrono::minutes kAttemptWindow{1};
    static constexpr std::size_t kMostSessions = 64;

    enum class Attempt { Granted, Refused, TooMany };
    struct Session {
        std::string token;  ///< 256 random bits; the cookie
        std::string csrf;   ///< 256 random bits; in every form
    };

    /// `passwordHash`: Argon2id, crypto_pwhash_str form.
    explicit Gate(std::string passwordHash) : passwordHash_(std::move(passwordHash)) {}

    /// Takes about 0.1 s (Argon2id), except when there were too many attempts. A granted attempt
    /// opens a session into `session`.
    [[nodiscard]] Attempt tryPassword(std::string_view password, Time now,
                                      std::optional<Session>& session);
    /// The live session of a cookie; using it keeps it alive.
    [[nodiscard]] std::optional<Session> find(const std::string& token, Time now);
    void close(const std::string& token) { sessions_.erase(token); }

    /// 256 bits from the kernel, base64url.
    [[nodiscard]] static std::string randomToken();
    /// In time that does not depend on where they differ.
    [[nodiscard]] static bool equal(std::string_view left, std::string_view right);

  private:
    struct Entry {
        std::string csrf;
        Time opened;
        Time used;
    };
    void forget(Time now);

    std::string passwordHash_;
    std::map<std::string, Entry> sessions_;
    std::deque<Time> failures_;
};

}  // namespace tapport::hub
