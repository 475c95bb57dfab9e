// SPDX-License-Identifier: GPL-3.0-or-later
// The client's contract against a real mosquitto, in both versions of the protocol.
#include "sync/mqtt/mqtt_client.h"

#include "tests/support/mosquitto.h"
#include "tests/support/temp_dir.h"
#include "tests/support/wait_until.h"

#include <csignal>
#include <thread>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace tapport::mqtt {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

template <typename Wanted>
std::optional<Wanted> await(Client& client) {
    const auto deadline = Clock::now() + support::kPatience;
    while (Clock::now() < deadline) {
        const auto event = client.next(deadline);
        if (event && std::holds_alternative<Wanted>(*event)) {
            return std::get<Wanted>(*event);
        }
    }
    return std::nullopt;
}

Message textMessage(const std::string& topic, std::string_view text, Retain retain = Retain::No) {
    return {topic, toBytes(viewOf(text)), retain};
}

class MqttClient : public testing::TestWithParam<Version> {
  protected:
    Options optionsFor(const std::string& clientId) const {
        Options options;
        options.port = broker_.port();
        options.clientId = clientId;
        options.version = GetParam();
        options.connectTimeout = support::kPatience;
        return options;
    }
    /// One client at a time where that is enough: Paho needs a second to notice another's socket.
    static void connect(Client& client, const std::optional<Message>& will = std::nullopt) {
        client.connect(will);
        ASSERT_TRUE(await<Connected>(client));
    }
    static void subscribe(Client& client, const std::string& filter) {
        ASSERT_TRUE(client.subscribe(filter));
        const auto subscribed = await<Subscribed>(client);
        ASSERT_TRUE(subscribed);
        ASSERT_FALSE(isFailure(subscribed->reason));
    }

    support::TempDir dir_;
    support::Mosquitto broker_{dir_ / "broker",
                               "acl_file " + writeAccessList(dir_ / "access-list").string()};

  private:
    static std::filesystem::path writeAccessList(const std::filesystem::path& file) {
        support::writeFile(file, "topic readwrite open/#\n");
        return file;
    }
};

INSTANTIATE_TEST_SUITE_P(Versions, MqttClient, testing::Values(Version::V5, Version::V311),
                         [](const auto& info) {
                             return info.param == Version::V5 ? "V5" : "V311";
                         });

/// Of this process's TCP connections to that port.
std::vector<int> nodelayTo(int port) {
    std::vector<int> values;
    for (int descriptor = 0; descriptor < 256; ++descriptor) {
        sockaddr_in peer{};
        socklen_t size = sizeof peer;
        if (::getpeername(descriptor, reinterpret_cast<sockaddr*>(&peer), &size) == 0 &&
            peer.sin_family == AF_INET && ntohs(peer.sin_port) == port) {
            int isOn = 0;
            size = sizeof isOn;
            EXPECT_EQ(::getsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &isOn, &size), 0);
            values.push_back(isOn);
        }
    }
    return values;
}

TEST_P(MqttClient, LetsNoSmallMessageWaitForAnAcknowledgementOfTcp) {
    Client client(optionsFor("kiosk-1"));

    connect(client);

    EXPECT_EQ(nodelayTo(broker_.port()), std::vector<int>{1});
}

