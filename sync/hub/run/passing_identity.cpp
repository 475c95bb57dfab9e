// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/passing_identity.h"

#include "sync/hub/export/atomic_file.h"

#include <cstdlib>
#include <system_error>
#include <utility>

#include <unistd.h>

namespace tapport::hub {
namespace {

namespace fs = std::filesystem;

/// A file system in memory (tmpfs, proc(5)) rather than a disk.
fs::path placeForKeys() {
    constexpr const char* kShared = "/dev/shm";
    return ::access(kShared, W_OK | X_OK) == 0 ? fs::path(kShared) : fs::temp_directory_path();
}

}  // namespace

Result<PassingIdentity> PassingIdentity::make(const enrol::Office& office,
                                              const record::KioskId& kiosk, record::WallTime now) {
    const auto key = identity::makeKey();
    const auto csr = key.and_then(
        [&](const std::string& pem) { return identity::makeRequest(pem, kiosk.value); });
    auto certificate =
        csr.and_then([&](const Bytes& request) { return office.standIn(request, kiosk, now); });
    if (!certificate) {
        return tl::unexpected(certificate.error());
    }
    std::string folder = (placeForKeys() / "tapport-hub.XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr) {
        return fail(Code::Storage, folder + ": cannot be made");
    }
    PassingIdentity made(folder, std::move(*certificate));
    return writeAtomically(made.keyFile(), *key)
        .and_then([&] { return writeAtomically(made.certificateFile(), made.certificate_.pem()); })
        .map([&] { return std::move(made); });
}

PassingIdentity::PassingIdentity(PassingIdentity&& other) noexcept
    : folder_(std::exchange(other.folder_, fs::path())),
      certificate_(std::move(other.certificate_)) {}

PassingIdentity::~PassingIdentity() {
    if (!folder_.empty()) {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }
}

}  // namespace tapport::hub
