// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/mqtt/mqtt_client.h"

#include "sync/mqtt/no_delay.h"
#include "sync/mqtt/tls_floor.h"

#include <condition_variable>
#include <deque>
#include <mutex>

#include <mqtt/async_client.h>

namespace tapport::mqtt {
namespace {

namespace paho = ::mqtt;

constexpr int kQos = 1;

/// A code to act on, also where 3.1.1 or a local failure gives none.
int failureReason(const paho::token& token) {
    constexpr int kHighest = 255;
    for (const int code : {static_cast<int>(token.get_reason_code()), token.get_return_code()}) {
        if (isFailure(code) && code <= kHighest) {
            return code;
        }
    }
    return kUnspecifiedError;
}

/// For the log and the status: MQTT 5 says why, where it has a reason.
std::string named(int reason) {
    return reason == kUnspecifiedError ? "" : ", reason " + std::to_string(reason);
}

/// What Paho says of a failure besides its code.
std::string detailOf(const paho::token& token) {
    try {
        // The only way to that text. The token is complete: nothing waits.
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
        const_cast<paho::token&>(token).try_wait();
    } catch (const paho::exception& error) {
        // Also after a connection was made and something else than MQTT came back.
        return error.get_message() == "TCP connect completion failure"
                   ? "refused, or what answers there is no MQTT broker: a captive portal?"
                   : error.get_message();
    }
    return {};
}

/// Copied once.
Bytes payloadOf(const paho::message& message) {
    const auto& payload = message.get_payload_ref();
    return payload ? toBytes(viewOf({payload.data(), payload.size()})) : Bytes{};
}

Endpoint endpointOf(const Options& options, std::size_t turn) {
    const std::size_t which = turn % (options.others.size() + 1);
    return which == 0 ? Endpoint{options.host, options.port} : options.others[which - 1];
}

std::string uriOf(const Options& options, const Endpoint& at) {
    return (options.tls ? "ssl://" : "tcp://") + nameOf(at);
}

std::string idOf(const Options& options) {
    return (options.tls ? options.tls->idPrefix : "") + options.clientId;
}

}  // namespace

std::string nameOf(const Endpoint& at) {
    const bool isBareV6 = at.host.find(':') != std::string::npos && at.host.front() != '[';
    return (isBareV6 ? "[" + at.host + "]" : at.host) + ":" + std::to_string(at.port);
}

/// Events from Paho's threads to the owner's. Its lock is a leaf: nothing is called under it.
class Client::Queue {
  public:
    void push(Event event) {
        {
            const std::lock_guard lock(mutex_);
            events_.push_back(std::move(event));
        }
        changed_.notify_one();
    }
    void interrupt() {
        {
            const std::lock_guard lock(mutex_);
            isInterrupted_ = true;
        }
        changed_.notify_one();
    }
    void clear() {
        const std::lock_guard lock(mutex_);
        events_.clear();
    }
    std::optional<Event> next(std::chrono::steady_clock::time_point deadline) {
        std::unique_lock lock(mutex_);
        changed_.wait_until(lock, deadline, [&] { return isInterrupted_ || !events_.empty(); });
        isInterrupted_ = false;
        if (events_.empty()) {
            return std::nullopt;
        }
        Event event = std::move(events_.front());
        events_.pop_front();
        return event;
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Event> events_;
    bool isInterrupted_ = false;
};

/// One connection. Paho calls back on its own threads with its global lock held: here it is only
/// told to the queue, and Paho is never called.
class Client::Link : private paho::iaction_listener {
  public:
    Link(const Options& options, const Endpoint& at, Queue& queue)
        : queue_(queue),
          at_(at),
          reports_(options.reports),
          isTls_(options.tls.has_value()),
          client_(uriOf(options, at), idOf(options), createOptions(options.version), nullptr) {
        client_.set_message_callback([this](const paho::const_message_ptr& message) {
            if (state_ != State::Closed) {
                queue_.push(
                    Arrived{message->get_topic(), payloadOf(*message), message->is_retained()});
            }
        });
        client_.set_connection_lost_handler(
            [this](const std::string&) { lose("connection lost", kUnspecifiedError); });
        client_.set_disconnected_handler([this](const paho::properties&, paho::ReasonCode reason) {
            lose("disconnected by the broker" + named(static_cast<int>(reason)),
                 static_cast<int>(reason));
        });
    }
    /// Paho reports what is unfinished when its client goes: nobody asks for that any more.
    ~Link() override { state_ = State::Closed; }

