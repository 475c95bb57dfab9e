// SPDX-License-Identifier: GPL-3.0-or-later
// What a running hub tells monitoring: GET /metrics (Prometheus text format 0.0.4) and /healthz.
// Without a password, so nothing of a person is in it, and only whoever asks for this machine by
// name gets it: a proxy in front passes another Host on.
#pragma once

#include "sync/hub/export/desk.h"
#include "sync/hub/web/http.h"

#include <array>
#include <functional>
#include <mutex>

namespace tapport::hub {

/// Since this process began.
struct Load {
    /// Upper ends of the histogram's buckets, in seconds; the last one has none.
    static constexpr std::array<double, 7> kBuckets{0.002, 0.005, 0.02, 0.1, 0.5, 2, 10};

    std::uint64_t records = 0;  ///< committed, duplicates included
    std::uint64_t refused = 0;  ///< transactions that failed: nothing was acknowledged
    std::array<std::uint64_t, kBuckets.size() + 1> takes{};  ///< transactions by how long they took
    double seconds = 0;                                      ///< all of these together
    std::uint64_t shards = 0;                                ///< that this process serves
    std::optional<std::string> trouble{};                    ///< why the last one failed, if it did
};

/// Any thread.
class LoadMeter {
  public:
    void took(std::uint64_t records, std::chrono::duration<double> time);
    void refused(const Error& why);
    void serves(std::uint64_t shards);
    [[nodiscard]] Load read() const;

  private:
    mutable std::mutex mutex_;
    Load load_;
};

struct Vitals {
    Counts counts;
    std::vector<KioskStanding> kiosks;
    Load load;
    record::WallTime now;
    Presences presence{};
    bool isOpenerUp = true;
    std::size_t unsortedBytes = 0;
    std::size_t quarantineFull = 0;  ///< kiosks whose share of it is used up
};

[[nodiscard]] std::string metricsText(const Vitals& vitals);

class Monitor {
  public:
    using Read = std::function<Result<Vitals>()>;
    /// An error says what this hub lacks to do its work.
    using Check = std::function<Result<>()>;

    Monitor(Read read, Check check) : read_(std::move(read)), check_(std::move(check)) {}

    /// Nothing for any other page.
    [[nodiscard]] std::optional<HttpResponse> answer(const HttpRequest& request) const;

  private:
    Read read_;
    Check check_;
};

}  // namespace tapport::hub