TEST_P(MqttClient, CarriesBytesFromPublisherToSubscriber) {
    Client client(optionsFor("client"));
    connect(client);
    subscribe(client, "open/#");
    Message message{"open/topic", Bytes(100'000, 0), Retain::No};
    message.payload[7] = 0xFF;

    const auto request = client.publish(message);

    ASSERT_TRUE(request);
    std::optional<Published> published;
    std::optional<Arrived> arrived;
    while (!published || !arrived) {
        const auto event = client.next(Clock::now() + support::kPatience);
        ASSERT_TRUE(event);
        if (const auto* const taken = std::get_if<Published>(&*event)) {
            published = *taken;
        } else if (const auto* const come = std::get_if<Arrived>(&*event)) {
            arrived = *come;
        }
    }
    EXPECT_EQ(published->request, *request);
    EXPECT_FALSE(isFailure(published->reason));
    EXPECT_EQ(arrived->topic, "open/topic");
    EXPECT_EQ(arrived->payload, message.payload);
    EXPECT_FALSE(arrived->isRetained);
}

TEST_P(MqttClient, KeepsTheOrderOfManyMessages) {
    Client client(optionsFor("client"));
    connect(client);
    subscribe(client, "open/#");
    constexpr int kMessages = 1000;

    for (int i = 0; i < kMessages; ++i) {
        ASSERT_TRUE(client.publish(textMessage("open/topic", std::to_string(i))));
    }

    for (int i = 0; i < kMessages; ++i) {
        const auto arrived = await<Arrived>(client);
        ASSERT_TRUE(arrived);
        ASSERT_EQ(textOf(arrived->payload), std::to_string(i));
    }
}

TEST_P(MqttClient, LeavesNoWillWhenItSaysGoodbye) {
    Client client(optionsFor("client"));
    connect(client, textMessage("open/state", "vanished", Retain::Yes));

    ASSERT_TRUE(client.publish(textMessage("open/state", "goodbye", Retain::Yes)));
    client.disconnect(1s);

    connect(client);
    subscribe(client, "open/state");
    const auto arrived = await<Arrived>(client);
    ASSERT_TRUE(arrived);
    EXPECT_EQ(textOf(arrived->payload), "goodbye");
    EXPECT_TRUE(arrived->isRetained);
}

TEST_P(MqttClient, LeavesItsWillWhenItVanishes) {
    Client first(optionsFor("twin"));
    connect(first, textMessage("open/state", "vanished", Retain::Yes));

    Client second(optionsFor("twin"));  // takes the id: the broker drops the first one
    connect(second);

    EXPECT_TRUE(await<Lost>(first));
    subscribe(second, "open/state");
    const auto will = await<Arrived>(second);
    ASSERT_TRUE(will);
    EXPECT_EQ(textOf(will->payload), "vanished");
}

TEST_P(MqttClient, SaysThatAPublishWasDeniedWhereTheProtocolCan) {
    Client client(optionsFor("publisher"));
    client.connect(std::nullopt);
    ASSERT_TRUE(await<Connected>(client));

    ASSERT_TRUE(client.publish(textMessage("closed/topic", "x")));

    const auto published = await<Published>(client);
    ASSERT_TRUE(published);
    // 3.1.1 has no way to say it: only the hub's acknowledgement that never comes tells.
    EXPECT_EQ(published->reason, GetParam() == Version::V5 ? kNotAuthorized : 0);
}

TEST_P(MqttClient, SaysWhyTheBrokerDoesNotLetItIn) {
    const support::Mosquitto strict(dir_ / "strict", "allow_anonymous false\n");
    Options options = optionsFor("nobody");
    options.port = strict.port();
    Client client(options);

    client.connect(std::nullopt);

    const auto lost = await<Lost>(client);
    ASSERT_TRUE(lost);
    const bool saysWhy = lost->error.context.find("reason 135") != std::string::npos;
    EXPECT_EQ(saysWhy, GetParam() == Version::V5) << lost->error.context;
}

TEST_P(MqttClient, LosesTheConnectionOnceAndConnectsAgain) {
    Client client(optionsFor("client"));
    client.connect(std::nullopt);
    ASSERT_TRUE(await<Connected>(client));

    broker_.kill();

    ASSERT_TRUE(await<Lost>(client));
    EXPECT_FALSE(client.isConnected());
    EXPECT_FALSE(client.publish(textMessage("open/topic", "x")));
    client.connect(std::nullopt);
    const auto refused = await<Lost>(client);
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->error.code, Code::Network);
    const std::string where = "127.0.0.1:" + std::to_string(broker_.port()) + ": ";
    EXPECT_EQ(refused->error.context.find(where), 0U) << refused->error.context;
    broker_.start();
    client.connect(std::nullopt);
    EXPECT_TRUE(await<Connected>(client));
    EXPECT_TRUE(client.publish(textMessage("open/topic", "x")));
    EXPECT_TRUE(await<Published>(client));
}

TEST_P(MqttClient, ABreakIsNoRefusal) {
    Client client(optionsFor("client"));
    for (int round = 0; round < 3; ++round) {
        connect(client);
        const auto publish = [&] {
            return client.publish(textMessage("open/topic", std::string(1000, 'x'))).has_value();
        };
        ASSERT_TRUE(publish());

        std::thread killer([this] { broker_.kill(); });
        while (publish()) {  // some of it is written when nobody reads it any more
        }
        killer.join();

        std::optional<Event> event;
        do {
            event = client.next(Clock::now() + support::kPatience);
            ASSERT_TRUE(event);
            const auto* const published = std::get_if<Published>(&*event);
            EXPECT_FALSE(published != nullptr && isFailure(published->reason));
        } while (!std::holds_alternative<Lost>(*event));
        broker_.start();
    }
}

TEST_P(MqttClient, AKeptSessionGetsWhatCameMeanwhile) {
    Options options = optionsFor("kept");
    options.session = Session::Kept;
    Client client(options);
    connect(client);
    subscribe(client, "open/meanwhile");
    client.disconnect(1s);
    {
        Client other(optionsFor("other"));
        connect(other);
        ASSERT_TRUE(other.publish(textMessage("open/meanwhile", "kept")));
        ASSERT_TRUE(await<Published>(other));
    }

    client.connect(std::nullopt);

    const auto arrived = await<Arrived>(client);
    ASSERT_TRUE(arrived);
    EXPECT_EQ(arrived->payload, toBytes(viewOf("kept")));
}

TEST_P(MqttClient, TakesTurnsAtTheNodesOfACluster) {
    support::Mosquitto gone(dir_ / "gone");
    gone.kill();
    Options options = optionsFor("client");
    options.others = {{options.host, gone.port()}};
    Client client(options);
    int connections = 0;

    for (int turn = 0; turn < 4; ++turn) {
        client.connect(std::nullopt);
        const auto event = client.next(Clock::now() + support::kPatience);
        ASSERT_TRUE(event);
        connections += std::holds_alternative<Connected>(*event) ? 1 : 0;
    }

    EXPECT_EQ(connections, 2);
}

TEST_P(MqttClient, SurvivesABrokerThatKeepsRestarting) {
    Client client(optionsFor("client"));

    for (int i = 0; i < 10; ++i) {
        client.connect(std::nullopt);
        ASSERT_TRUE(await<Connected>(client)) << i;
        for (int message = 0; message < 50; ++message) {
            ASSERT_TRUE(client.publish(textMessage("open/topic", "x")));
        }
        broker_.kill();
        ASSERT_TRUE(await<Lost>(client)) << i;
        broker_.start();
    }
}

TEST_P(MqttClient, AnInterruptEndsAWait) {
    Client client(optionsFor("client"));

    client.interrupt();

    EXPECT_FALSE(client.next(Clock::now() + support::kPatience));
}

/// Accepts connections (the kernel does) and never says a word.
class SilentServer {
  public:
    SilentServer() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&address), size), 0);
        EXPECT_EQ(::listen(socket_, 8), 0);
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
    }
    ~SilentServer() { ::close(socket_); }
    SilentServer(const SilentServer&) = delete;
    SilentServer& operator=(const SilentServer&) = delete;
    [[nodiscard]] int port() const { return port_; }

  private:
    int socket_;
    int port_ = 0;
};

TEST_P(MqttClient, GivesUpOnASilentServer) {
    const SilentServer server;
    Options options = optionsFor("client");
    options.port = server.port();
    options.connectTimeout = 1s;
    Client client(options);

    client.connect(std::nullopt);

    EXPECT_TRUE(await<Lost>(client));
}

TEST_P(MqttClient, EndsSoonWhileConnectingAndWhileTheBrokerIsFrozen) {
    const SilentServer server;
    Options options = optionsFor("connecting");
    options.port = server.port();
    auto connecting = std::make_unique<Client>(options);
    connecting->connect(std::nullopt);
    auto connected = std::make_unique<Client>(optionsFor("connected"));
    connected->connect(std::nullopt);
    ASSERT_TRUE(await<Connected>(*connected));
    ::kill(broker_.pid(), SIGSTOP);
    ASSERT_TRUE(connected->publish(textMessage("open/topic", "x")));

    const auto before = Clock::now();
    connecting->disconnect(500ms);
    connecting.reset();
    connected->disconnect(500ms);
    connected.reset();
    const auto took = Clock::now() - before;

    ::kill(broker_.pid(), SIGCONT);
    EXPECT_LT(took, support::kSoon);
}

}  // namespace
}  // namespace tapport::mqtt
