// SPDX-License-Identifier: GPL-3.0-or-later
// What anybody may send without a certificate: enrolment requests to the hub, replies to a device;
// and what an operator may type, or a disk may keep of the register of kiosks. The first byte
// chooses the reader; what must be signed or closed to get further is so here. What is accepted
// must be the only encoding of what it says, and a certificate must be for the name that was asked
// for.
#include "sync/base/cbor.h"
#include "sync/enrol/kiosk_register.h"
#include "sync/enrol/messages.h"
#include "sync/identity/authority.h"
#include "sync/seal/seal.h"
#include "tests/fuzz/support/fuzz.h"

#include <sodium.h>

namespace {

using namespace tapport;
using fuzz::require;

struct Ends {
    enrol::OneTimeCode code = enrol::OneTimeCode::make(std::array<std::uint8_t, 20>{1, 2, 3});
    enrol::CodeCheck check = code.check();
    receipt::SigningKeys kiosk = receipt::signingKeysFrom(Bytes(32, 0x51)).value();
    identity::Authority authority = identity::Authority::make("fair").value();
    Bytes csr = identity::makeRequest(identity::makeKey().value(), "kiosk-1").value();
    enrol::Nonce nonce{{7}};

    [[nodiscard]] Bytes requestFor(ByteView certificateRequest) const {
        return enrol::encodeRequest(
            {{"kiosk-1"}, check.id, toBytes(certificateRequest), kiosk.publicKey}, kiosk, code);
    }
};

const Ends& ends() {
    static const Ends kEnds = [] {
        require(seal::initialise().has_value());
        return Ends{};
    }();
    return kEnds;
}

void readAsMessage(ByteView input) {
    const enrol::CodeCheck& check = ends().check;
    const auto request = enrol::decodeRequest(input);
    require(!enrol::isMadeWith(check, input) || !request || request->code == check.id);
    if (const auto reply = enrol::openReply(input, check, input)) {
        // What nobody closed can only refuse, and never because of a revoked key.
        const auto* refusal = std::get_if<enrol::Refusal>(&*reply);
        require(refusal != nullptr && *refusal != enrol::Refusal::RevokedKey);
        require(enrol::encodeRefusal(*refusal) == toBytes(input));
    }
    (void)enrol::isRequestTopic(textOf(input));
}

void readAsCertificateRequest(ByteView input) {
    const enrol::Request request{
        {"kiosk-1"}, ends().check.id, toBytes(input), ends().kiosk.publicKey};
    const Bytes message = ends().requestFor(input);
    const auto read = enrol::decodeRequest(message);
    if (!read) {
        return;  // longer than a request may be
    }
    require(*read == request && enrol::isMadeWith(ends().check, message));
    if (const auto issued = ends().authority.issueClient(read->csr, read->kiosk.value)) {
        require(issued->name == request.kiosk.value && identity::answers(*issued, read->csr));
        require(identity::parseCertificate(issued->der) == *issued);
    }
}

void readAsCertificate(ByteView input) {
    if (const auto certificate = identity::parseCertificate(input)) {
        require(identity::parseCertificate(certificate->der) == *certificate);
        require(identity::readCertificate(certificate->pem()) == *certificate);
    }
    (void)identity::readCertificate(textOf(input));
}

/// As from a hub that has the code, and may be another release or out of its mind.
void readAsClosed(ByteView content) {
    const Bytes request = fuzz::bytesOf("a request");
    const seal::Digest binding = seal::digestOf(request);
    const auto& [nonce, check] = std::pair(ends().nonce, ends().check);
    Bytes closed(content.size() + crypto_aead_xchacha20poly1305_ietf_ABYTES);
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        closed.data(), nullptr, content.data(), content.size(), binding.bytes.data(),
        binding.bytes.size(), nullptr, nonce.bytes.data(), check.replyKey.bytes.data());
    const Bytes reply = CborWriter().array(3).uinteger(1).bytes(nonce.view()).bytes(closed).take();
    const auto opened = enrol::openReply(reply, check, request);
    if (!opened) {
        return;
    }
    Bytes other = reply;
    for (other.front() = 0x80; other.front() < 0x85; ++other.front()) {
        require(other == reply || !enrol::openReply(other, check, request));
    }
    const auto* grant = std::get_if<enrol::Grant>(&*opened);
    require((grant != nullptr ? enrol::encodeGrant(*grant, check, request, nonce)
                              : enrol::encodeRevokedKey(check, request, nonce)) == reply);
}

