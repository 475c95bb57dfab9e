// SPDX-License-Identifier: GPL-3.0-or-later
// A hub.toml or opener's file as an editor or a full disk may have left it. It is read, or every
// problem with it is told with no exception and nothing else.
#include "sync/hub/cli/hub_config.h"
#include "tests/fuzz/support/fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

namespace {

using namespace tapport;
using fuzz::require;

template <typename Read>
void expectToldOrRead(const Read& read) {
    require(read || ((read.error().code == Code::InvalidConfig) && !read.error().context.empty()));
}

std::vector<Bytes> seeds() {
    return {
        fuzz::bytesOf(
            "event = \"event.json\"\nevent_key = \"keys/event.key\"\nsigning_key = "
            "\"keys/hub.key\"\n"
            "data = \"data\"\ndatabase = \"postgresql://tapport@localhost/tapport\"\n[broker]\n"
            "host = \"localhost\"\nport = 1883\nprotocol = \"5\"\nreload = [\"systemctl\", "
            "\"reload\"]\n"
            "[web]\nport = 8480\nadmin_password_hash = \"$argon2id$\"\n[log]\nlevel = \"debug\"\n"),
        fuzz::bytesOf(
            "event = 'e'\nsigning_key = 's'\ndata = 'd'\nopener = { socket = 'o', user = 'u' }\n"
            "broker = { hosts = ['a:1', 'b'], session = 'kept', tls_ca = 'a', tls_cert = 'c', "
            "tls_key = 'k' }\n"
            "web.admin_password_hash = 'h'\n"),
        fuzz::bytesOf("event = \"e\"\nevent_key = \"k\"\nuser = \"opener\"\nhub_user = \"hub\"\n")};
}

}  // namespace

TAPPORT_FUZZ_SEEDS(seeds)

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const int kFile = ::memfd_create("hub.toml", MFD_CLOEXEC);
    static const std::filesystem::path kPath = "/proc/self/fd/" + std::to_string(kFile);
    require(::ftruncate(kFile, 0) == 0 &&
            ::pwrite(kFile, data, size, 0) == static_cast<ssize_t>(size));
    expectToldOrRead(hub::loadHubConfig(kPath, {}));
    expectToldOrRead(hub::loadOpenerConfig(kPath));
    return 0;
}
