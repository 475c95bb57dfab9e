// SPDX-License-Identifier: GPL-3.0-or-later
// A kiosk and the hub's office, without a broker between them.
#include "sync/enrol/office.h"

#include "sync/program/program.h"
#include "sync/seal/seal.h"
#include "tests/support/child_process.h"
#include "tests/support/temp_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::enrol {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

const record::WallTime kNow{std::chrono::milliseconds(1'795'608'000'000)};
constexpr auto kDay = std::chrono::hours(24);

/// A device with its keys.
struct Board {
    std::string tlsKey = identity::makeKey().value();
    receipt::SigningKeys signing = receipt::makeSigningKeys();

    [[nodiscard]] Bytes ask(const OneTimeCode& code, const std::string& name = "kiosk-1") const {
        return encodeRequest({{name},
                              code.check().id,
                              identity::makeRequest(tlsKey, name).value(),
                              signing.publicKey},
                             signing, code);
    }
};

class OfficeTest : public testing::Test {
  protected:
    void SetUp() override { ASSERT_TRUE(seal::initialise()); }

    OneTimeCode invite(const std::string& name = "kiosk-1") {
        return office_.invite({name}, kDay, kNow).value();
    }
    Office::Answer answer(const Bytes& request, record::WallTime now = kNow) {
        return office_.answer(request, now).value();
    }
    static Grant granted(const Office::Answer& answer, const OneTimeCode& code,
                         const Bytes& request) {
        const auto reply = openReply(answer.reply, code.check(), request);
        EXPECT_TRUE(reply) << reply.error().context;
        const auto* grant = reply ? std::get_if<Grant>(&*reply) : nullptr;
        EXPECT_NE(grant, nullptr) << answer.said;
        return grant == nullptr ? Grant{} : *grant;
    }
    static Refusal refused(const Office::Answer& answer, const OneTimeCode& code,
                           const Bytes& request = {}) {
        EXPECT_TRUE(answer.isRefused);
        return std::get<Refusal>(openReply(answer.reply, code.check(), request).value());
    }
    void revoke() {
        ASSERT_TRUE(
            office_.file().change(kNow, [](const KioskRegister&) -> Result<std::vector<Entry>> {
                return std::vector<Entry>{Revoked{{"kiosk-1"}, receipt::Revocation{}, "lost"}};
            }));
    }

    support::TempDir dir_;
    identity::Authority authority_ = identity::Authority::make("fair").value();
    Office office_{
        RegisterFile(dir_ / "register"),
        identity::Authority::load(authority_.certificate().pem(), authority_.keyPem()).value(),
        "the event file", program::fillRandom, [this](ByteView key) -> Result<bool> {
            return std::ranges::equal(key, revokedElsewhere_);
        }};
    Board board_;
    Bytes revokedElsewhere_;
};

TEST_F(OfficeTest, GivesAnInvitedKioskItsIdentity) {
    const OneTimeCode code = invite();
    const Bytes request = board_.ask(code);

    const Grant grant = granted(answer(request), code, request);

    const auto certificate = identity::parseCertificate(grant.certificate).value();
    EXPECT_EQ(certificate.name, "kiosk-1");
    EXPECT_TRUE(identity::isFor(certificate, board_.tlsKey));
    EXPECT_EQ(grant.authority, authority_.certificate().der);
    EXPECT_EQ(grant.eventFile, "the event file");
    const auto now = office_.file().read().value();
    EXPECT_THAT(now.signingKeys(),
                ElementsAre(receipt::KioskKey{{"kiosk-1"}, board_.signing.publicKey}));
}

TEST_F(OfficeTest, SendsTheSameCertificateAgainWhenTheReplyGotLost) {
    const OneTimeCode code = invite();
    const Bytes first = board_.ask(code);
    const Bytes again = board_.ask(code);  // another signature in its request, the same keys

    const Grant before = granted(answer(first), code, first);
    const Grant after = granted(answer(again, kNow + 30 * kDay), code, again);

    EXPECT_EQ(before, after);
    EXPECT_EQ(office_.file().read()->devices().size(), 1U);
}