void readAsCode(std::string_view typed) {
    if (const auto code = enrol::OneTimeCode::parse(typed)) {
        require(enrol::OneTimeCode::parse(code->text())->text() == code->text());
    }
}

void readAsRegister(std::string_view text) {
    enrol::KioskRegister entries;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        (void)entries.add(line);
    }
    (void)entries.voidSerials();
    for (const auto& device : entries.devices()) {
        const enrol::Enrolled& enrolled = device.enrolled;
        (void)entries.isRevoked(enrolled.signingKey);
        require(entries.findDevice(enrolled.code) != nullptr);
        enrol::KioskRegister again;
        require(again.add(enrol::lineOf(enrolled, device.at)).has_value());
        require(again.devices().front().at == device.at);
        if (device.revoked) {
            require(again.add(enrol::lineOf(*device.revoked, device.revokedAt)).has_value());
            require(again.signingKeys() == std::vector{[&] {
                        receipt::KioskKey key{enrolled.kiosk, enrolled.signingKey};
                        key.revoked = device.revoked->held.value_or(receipt::Revocation{});
                        return key;
                    }()});
        }
    }
}

enum Reader : std::uint8_t { Message, CertificateRequest, Certificate, Closed, Typed, Register };

std::vector<Bytes> seeds() {
    const Ends& all = ends();
    const Bytes request = all.requestFor(all.csr);
    const identity::Certificate certificate = all.authority.issueClient(all.csr, "kiosk-1").value();
    const Bytes grant = CborWriter()
                            .array(3)
                            .bytes(certificate.der)
                            .bytes(all.authority.certificate().der)
                            .text("{}")
                            .take();
    const record::WallTime now(record::Millis(1'790'000'000'000));
    const enrol::Entry invited = enrol::Invited{{"kiosk-1"}, all.check, now};
    const enrol::Entry enrolled =
        enrol::Enrolled{{"kiosk-1"}, all.check.id, all.kiosk.publicKey, certificate};
    const enrol::Entry revoked =
        enrol::Revoked{{"kiosk-1"},
                       receipt::Revocation{{{record::Epoch{{1}}, 7}, {record::Epoch{{2}}, 9}}},
                       "lost"};
    std::string lines;
    for (const auto& entry :
         {invited, enrol::Entry(enrol::WrongTry{all.check.id}), enrolled, revoked}) {
        lines += enrol::lineOf(entry, now) + '\n';
    }
    return {fuzz::chosen(Message, request),
            fuzz::chosen(Message, enrol::encodeRefusal(enrol::Refusal::Expired)),
            fuzz::chosen(Message, enrol::encodeGrant({certificate.der, certificate.der, "{}"},
                                                     all.check, request, all.nonce)),
            fuzz::chosen(CertificateRequest, all.csr),
            fuzz::chosen(Certificate, certificate.der),
            fuzz::chosen(Certificate, certificate.pem()),
            fuzz::chosen(Closed, grant),
            fuzz::chosen(Closed, CborWriter().array(1).uinteger(5).take()),
            fuzz::chosen(Typed, all.code.text()),
            fuzz::chosen(Register, lines)};
}

}  // namespace

TAPPORT_FUZZ_SEEDS(seeds)

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return tapport::fuzz::readChosen(data, size, readAsMessage, readAsCertificateRequest,
                                     readAsCertificate, readAsClosed, readAsCode, readAsRegister);
}
