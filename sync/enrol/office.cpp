// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/enrol/office.h"

#include <fmt/core.h>

namespace tapport::enrol {

/// One request on its way through.
struct Office::Round {
    ByteView bytes;
    Request request;
    record::WallTime now;
    std::optional<Answer> answer{};

    std::vector<Entry> refuse(Refusal refusal, std::string_view why) {
        return refuseWith(encodeRefusal(refusal), why);
    }
    std::vector<Entry> refuseWith(Bytes reply, std::string_view why) {
        answer = Answer{std::move(reply),
                        fmt::format("enrolment of {} refused: {}", request.kiosk.value, why), true};
        return {};
    }
    std::vector<Entry> refuseRevoked(const CodeCheck& code, const Nonce& nonce) {
        return refuseWith(encodeRevokedKey(code, bytes, nonce), "its signing key was revoked");
    }
};

Office::Office(RegisterFile file, identity::Authority authority, std::string eventFile,
               Random random, RevokedElsewhere revokedElsewhere)
    : file_(std::move(file)),
      authority_(std::move(authority)),
      eventFile_(std::move(eventFile)),
      random_(std::move(random)),
      revokedElsewhere_(std::move(revokedElsewhere)) {}

Result<OneTimeCode> Office::invite(const record::KioskId& kiosk, std::chrono::seconds valid,
                                   record::WallTime now) {
    if (!record::isName(kiosk.value) || kiosk.value.starts_with(kHubPrefix) ||
        kiosk.value.starts_with(kClientPrefix)) {
        return fail(Code::InvalidInput,
                    "a kiosk's name has 1 to 32 of a-z, 0-9 and '-', and does not begin with hub- "
                    "or tapport-");
    }
    std::array<std::uint8_t, OneTimeCode::kRandomBytes> random{};
    random_(random.data(), random.size());
    const OneTimeCode code = OneTimeCode::make(random);
    return file_
        .change(now,
                [&](const KioskRegister& before) -> Result<std::vector<Entry>> {
                    return std::vector<Entry>{
                        Invited{kiosk, code.check(), std::max(now, before.latest()) + valid}};
                })
        .map([&] { return code; });
}

Result<Office::Answer> Office::answer(ByteView bytes, record::WallTime now) {
    auto request = decodeRequest(bytes);
    if (!request) {
        return Answer{encodeRefusal(Refusal::NotAccepted),
                      "enrolment refused: " + request.error().context, true};
    }
    Round round{bytes, std::move(*request), now};
    const auto changed =
        file_.change(now, [&](const KioskRegister& before) -> Result<std::vector<Entry>> {
            return decide(before, round);
        });
    if (!changed) {
        return tl::unexpected(changed.error());
    }
    return std::move(*round.answer);
}

Result<bool> Office::isRevoked(const KioskRegister& before, ByteView signingKey) const {
    return before.isRevoked(signingKey) ? Result<bool>(true) : revokedElsewhere_(signingKey);
}

Result<std::vector<Entry>> Office::decide(const KioskRegister& before, Round& round) const {
    const auto* invitation = before.findInvitation(round.request.code);
    if (invitation == nullptr || invitation->kiosk != round.request.kiosk) {
        return round.refuse(Refusal::UnknownCode, "no such code for this kiosk");
    }
    const bool isVoid = invitation->wrongTries >= kMostWrongTries;
    const bool hasCode = isMadeWith(invitation->code, round.bytes);
    if (!hasCode && !isVoid) {
        round.refuse(Refusal::NotAccepted, "the request was not made with the code");
        return std::vector<Entry>{WrongTry{round.request.code}};
    }
    // The device that has it first: others' attempts are no reason to keep its own from it.
    if (const auto* device = hasCode ? before.findDevice(round.request.code) : nullptr) {
        const Enrolled& enrolled = device->enrolled;
        if (enrolled.signingKey != round.request.signingKey ||
            !identity::answers(enrolled.certificate, round.request.csr)) {
            return round.refuse(Refusal::UsedUp, "its code was used by a device with other keys");
        }
        const auto isGone = isRevoked(before, enrolled.signingKey);
        if (!isGone) {
            return tl::unexpected(isGone.error());
        }
        if (*isGone) {
            return round.refuseRevoked(invitation->code, nonce());
        }
        round.answer = Answer{grant(enrolled.certificate, invitation->code, round.bytes),
                              "certificate of " + enrolled.kiosk.value + " sent again"};
        return std::vector<Entry>{};
    }
    if (isVoid) {
        return round.refuse(Refusal::Void, "its code is void after too many wrong attempts");
    }
    if (std::max(round.now, before.latest()) > invitation->until) {
        return round.refuse(Refusal::Expired, "its code has expired");
    }
    // Under any name: who stole it may have signed with it, and its records stay unconfirmed.
    const auto isGone = isRevoked(before, round.request.signingKey);
    if (!isGone) {
        return tl::unexpected(isGone.error());
    }
    if (*isGone) {
        return round.refuseRevoked(invitation->code, nonce());
    }
    auto certificate = authority_.issueClient(round.request.csr, round.request.kiosk.value);
    if (!certificate) {
        return round.refuse(Refusal::NotAccepted, certificate.error().context);
    }
    round.answer = Answer{grant(*certificate, invitation->code, round.bytes),
                          round.request.kiosk.value + " is enrolled"};
    round.answer->hasReplaced = before.findDevice(round.request.kiosk) != nullptr;
    return std::vector<Entry>{Enrolled{round.request.kiosk, round.request.code,
                                       round.request.signingKey, std::move(*certificate)}};
}

Nonce Office::nonce() const {
    Nonce nonce;
    random_(nonce.bytes.data(), nonce.bytes.size());
    return nonce;
}

Bytes Office::grant(const identity::Certificate& certificate, const CodeCheck& code,
                    ByteView request) const {
    return encodeGrant({certificate.der, authority_.certificate().der, eventFile_}, code, request,
                       nonce());
}

Result<> Office::publishList(const Publish& publish) const {
    return file_.hold([&](const KioskRegister& now) {
        // The number only has to rise; every list has at least the entries of the one before.
        const auto serials = now.voidSerials();
        return authority_.revocationList(serials, serials.size() + 1).and_then(publish);
    });
}

Result<identity::Certificate> Office::standIn(ByteView csr, const record::KioskId& kiosk,
                                              record::WallTime now) const {
    constexpr std::chrono::days kLongest{1};
    return authority_.issueClientUntil(csr, kiosk.value,
                                       std::chrono::ceil<std::chrono::seconds>(now) + kLongest);
}

Result<> Office::makeVoid(const record::KioskId& kiosk, const identity::Certificate& certificate,
                          record::WallTime now) {
    return file_.change(now, [&](const KioskRegister&) -> Result<std::vector<Entry>> {
        return std::vector<Entry>{Voided{kiosk, certificate.serial}};
    });
}

}  // namespace tapport::enrol