TEST_F(OfficeTest, ADeviceWithOtherKeysCannotUseTheCodeAgain) {
    const OneTimeCode code = invite();
    (void)answer(board_.ask(code));
    Board thief;
    Board halfThief = board_;
    halfThief.tlsKey = thief.tlsKey;

    for (const Board& other : {thief, halfThief}) {
        const auto said = answer(other.ask(code));
        EXPECT_EQ(refused(said, code), Refusal::UsedUp);
        EXPECT_THAT(said.said, HasSubstr("kiosk-1"));
    }
}

TEST_F(OfficeTest, ACodeIsForOneKioskAndOneDay) {
    const OneTimeCode code = invite();

    EXPECT_EQ(refused(answer(board_.ask(code, "kiosk-2")), code), Refusal::UnknownCode);
    EXPECT_EQ(refused(answer(board_.ask(code), kNow + kDay + 1ms), code), Refusal::Expired);
}

TEST_F(OfficeTest, AClockThatFellBackRevivesNoCode) {
    const OneTimeCode code = invite();
    (void)office_.invite({"kiosk-2"}, kDay, kNow + 2 * kDay);

    EXPECT_EQ(refused(answer(board_.ask(code), kNow), code), Refusal::Expired);
}

TEST_F(OfficeTest, ALaterCodeReplacesTheOneBefore) {
    const OneTimeCode before = invite();
    const OneTimeCode after = invite();

    EXPECT_EQ(refused(answer(board_.ask(before)), before), Refusal::UnknownCode);
    const Bytes request = board_.ask(after);
    (void)granted(answer(request), after, request);
}

TEST_F(OfficeTest, ManyWrongAttemptsMakeACodeVoid) {
    const OneTimeCode code = invite();
    Bytes forged = board_.ask(code);
    forged.back() ^= 1;

    for (unsigned i = 0; i < Office::kMostWrongTries; ++i) {
        EXPECT_EQ(refused(answer(forged), code), Refusal::NotAccepted);
    }

    EXPECT_EQ(refused(answer(board_.ask(code)), code), Refusal::Void);
}

TEST_F(OfficeTest, RefusesWhatDoesNotProveBothKeys) {
    const OneTimeCode code = invite();
    Board other;
    const Bytes borrowed = encodeRequest({{"kiosk-1"},
                                          code.check().id,
                                          identity::makeRequest(board_.tlsKey, "kiosk-1").value(),
                                          other.signing.publicKey},
                                         board_.signing, code);
    Bytes csr = identity::makeRequest(board_.tlsKey, "kiosk-1").value();
    csr.back() ^= 1;
    const Bytes unproven = encodeRequest(
        {{"kiosk-1"}, code.check().id, csr, board_.signing.publicKey}, board_.signing, code);

    EXPECT_EQ(refused(answer(borrowed), code), Refusal::NotAccepted);
    EXPECT_EQ(refused(answer(unproven), code), Refusal::NotAccepted);
    EXPECT_EQ(refused(answer(toBytes(viewOf("rubbish"))), code), Refusal::NotAccepted);
}

TEST_F(OfficeTest, AReplyIsForItsRequestAndItsCodeOnly) {
    const OneTimeCode code = invite();
    const Bytes request = board_.ask(code);
    const Bytes reply = answer(request).reply;
    Bytes changed = reply;
    changed.back() ^= 1;

    const auto other = invite("kiosk-2").check();
    EXPECT_EQ(openReply(reply, other, request).error().code, Code::Crypto);
    EXPECT_EQ(openReply(reply, code.check(), board_.ask(code)).error().code, Code::Crypto);
    EXPECT_EQ(openReply(changed, code.check(), request).error().code, Code::Crypto);
    EXPECT_EQ(openReply({}, code.check(), request).error().code, Code::InvalidInput);
}

