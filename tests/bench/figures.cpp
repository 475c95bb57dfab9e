// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/figures.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

namespace tapport::bench {

double Samples::quantile(double q) const {
    if (values_.empty()) {
        throw std::runtime_error("no samples");
    }
    std::vector<double> sorted = values_;
    std::sort(sorted.begin(), sorted.end());
    const auto rank = static_cast<std::size_t>(std::ceil(q * static_cast<double>(sorted.size())));
    return sorted[std::max<std::size_t>(rank, 1) - 1];
}

void printMillis(const std::string& name, const Samples& samples) {
    fmt::print("{:<46} p50 {:>8.2f} ms   p95 {:>8.2f} ms   n = {}\n", name, samples.quantile(0.5),
               samples.quantile(0.95), samples.size());
}

}  // namespace tapport::bench