    void connect(const Options& options, const std::optional<Message>& will) {
        constexpr int kMostInFlight = 1000;
        paho::connect_options connect;
        // Paho asks after one interval of silence, gives up after another, and looks once a second.
        constexpr std::chrono::seconds kPahosDelay{1};
        connect.set_keep_alive_interval(
            std::max(options.keepAlive / 2 - kPahosDelay, std::chrono::seconds(1)));
        connect.set_connect_timeout(options.connectTimeout);
        connect.set_max_inflight(kMostInFlight);
        const bool isClean = options.session == Session::Clean;
        if (options.version == Version::V5) {
            connect.set_mqtt_version(MQTTVERSION_5);
            connect.set_clean_start(isClean);
            if (!isClean) {
                constexpr int kDay = 86'400;  // seconds
                connect.set_properties({{paho::property::SESSION_EXPIRY_INTERVAL, kDay}});
            }
        } else {
            connect.set_mqtt_version(MQTTVERSION_3_1_1);
            connect.set_clean_session(isClean);
        }
        if (!options.user.empty()) {
            connect.set_user_name(options.user);
            connect.set_password(options.password);
        }
        if (will) {
            connect.set_will(paho::will_options(will->topic, will->payload.data(),
                                                will->payload.size(), kQos,
                                                will->retain == Retain::Yes));
        }
        try {
            if (options.tls) {
                requireTls13();
                connect.set_ssl(sslOptions(*options.tls));
            }
            client_.connect(connect, nullptr, *this);
        } catch (const paho::exception& error) {
            lose(error.to_string() + whyNotConnected(), kUnspecifiedError);
        }
    }

    void disconnect(std::chrono::milliseconds patience) {
        if (state_ != State::Connected) {
            return;
        }
        try {
            client_.disconnect(patience)->wait_for(patience);
        } catch (const paho::exception&) {
            // It went while we said goodbye: gone is what was asked for.
        }
    }

    [[nodiscard]] bool isConnected() const { return state_ == State::Connected; }

    Result<> publish(const Message& message, RequestId request) {
        return ask([&] {
            client_.publish(message.topic, message.payload.data(), message.payload.size(), kQos,
                            message.retain == Retain::Yes, contextOf(request), *this);
        });
    }

    Result<> subscribe(const std::string& filter, RequestId request) {
        return ask([&] { client_.subscribe(filter, kQos, contextOf(request), *this); });
    }

    Result<> unsubscribe(const std::string& filter) {
        return ask([&] { client_.unsubscribe(filter); });
    }

  private:
    enum class State : std::uint8_t { Connecting, Connected, Closed };

    static paho::create_options createOptions(Version version) {
        // Paho counts every publish that is not written yet against this, connected or not.
        constexpr int kMostQueued = 10'000;
        return {version == Version::V5 ? MQTTVERSION_5 : MQTTVERSION_3_1_1, kMostQueued};
    }
    static paho::ssl_options sslOptions(const Tls& tls) {
        const bool isVerified = tls.peer == Peer::Verified;
        paho::ssl_options ssl;
        if (isVerified) {
            ssl.set_trust_store(tls.ca.string());
        }
        ssl.set_enable_server_cert_auth(isVerified);
        ssl.set_verify(isVerified);  // that the certificate names the host
        if (!tls.certificate.empty()) {
            ssl.set_key_store(tls.certificate.string());
            ssl.set_private_key(tls.key.string());
        }
        // No error handler: Paho 1.2 calls it with the address of a stack frame that is gone.
        return ssl;
    }
    /// Why TLS did not come about, as far as this end can tell: with 1.3 a client that is refused
    /// only sees the connection end.
    [[nodiscard]] std::string whyNotConnected() const {
        return isTls_ ? " (no broker there, or it refuses this certificate, or its own is not of "
                        "this authority or for this host: its log says which)"
                      : "";
    }
    static void* contextOf(RequestId request) {
        // Paho keeps a pointer for us and never follows it.
        // NOLINTNEXTLINE(performance-no-int-to-ptr)
        return reinterpret_cast<void*>(static_cast<std::uintptr_t>(request));
    }
    static RequestId requestOf(const paho::token& token) {
        return static_cast<RequestId>(reinterpret_cast<std::uintptr_t>(token.get_user_context()));
    }

