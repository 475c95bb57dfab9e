// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/mqtt/broker_config.h"

namespace tapport::mqtt {
namespace {

bool isThisMachine(const std::string& host) {
    return host == "localhost" || host == "::1" || host.rfind("127.", 0) == 0;
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
    broker.host = config.text("broker.host", "127.0.0.1");
    broker.port = static_cast<int>(
        config.integer("broker.port", broker.tls ? kTlsPort : kPlainPort, 1, 65535));
    return broker;
}

Result<> checkBroker(const Options& broker) {
    if (!broker.tls && !isThisMachine(broker.host)) {
        return fail(Code::InvalidConfig,
                    "[broker] without TLS may only be on this machine: set 'tls_ca', 'tls_cert' "
                    "and 'tls_key' for " +
                        broker.host);
    }
    if (broker.tls &&
        (broker.tls->ca.empty() || broker.tls->certificate.empty() || broker.tls->key.empty())) {
        return fail(Code::InvalidConfig, "[broker] 'tls_ca', 'tls_cert' and 'tls_key' go together");
    }
    return {};
}

}  // namespace tapport::mqtt
