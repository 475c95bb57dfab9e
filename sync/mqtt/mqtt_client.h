// SPDX-License-Identifier: GPL-3.0-or-later
// One MQTT connection as a stream of events that its owner takes when it likes. The one place that
// knows Paho; why it is used this way: README.md. It never reconnects by itself and keeps nothing:
// durability is end to end, and when to try again is the caller's policy.
#pragma once

#include "sync/base/bytes.h"
#include "sync/base/error.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tapport::mqtt {

enum class Version : std::uint8_t {
    V311,  ///< no reason codes: a denied publish looks like success
    V5,
};

/// Who may be the broker at the other end of a TLS connection.
enum class Peer : std::uint8_t {
    Verified,    ///< its certificate is signed by `ca` and names the host
    Unverified,  ///< anybody: for messages that protect themselves (sync/enrol)
};

/// What every client id begins with that is sent over TLS, and no name in a certificate: a broker
/// that lets in nothing else (packaging/mosquitto) keeps strangers from taking such a name.
inline constexpr std::string_view kIdPrefix = "tapport-";

/// TLS 1.3 and nothing older. Files in PEM.
struct Tls {
    Peer peer = Peer::Verified;
    std::filesystem::path ca;           ///< unused when unverified
    std::filesystem::path certificate;  ///< who we are; empty: nobody in particular
    std::filesystem::path key;          ///< of `certificate`
    std::string idPrefix{kIdPrefix};
    bool operator==(const Tls&) const = default;
};

/// What the broker does with subscriptions when a connection ends.
enum class Session : std::uint8_t {
    Clean,  ///< forgets them
    Kept,   ///< keeps them for a day, and what comes meanwhile: duplicates and old messages arrive
};

/// Which publishes are reported as Published.
enum class Reports : std::uint8_t { All, Refusals };

/// Where a broker listens.
struct Endpoint {
    std::string host = "127.0.0.1";
    int port = 1883;
};
/// HOST:PORT, for people and addresses.
[[nodiscard]] std::string nameOf(const Endpoint& at);

struct Options {
    std::string host = "127.0.0.1";
    int port = 1883;
    /// The other nodes of a cluster. Clients begin at different ones, each at the same one every
    /// time; after every connection that ended or did not come about the next one's turn is.
    std::vector<Endpoint> others{};
    std::optional<Tls> tls{};  ///< none: plain
    std::string clientId;      ///< must be the connection's own: a second one disconnects the first
    std::string user;          ///< empty: none
    std::string password;
    Version version = Version::V5;
    Session session = Session::Clean;
    Reports reports = Reports::All;
    std::chrono::seconds keepAlive{30};  ///< a connection that answers nothing is lost within this
    std::chrono::seconds connectTimeout{5};
};

enum class Retain : std::uint8_t { No, Yes };

struct Message {
    std::string topic;
    Bytes payload;
    Retain retain = Retain::No;
};

/// MQTT 5 reason codes (section 2.4), as far as somebody acts on them.
inline constexpr int kUnspecifiedError = 128;  ///< also for every failure that has no code
inline constexpr int kNotAuthorized = 135;
/// Another has connected under this client id. Not every broker says so (mosquitto 2.0 does not).
inline constexpr int kSessionTakenOver = 142;
[[nodiscard]] constexpr bool isFailure(int reason) {
    return reason >= kUnspecifiedError;
}

/// Names one publish or subscribe of one client.
using RequestId = std::uint64_t;

struct Connected {};
/// The connection could not be made, or is gone; the error says where to. Nothing of it follows:
/// what was not completed before may or may not have reached the broker.
struct Lost {
    Error error;
    int reason = kUnspecifiedError;
};
struct Arrived {
    std::string topic;
    Bytes payload;
    bool isRetained = false;
};
/// The broker took it, or refused it. That it took it is no durability.
struct Published {
    RequestId request = 0;
    int reason = 0;
};
struct Subscribed {
    RequestId request = 0;
    int reason = 0;
};
using Event = std::variant<Connected, Lost, Arrived, Published, Subscribed>;

/// QoS 1, nothing kept at this end. All members belong to one thread, except
/// interrupt(); no member but next() and disconnect() blocks.
class Client {
  public:
    explicit Client(Options options);
    /// Closes the socket. Takes up to about a second: Paho's threads end.
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// Starts a new connection; ends in exactly one Connected or Lost, and Connected in at most one
    /// Lost later. Drops a connection that is still there, and its events.
    void connect(const std::optional<Message>& will);
    /// Says goodbye (the broker drops the will), gives what was published up to `patience` to get
    /// out, closes. No Lost follows.
    void disconnect(std::chrono::milliseconds patience);
    [[nodiscard]] bool isConnected() const;

    /// Ends in one Published, unless only refusals are reported, or in Lost. Network: not
    /// connected, nothing was sent.
    [[nodiscard]] Result<RequestId> publish(const Message& message);
    /// Ends in one Subscribed, or in Lost. Network: not connected.
    [[nodiscard]] Result<RequestId> subscribe(const std::string& filter);
    /// No event tells its end: messages may arrive a little longer. Network: not connected.
    Result<> unsubscribe(const std::string& filter);

    /// The next event; nothing at `deadline` or after an interrupt().
    [[nodiscard]] std::optional<Event> next(std::chrono::steady_clock::time_point deadline);
    /// Ends the present or the next wait of next(), which may return an event all the same: what
    /// somebody was interrupted for is looked at after every wait. Any thread.
    void interrupt();

  private:
    class Queue;
    class Link;
    Options options_;
    std::unique_ptr<Queue> queue_;
    std::unique_ptr<Link> link_;
    std::size_t turn_;  ///< which endpoint the next connection goes to
    RequestId lastRequest_ = 0;
};

}  // namespace tapport::mqtt
