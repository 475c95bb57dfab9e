// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/enrol/exchange.h"

#include <algorithm>

namespace tapport::enrol {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds kAskAgain{1};

/// One connection, until it is lost or `until`.
class Attempt {
  public:
    Attempt(mqtt::Client& client, const CodeCheck& code, const Bytes& request)
        : client_(client), code_(code), request_(request) {}

    /// The answer; nothing when the connection gave none.
    std::optional<Result<Grant>> run(Clock::time_point until, Error& trouble) {
        client_.connect(std::nullopt);
        while (Clock::now() < until) {
            const auto event = client_.next(std::min(until, Clock::now() + kAskAgain));
            if (!event) {
                ask();  // the hub may not have been there
                continue;
            }
            if (const auto* lost = std::get_if<mqtt::Lost>(&*event)) {
                trouble = lost->error;
                return std::nullopt;
            }
            if (std::holds_alternative<mqtt::Connected>(*event)) {
                trouble = {Code::Network, "the hub does not answer"};
                (void)client_.subscribe(replyTopic(code_.id));
            } else if (std::holds_alternative<mqtt::Subscribed>(*event)) {
                ask();
            } else if (const auto* arrived = std::get_if<mqtt::Arrived>(&*event)) {
                if (auto answer = read(arrived->payload, trouble)) {
                    return answer;
                }
            }
        }
        return std::nullopt;
    }

  private:
    void ask() { (void)client_.publish({requestTopic(code_.id), request_, mqtt::Retain::No}); }

    std::optional<Result<Grant>> read(const Bytes& payload, Error& trouble) const {
        auto reply = openReply(payload, code_, request_);
        if (!reply) {
            trouble = reply.error();  // not for us, or not from the hub
            return std::nullopt;
        }
        if (const auto* refusal = std::get_if<Refusal>(&*reply)) {
            return fail(*refusal == Refusal::RevokedKey ? Code::Conflict : Code::InvalidInput,
                        std::string(nameOf(*refusal)));
        }
        return std::get<Grant>(std::move(*reply));
    }

    mqtt::Client& client_;
    const CodeCheck& code_;
    const Bytes& request_;
};

}  // namespace

Result<Grant> askHub(const mqtt::Options& broker, const CodeCheck& code, const Bytes& request,
                     std::chrono::milliseconds patience) {
    const auto until = Clock::now() + patience;
    mqtt::Client client(broker);
    Error trouble{Code::Network, "the hub does not answer"};
    while (Clock::now() < until) {
        if (auto answer = Attempt(client, code, request).run(until, trouble)) {
            client.disconnect(std::chrono::seconds(1));
            return std::move(*answer);
        }
        // Lost: wait a moment, unless time is up.
        const auto again = std::min(until, Clock::now() + std::chrono::seconds(1));
        while (Clock::now() < again && client.next(again)) {
        }
    }
    return tl::unexpected(trouble);
}

}  // namespace tapport::enrol
