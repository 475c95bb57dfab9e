// SPDX-License-Identifier: GPL-3.0-or-later
// What anybody may send without a certificate: enrolment requests to the hub, replies to a device.
// The bytes are a message first, and then the certificate request inside one that is signed as it
// must be, so that they reach the authority. What is accepted must be its only encoding, and must
// be for the name that was asked for.
#include "sync/enrol/messages.h"
#include "sync/identity/authority.h"
#include "sync/seal/seal.h"

#include <cstdlib>

namespace {

using namespace tapport;

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

struct Ends {
    enrol::OneTimeCode code = enrol::OneTimeCode::make(std::array<std::uint8_t, 20>{1, 2, 3});
    receipt::SigningKeys kiosk = receipt::makeSigningKeys();
    identity::Authority authority = identity::Authority::make("fair").value();
};

const Ends& ends() {
    static const Ends kEnds = [] {
        require(seal::initialise().has_value());
        return Ends{};
    }();
    return kEnds;
}

void readAsMessage(ByteView input) {
    const enrol::CodeCheck check = ends().code.check();
    const bool isMade = enrol::isMadeWith(check, input);
    const auto request = enrol::decodeRequest(input);
    require(!isMade || !request || request->code == check.id);
    (void)enrol::openReply(input, check, input);
}

void readAsCertificateRequest(ByteView input) {
    const enrol::Request request{
        {"kiosk-1"}, ends().code.check().id, toBytes(input), ends().kiosk.publicKey};
    const Bytes message = enrol::encodeRequest(request, ends().kiosk, ends().code);
    const auto read = enrol::decodeRequest(message);
    if (!read) {
        return;  // longer than a request may be
    }
    require(*read == request && enrol::isMadeWith(ends().code.check(), message));
    if (const auto issued = ends().authority.issueClient(read->csr, read->kiosk.value)) {
        require(issued->name == request.kiosk.value && identity::answers(*issued, read->csr));
        require(identity::parseCertificate(issued->der) == *issued);
    }
    (void)identity::parseCertificate(input);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input(data, size);
    readAsMessage(input);
    readAsCertificateRequest(input);
    return 0;
}