TEST_F(OfficeTest, AReplyHasAsManyItemsAsItSays) {
    const OneTimeCode code = invite();
    const Bytes request = board_.ask(code);
    Bytes reply = answer(request).reply;

    for (const std::uint8_t head : {0x80, 0x81, 0x82, 0x84}) {
        reply.front() = head;
        const auto opened = openReply(reply, code.check(), request);
        ASSERT_FALSE(opened) << int{head};
        EXPECT_EQ(opened.error().code, Code::InvalidInput) << int{head};
    }
}

TEST_F(OfficeTest, WhoReplaysARequestGetsNothingThatItCanOpen) {
    const OneTimeCode code = invite();
    const Bytes request = board_.ask(code);
    (void)answer(request);

    const auto replayed = answer(request);

    EXPECT_EQ(office_.file().read()->devices().size(), 1U);
    std::array<std::uint8_t, OneTimeCode::kRandomBytes> guess{};
    EXPECT_EQ(openReply(replayed.reply, OneTimeCode::make(guess).check(), request).error().code,
              Code::Crypto);
}

TEST_F(OfficeTest, AReplacedDeviceLosesItsCertificateAndKeepsItsSigningKey) {
    const OneTimeCode first = invite();
    const Bytes asked = board_.ask(first);
    const auto gone =
        identity::parseCertificate(granted(answer(asked), first, asked).certificate).value();
    Board replacement;

    const auto said = answer(replacement.ask(invite()));

    EXPECT_TRUE(said.hasReplaced);
    const auto now = office_.file().read().value();
    EXPECT_THAT(now.voidSerials(), ElementsAre(gone.serial));
    EXPECT_EQ(now.signingKeys().size(), 2U);
    std::string list;
    ASSERT_TRUE(office_.publishList([&](const std::string& pem) -> Result<> {
        list = pem;
        return {};
    }));
    EXPECT_THAT(list, HasSubstr("BEGIN X509 CRL"));
}

TEST_F(OfficeTest, OthersAttemptsDoNotKeepADeviceFromItsOwnCertificate) {
    const OneTimeCode code = invite();
    Bytes request = board_.ask(code);
    const Grant before = granted(answer(request), code, request);
    Bytes forged = request;
    forged.back() ^= 1;
    for (unsigned i = 0; i <= Office::kMostWrongTries; ++i) {
        (void)answer(forged);
    }

    request = board_.ask(code);
    EXPECT_EQ(granted(answer(request), code, request), before);
    EXPECT_EQ(refused(answer(Board().ask(code)), code), Refusal::UsedUp);
    EXPECT_EQ(refused(answer(forged), code), Refusal::Void);
}

TEST_F(OfficeTest, ManyRequestsAreAnsweredWithoutReadingTheRegisterAgain) {
    constexpr int kDevices = 1000;
    std::string lines;
    for (int number = 0; number < kDevices; ++number) {
        const record::KioskId kiosk{"kiosk-" + std::to_string(number)};
        lines +=
            lineOf(Enrolled{kiosk, {}, board_.signing.publicKey, authority_.certificate()}, kNow) +
            '\n';
    }
    support::writeFile(dir_ / "register", lines);
    const OneTimeCode code = invite("kiosk-7");
    Bytes forged = board_.ask(code, "kiosk-7");
    forged.back() ^= 1;
    std::array<std::uint8_t, OneTimeCode::kRandomBytes> guess{};
    const Bytes unknown = board_.ask(OneTimeCode::make(guess));

    for (int time = 0; time < 100; ++time) {
        (void)answer(forged);
        (void)answer(unknown);
    }

    EXPECT_EQ(office_.file().read()->devices().size(), std::size_t{kDevices});
    EXPECT_EQ(office_.file().reads(), 1U);
}

