// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/mqtt/broker_config.h"

#include <algorithm>
#include <charconv>

namespace tapport::mqtt {
namespace {

bool isThisMachine(const std::string& host) {
    return host == "localhost" || host == "::1" || host.rfind("127.", 0) == 0;
}

/// "HOST", "HOST:PORT", "[V6]:PORT" or a bare IPv6 address.
std::optional<Endpoint> readEndpoint(std::string_view text, int port) {
    const auto isOneOf = [](char c) { return c == ' ' || c == '/' || c == '@'; };
    const std::size_t closing = text.rfind(']');
    const std::size_t colon = text.rfind(':');
    const bool isBareV6 = closing == std::string_view::npos && text.find(':') != colon;
    const bool hasPort = colon != std::string_view::npos && !isBareV6 &&
                         (closing == std::string_view::npos || colon > closing);
    std::string_view host = hasPort ? text.substr(0, colon) : text;
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
    }
    if (hasPort) {
        const std::string_view digits = text.substr(colon + 1);
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), port);
        if (error != std::errc{} || end != digits.data() + digits.size() || port < 1 ||
            port > 65535) {
            return std::nullopt;
        }
    }
    const bool isHost = !host.empty() && std::none_of(host.begin(), host.end(), isOneOf);
    return isHost ? std::optional(Endpoint{std::string(host), port}) : std::nullopt;
}

/// One broker by host and port, or a cluster's nodes.
void readEndpoints(program::Config& config, Options& broker) {
    const int usual = broker.tls ? kTlsPort : kPlainPort;
    broker.host = config.text("broker.host", "127.0.0.1");
    broker.port = static_cast<int>(config.integer("broker.port", usual, 1, 65535));
    std::vector<Endpoint> nodes;
    for (const std::string& text : config.texts("broker.hosts")) {
        if (auto node = readEndpoint(text, usual)) {
            nodes.push_back(std::move(*node));
        } else {
            config.refuse("broker.hosts", "a list of \"HOST\" or \"HOST:PORT\"");
        }
    }
    if (!nodes.empty()) {
        broker.host = nodes.front().host;
        broker.port = nodes.front().port;
        broker.others.assign(nodes.begin() + 1, nodes.end());
    }
}

}  // namespace

Options readBroker(program::Config& config) {
    Options broker;
    Tls tls;
    tls.ca = config.path("broker.tls_ca", "");
    tls.certificate = config.path("broker.tls_cert", "");
    tls.key = config.path("broker.tls_key", "");
    if (tls != Tls{}) {
        broker.tls = tls;
    }
    readEndpoints(config, broker);
    const std::string protocol = config.text("broker.protocol", "5");
    if (protocol != "5" && protocol != "3.1.1") {
        config.refuse("broker.protocol", "\"5\" or \"3.1.1\"");
    }
    broker.version = protocol == "3.1.1" ? Version::V311 : Version::V5;
    const std::string session = config.text("broker.session", "clean");
    if (session != "clean" && session != "kept") {
        config.refuse("broker.session", "\"clean\" or \"kept\"");
    }
    broker.session = session == "kept" ? Session::Kept : Session::Clean;
    return broker;
}

Result<> checkBroker(const Options& broker) {
    std::vector<Endpoint> nodes = broker.others;
    nodes.push_back({broker.host, broker.port});
    for (const Endpoint& node : nodes) {
        if (!broker.tls && !isThisMachine(node.host)) {
            return fail(Code::InvalidConfig,
                        "[broker] without TLS may only be on this machine: set 'tls_ca', "
                        "'tls_cert' and 'tls_key' for " +
                            node.host);
        }
    }
    if (broker.tls &&
        (broker.tls->ca.empty() || broker.tls->certificate.empty() || broker.tls->key.empty())) {
        return fail(Code::InvalidConfig, "[broker] 'tls_ca', 'tls_cert' and 'tls_key' go together");
    }
    return {};
}

}  // namespace tapport::mqtt
