// SPDX-License-Identifier: GPL-3.0-or-later
#include "hardware/libnfc/libnfc_device.h"

#include <array>
#include <utility>

#include <fcntl.h>
#include <nfc/nfc.h>
#include <sys/file.h>

namespace tapport::libnfc {
namespace {

/// Never 0, which waits for ever. A tag that is silent is reported by the chip much sooner.
constexpr int kExchangeTimeOutMs = 300;
constexpr std::size_t kLargestAnswer = 264;
constexpr nfc_modulation kTypeA = {NMT_ISO14443A, NBR_106};

/// "pn532_uart:/dev/ttyS1:115200" -> "/dev/ttyS1"; empty when the device is no file.
std::string fileOf(const std::string& connstring) {
    const auto begin = connstring.find(':');
    if (begin == std::string::npos || connstring.compare(begin + 1, 1, "/") != 0) {
        return {};
    }
    return connstring.substr(begin + 1, connstring.find(':', begin + 1) - begin - 1);
}

/// libnfc's own lock (TIOCEXCL) keeps nobody out on Linux.
Result<program::FileDescriptor> lockFile(const std::string& file) {
    if (file.empty()) {
        return program::FileDescriptor();
    }
    program::FileDescriptor fd(::open(file.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
    if (!fd.isOpen()) {
        return fail(Code::Reader, "cannot open " + file);
    }
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
        return fail(Code::Busy, std::string(reader::kHeldByAnother) + file);
    }
    return fd;
}

/// What the tag did, as opposed to what the device did.
bool concernsTag(int error) {
    return error == NFC_ERFTRANS || error == NFC_ETGRELEASED || error == NFC_EMFCAUTHFAIL ||
           error == NFC_EOVFLOW;
}

}  // namespace

void LibnfcDevice::CloseContext::operator()(nfc_context* context) const {
    nfc_exit(context);
}

void LibnfcDevice::CloseDevice::operator()(nfc_device* device) const {
    nfc_close(device);
}

std::string libraryVersion() {
    return nfc_version();
}

Result<std::unique_ptr<LibnfcDevice>> LibnfcDevice::open(const std::string& connstring) {
    nfc_connstring name{};
    if (connstring.empty() || connstring.size() >= sizeof(name)) {
        return fail(Code::InvalidConfig, "the reader's connection string is empty or too long");
    }
    connstring.copy(name, sizeof(name) - 1);
    auto lock = lockFile(fileOf(connstring));
    if (!lock) {
        return tl::unexpected(lock.error());
    }
    std::unique_ptr<LibnfcDevice> device(new LibnfcDevice());
    device->lock_ = std::move(*lock);
    nfc_context* context = nullptr;
    nfc_init(&context);
    device->context_.reset(context);
    if (context == nullptr) {
        return fail(Code::Internal, "libnfc does not start");
    }
    device->device_.reset(nfc_open(context, name));
    if (device->device_ == nullptr) {
        return fail(Code::Reader, "no reader answers at " + connstring);
    }
    if (const auto fine = device->setUp(); !fine) {
        return tl::unexpected(fine.error());
    }
    return device;
}

Result<> LibnfcDevice::setUp() {
    // When the chip's first reply is lost, nfc_open succeeds with a device that knows nothing, and
    // the first select fails an assertion.
    const nfc_modulation_type* modulations = nullptr;
    if (nfc_device_get_supported_modulation(device_.get(), N_INITIATOR, &modulations) < 0 ||
        modulations == nullptr || modulations[0] == nfc_modulation_type{}) {
        return fail(Code::Reader, "the reader answers, but does not say what it can do");
    }
    if (nfc_initiator_init(device_.get()) < 0) {
        return tl::unexpected(failure("set up"));
    }
    // The default, an endless select, leaves the chip polling after we have given up on it.
    return setProperty(NP_INFINITE_SELECT, false).and_then([this] {
        return setProperty(NP_AUTO_ISO14443_4, false);
    });
}

Result<> LibnfcDevice::setProperty(int property, bool value) {
    if (nfc_device_set_property_bool(device_.get(), static_cast<nfc_property>(property), value) <
        0) {
        return tl::unexpected(failure("configure"));
    }
    return {};
}

Error LibnfcDevice::failure(std::string_view doing) const {
    return {Code::Reader,
            "the reader failed to " + std::string(doing) + ": " + nfc_strerror(device_.get())};
}

Result<std::optional<reader::SeenTag>> LibnfcDevice::search() {
    nfc_target target{};
    const int found =
        nfc_initiator_select_passive_target(device_.get(), kTypeA, nullptr, 0, &target);
    if (found < 0 && !concernsTag(found)) {
        return tl::unexpected(failure("search"));
    }
    if (found <= 0) {
        return std::nullopt;
    }
    // SAK 00 is a Type 2 tag; other values are MIFARE Classic, Type 4 and peers.
    const auto& info = target.nti.nai;
    return reader::SeenTag{{info.abtUid, info.abtUid + info.szUidLen}, info.btSak == 0x00};
}

Result<std::optional<reader::SeenTag>> LibnfcDevice::reselect() {
    return setProperty(NP_ACTIVATE_FIELD, false)
        .and_then([this] { return setProperty(NP_ACTIVATE_FIELD, true); })
        .and_then([this] { return search(); });
}

Result<std::optional<reader::SeenTag>> LibnfcDevice::searchAnother() {
    const int done = nfc_initiator_deselect_target(device_.get());
    if (done < 0 && !concernsTag(done)) {
        return tl::unexpected(failure("deselect"));
    }
    return search();
}

Result<std::optional<Bytes>> LibnfcDevice::exchange(const tag::Exchange& what) {
    const bool isEasy = what.framing == tag::Exchange::Framing::Mifare;
    if (const auto fine = setProperty(NP_EASY_FRAMING, isEasy); !fine) {
        return tl::unexpected(fine.error());
    }
    std::array<std::uint8_t, kLargestAnswer> answer{};
    const int count =
        nfc_initiator_transceive_bytes(device_.get(), what.command.data(), what.command.size(),
                                       answer.data(), answer.size(), kExchangeTimeOutMs);
    if (count >= 0) {
        return Bytes(answer.begin(), answer.begin() + count);
    }
    if (!concernsTag(count)) {
        return tl::unexpected(failure("talk to the tag"));
    }
    return std::nullopt;
}

}  // namespace tapport::libnfc
