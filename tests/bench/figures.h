// SPDX-License-Identifier: GPL-3.0-or-later
// Samples and what is said of them. Machines are noisy: medians, and ratios within one run.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace tapport::bench {

using Clock = std::chrono::steady_clock;

class Samples {
  public:
    void add(double value) { values_.push_back(value); }
    /// 0.5 is the median; nearest rank.
    [[nodiscard]] double quantile(double q) const;
    [[nodiscard]] std::size_t size() const { return values_.size(); }

  private:
    std::vector<double> values_;
};

[[nodiscard]] inline double millisSince(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}
/// "name   p50 1.23 ms   p95 4.56 ms   (n = 20)"
void printMillis(const std::string& name, const Samples& samples);

// The stages of the main job. Each throws std::runtime_error when a part does not start.
void measureTap();
void measureLookUp();
void measureCommit();
void measureReceipt();

}  // namespace tapport::bench