    template <typename Call>
    Result<> ask(Call call) {
        if (state_ != State::Connected) {
            return fail(Code::Network, "not connected");
        }
        try {
            call();
        } catch (const paho::exception& error) {
            return fail(Code::Network, error.to_string());
        }
        return {};
    }

    void lose(const std::string& why, int reason) {
        if (state_.exchange(State::Closed) != State::Closed) {
            // Of a cluster's nodes it may be one that is away, and of a wrong port nobody thinks.
            queue_.push(Lost{Error{Code::Network, why}.in(nameOf(at_)), reason});
        }
    }

    void complete(const paho::token& token, int reason) {
        if (token.get_type() == paho::token::SUBSCRIBE) {
            queue_.push(Subscribed{requestOf(token), reason});
        } else {
            queue_.push(Published{requestOf(token), reason});
        }
    }

    void on_success(const paho::token& token) override {  // NOLINT(readability-identifier-naming)
        if (token.get_type() == paho::token::CONNECT) {
            sendWithoutDelay(at_.port);
            auto expected = State::Connecting;
            if (state_.compare_exchange_strong(expected, State::Connected)) {
                queue_.push(Connected{});
            }
        } else if (state_ == State::Connected &&
                   (reports_ == Reports::All || token.get_type() != paho::token::PUBLISH)) {
            complete(token, 0);
        }
    }
    void on_failure(const paho::token& token) override {  // NOLINT(readability-identifier-naming)
        const int reason = failureReason(token);
        if (token.get_type() == paho::token::CONNECT) {
            lose("cannot connect: " + detailOf(token) + named(reason) + whyNotConnected(), reason);
        } else if (state_ == State::Connected && token.get_return_code() >= 0) {
            // Below 0 it is Paho's own word, not the broker's: what could not be written, or is
            // not finished. The connection is going: Lost follows, and stands for it.
            complete(token, reason);
        }
    }

    Queue& queue_;
    std::atomic<State> state_{State::Connecting};
    const Endpoint at_;
    const Reports reports_;
    const bool isTls_;
    paho::async_client client_;  // last: its destructor still calls back
};

Client::Client(Options options)
    : options_(std::move(options)),
      queue_(std::make_unique<Queue>()),
      turn_(std::hash<std::string>()(options_.clientId)) {}

Client::~Client() = default;

void Client::connect(const std::optional<Message>& will) {
    // A new Paho client for each connection: an old one would send what was left in its queue. The
    // old one goes first: with the last client Paho's threads end, and only new ones poll fast
    // enough to notice a new socket in less than a second.
    link_.reset();
    queue_->clear();
    try {
        link_ = std::make_unique<Link>(options_, endpointOf(options_, turn_++), *queue_);
    } catch (const paho::exception& error) {
        queue_->push(Lost{{Code::InvalidConfig, error.to_string()}});
        return;
    }
    link_->connect(options_, will);
}

void Client::disconnect(std::chrono::milliseconds patience) {
    if (link_) {
        link_->disconnect(patience);
        link_.reset();
        queue_->clear();
    }
}

bool Client::isConnected() const {
    return link_ && link_->isConnected();
}

Result<RequestId> Client::publish(const Message& message) {
    if (!link_) {
        return fail(Code::Network, "not connected");
    }
    return link_->publish(message, lastRequest_ + 1).map([&] { return ++lastRequest_; });
}

Result<RequestId> Client::subscribe(const std::string& filter) {
    if (!link_) {
        return fail(Code::Network, "not connected");
    }
    return link_->subscribe(filter, lastRequest_ + 1).map([&] { return ++lastRequest_; });
}

Result<> Client::unsubscribe(const std::string& filter) {
    return link_ ? link_->unsubscribe(filter) : fail(Code::Network, "not connected");
}

std::optional<Event> Client::next(std::chrono::steady_clock::time_point deadline) {
    return queue_->next(deadline);
}

void Client::interrupt() {
    queue_->interrupt();
}

}  // namespace tapport::mqtt
