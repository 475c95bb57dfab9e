// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/cluster.h"

#include "tests/support/child_process.h"
#include "tests/support/fixture.h"

#include <stdexcept>

namespace tapport::support {

Cluster::Cluster(const std::string& engine, std::filesystem::path dir)
    : script_(fixture("../../packaging/cluster/" + engine + ".sh")),
      dir_(std::move(dir)),
      configuration_(run({"up"})) {}

Cluster::~Cluster() {
    (void)support::run({script_, "down", dir_.string()});
}

void Cluster::kill(int node) const {
    (void)run({"kill", std::to_string(node)});
}

void Cluster::start(int node) const {
    (void)run({"start", std::to_string(node)});
}

std::string Cluster::run(std::vector<std::string> words) const {
    words.insert(words.begin(), script_);
    words.push_back(dir_.string());
    const Finished finished = support::run(words);
    if (finished.status != 0) {
        throw std::runtime_error(finished.err);
    }
    return finished.out;
}

}  // namespace tapport::support
