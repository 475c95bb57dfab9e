// SPDX-License-Identifier: GPL-3.0-or-later
// A broker of three nodes on this machine (packaging/cluster): lose one, start it again. Needs
// `packaging/dev/setup.sh --cluster`.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace tapport::support {

class Cluster {
  public:
    /// `engine` is "nats" or "rabbitmq". Starts three nodes below `dir`, which takes up to a
    /// minute. Throws std::runtime_error with what the script said.
    Cluster(const std::string& engine, std::filesystem::path dir);
    /// Ends all nodes.
    ~Cluster();
    Cluster(const Cluster&) = delete;
    Cluster& operator=(const Cluster&) = delete;

    /// SIGKILL; nodes are 1 to 3.
    void kill(int node) const;
    /// Back in the cluster when it returns.
    void start(int node) const;
    /// The lines of [broker] in kiosk.toml and hub.toml.
    [[nodiscard]] const std::string& configuration() const { return configuration_; }

  private:
    [[nodiscard]] std::string run(std::vector<std::string> words) const;
    std::string script_;
    std::filesystem::path dir_;
    std::string configuration_;
};

}  // namespace tapport::support