TEST_F(OfficeTest, ARevokedKeyIsEnrolledUnderNoNameAgain) {
    (void)answer(board_.ask(invite()));
    revoke();
    const OneTimeCode again = invite();
    const OneTimeCode other = invite("kiosk-2");
    const Bytes asked = board_.ask(again);
    const Bytes askedElsewhere = board_.ask(other, "kiosk-2");

    const auto said = answer(asked);

    EXPECT_EQ(refused(said, again, asked), Refusal::RevokedKey);
    EXPECT_THAT(said.said, HasSubstr("its signing key was revoked"));
    EXPECT_EQ(refused(answer(askedElsewhere), other, askedElsewhere), Refusal::RevokedKey);
    Board renewed = board_;
    renewed.signing = receipt::makeSigningKeys();
    const Bytes request = renewed.ask(again);
    (void)granted(answer(request), again, request);
}

TEST_F(OfficeTest, AKeyThatTheRootAloneRevokedIsEnrolledNoMoreEither) {
    const OneTimeCode first = invite();
    (void)answer(board_.ask(first));
    revokedElsewhere_ = board_.signing.publicKey;
    const Bytes withFirst = board_.ask(first);

    EXPECT_EQ(refused(answer(withFirst), first, withFirst), Refusal::RevokedKey);

    const OneTimeCode again = invite();
    const Bytes asked = board_.ask(again);
    EXPECT_EQ(refused(answer(asked), again, asked), Refusal::RevokedKey);
    const Bytes request = Board().ask(again);
    (void)granted(answer(request), again, request);
}

TEST_F(OfficeTest, ThatAKeyWasRevokedOnlyTheHubSaysAndOfTheKeyInTheRequestOnly) {
    (void)answer(board_.ask(invite()));
    revoke();
    const OneTimeCode code = invite();
    const Bytes before = board_.ask(code);
    const Bytes late = answer(before).reply;
    Board renewed = board_;
    renewed.signing = receipt::makeSigningKeys();
    const Bytes after = renewed.ask(code);
    // Version 1, refusal 5, as anybody can write it.
    const Bytes forged{0x82, 0x01, static_cast<std::uint8_t>(Refusal::RevokedKey)};

    EXPECT_EQ(openReply(late, code.check(), after).error().code, Code::Crypto);
    EXPECT_EQ(openReply(forged, code.check(), after).error().code, Code::InvalidInput);
    EXPECT_EQ(openReply(forged, code.check(), before).error().code, Code::InvalidInput);
    (void)granted(answer(after), code, after);
}

TEST_F(OfficeTest, NamesNoKioskLikeAHub) {
    for (const char* name : {"hub-main", "tapport-1", "", "Kiosk", "a/b", "+"}) {
        EXPECT_EQ(office_.invite({name}, kDay, kNow).error().code, Code::InvalidInput) << name;
    }
}

TEST_F(OfficeTest, TheRegisterDoesNotHoldTheCode) {
    const OneTimeCode code = invite();
    std::string bare = code.text();
    bare.erase(std::remove(bare.begin(), bare.end(), '-'), bare.end());

    const std::string kept = support::readFile(dir_ / "register");

    EXPECT_EQ(kept.find(code.text()), std::string::npos);
    EXPECT_EQ(kept.find(bare), std::string::npos);
    EXPECT_EQ(kept.find(toHex(code.keys().secretKey)), std::string::npos);
}

TEST_F(OfficeTest, WhatStandsInForAKioskEndsAfterADayOrWhenItIsMadeVoid) {
    const auto csr = identity::makeRequest(board_.tlsKey, "kiosk-1").value();

    const auto standIn = office_.standIn(csr, {"kiosk-1"}, kNow).value();
    ASSERT_TRUE(office_.makeVoid({"kiosk-1"}, standIn, kNow));

    support::writeFile(dir_ / "one.crt", standIn.pem());
    const auto read = support::run(
        {"openssl", "x509", "-noout", "-startdate", "-enddate", "-in", dir_ / "one.crt"});
    EXPECT_THAT(read.out, HasSubstr("notBefore=Jan  1 00:00:00 1970 GMT"));
    EXPECT_THAT(read.out, HasSubstr("notAfter=Nov 26 12:00:00 2026 GMT"));
    EXPECT_THAT(office_.file().read().value().voidSerials(), ElementsAre(standIn.serial));
}

}  // namespace
}  // namespace tapport::enrol
