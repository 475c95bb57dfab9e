// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/mqtt/tls_floor.h"

#include <cstdlib>
#include <memory>
#include <mutex>

#include <openssl/conf.h>

namespace tapport::mqtt {
namespace {

// What a machine's openssl.cnf would say; contexts take it over when they are made.
constexpr const char kFloor[] =
    "openssl_conf = start\n"
    "[start]\nssl_conf = contexts\n"
    "[contexts]\nsystem_default = floor\n"
    "[floor]\nMinProtocol = TLSv1.3\n";

struct FreeConf {
    void operator()(CONF* conf) const { NCONF_free(conf); }
};

void load() {
    const std::unique_ptr<CONF, FreeConf> conf(NCONF_new(nullptr));
    BIO* const text = BIO_new_mem_buf(kFloor, -1);
    long line = 0;
    const bool isLoaded = NCONF_load_bio(conf.get(), text, &line) > 0 &&
                          CONF_modules_load(conf.get(), nullptr, 0) > 0;
    BIO_free(text);
    if (!isLoaded) {
        std::abort();  // a constant text and OpenSSL itself: nothing that input can cause
    }
}

}  // namespace

void requireTls13() {
    static std::once_flag once;
    std::call_once(once, load);
}

}  // namespace tapport::mqtt
