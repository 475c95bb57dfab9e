// SPDX-License-Identifier: GPL-3.0-or-later
// A runner at a real broker, with a tiny hub when a test starts one.
#pragma once

#include "sync/agent/runner.h"
#include "sync/receipt/keys.h"
#include "sync/seal/seal.h"
#include "tests/support/fake_outbox.h"
#include "tests/support/fake_sink.h"
#include "tests/support/mosquitto.h"
#include "tests/support/temp_dir.h"
#include "tests/support/wait_until.h"
#include "tests/sync/agent/tiny_hub.h"

#include <gtest/gtest.h>

namespace tapport::agent {

class AgentRunnerTest : public testing::Test {
  protected:
    AgentRunnerTest() { EXPECT_TRUE(seal::initialise()); }

    AgentOptions options() const {
        AgentOptions options;
        options.pump.sign = signerWith(kiosk_);
        options.isHubs = [this](const record::Signature& signature, ByteView covered) {
            return receipt::fits(signature, covered, hubKeys_.publicKey);
        };
        options.broker.port = broker_.port();
        options.pump.event = {"demo-2026"};
        options.pump.kiosk = {"kiosk-1"};
        options.pump.bootSpread = std::chrono::milliseconds(0);
        return options;
    }
    std::unique_ptr<AgentRunner> startRunner() { return startRunner(options()); }
    std::unique_ptr<AgentRunner> startRunner(const AgentOptions& options) {
        return std::make_unique<AgentRunner>(options, outbox_, [this](const AgentStatus& status) {
            const std::lock_guard lock(mutex_);
            status_ = status;
        });
    }
    static wire::Signer signerWith(const receipt::SigningKeys& keys) {
        return [keys](ByteView covered) { return receipt::signMessage(covered, keys); };
    }
    std::unique_ptr<TinyHub> startHub() const {
        return std::make_unique<TinyHub>(broker_.port(), signerWith(hubKeys_));
    }
    AgentStatus status() const {
        const std::lock_guard lock(mutex_);
        return status_;
    }
    bool everythingIsReceived(std::uint64_t rows) {
        const auto counts = outbox_.counts();
        return counts && counts->received == rows && counts->waiting == 0;
    }

    support::TempDir dir_;
    support::Mosquitto broker_{dir_ / "broker"};
    support::FakeOutbox outbox_;
    const receipt::SigningKeys kiosk_ = receipt::makeSigningKeys();
    const receipt::SigningKeys hubKeys_ = receipt::makeSigningKeys();

  private:
    mutable std::mutex mutex_;
    AgentStatus status_;
};

}  // namespace tapport::agent
