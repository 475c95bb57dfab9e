// SPDX-License-Identifier: GPL-3.0-or-later
// Listens beside the hub to what kiosks send: which record how many times, and how much of it.
#pragma once

#include "sync/mqtt/mqtt_client.h"

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <thread>

namespace tapport::fault {

class UpWatcher {
  public:
    /// Hears everything that comes from now on; not while this broker is away.
    explicit UpWatcher(int brokerPort);
    ~UpWatcher();
    UpWatcher(const UpWatcher&) = delete;
    UpWatcher& operator=(const UpWatcher&) = delete;

    struct Heard {
        std::map<std::string, unsigned> times;  ///< of each record's id
        std::size_t bytes = 0;                  ///< of batches
        /// How often the one was sent that was sent most often.
        [[nodiscard]] unsigned most() const;
    };
    [[nodiscard]] Heard heard() const;
    /// As if nothing had been heard yet.
    void forget();

  private:
    void run();
    void hear(ByteView payload);

    mqtt::Client client_;
    std::atomic<bool> isStopping_{false};
    std::atomic<bool> isListening_{false};
    mutable std::mutex mutex_;
    Heard heard_;
    std::thread thread_;
};

}  // namespace tapport::fault
