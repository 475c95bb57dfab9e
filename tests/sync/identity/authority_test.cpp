// SPDX-License-Identifier: GPL-3.0-or-later
// What the event's authority issues, judged by Debian's openssl.
#include "sync/identity/authority.h"

#include "tests/support/child_process.h"
#include "tests/support/temp_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::identity {
namespace {

using testing::HasSubstr;

class AuthorityTest : public testing::Test {
  protected:
    /// `openssl verify` of a certificate with more arguments; what it printed.
    support::Finished verify(const Certificate& certificate,
                             const std::vector<std::string>& more) const {
        support::writeFile(dir_ / "ca.crt", authority_.certificate().pem());
        support::writeFile(dir_ / "one.crt", certificate.pem());
        std::vector<std::string> command{"openssl", "verify", "-x509_strict", "-CAfile",
                                         dir_ / "ca.crt"};
        command.insert(command.end(), more.begin(), more.end());
        command.push_back(dir_ / "one.crt");
        return support::run(command);
    }
    Certificate kioskCertificate() const {
        return authority_.issueClient(makeRequest(key_, "kiosk-1").value(), "kiosk-1").value();
    }

    support::TempDir dir_;
    Authority authority_ = Authority::make("fair").value();
    std::string key_ = makeKey().value();
};

TEST_F(AuthorityTest, IssuesACertificateToWhoHasTheKey) {
    const Certificate certificate = kioskCertificate();

    EXPECT_EQ(certificate.name, "kiosk-1");
    EXPECT_TRUE(isFor(certificate, key_));
    EXPECT_FALSE(isFor(certificate, makeKey().value()));
    EXPECT_EQ(readCertificate(certificate.pem()).value(), certificate);
    const auto judged = verify(certificate, {"-purpose", "sslclient"});
    EXPECT_EQ(judged.status, 0) << judged.err;
}

TEST_F(AuthorityTest, ItsCertificatesHoldOnABoardThatWakesIn1970AndIn2038) {
    const Certificate certificate = kioskCertificate();

    for (const char* when : {"60", "2177452800"}) {
        const auto judged = verify(certificate, {"-attime", when});
        EXPECT_EQ(judged.status, 0) << when << ": " << judged.err;
    }
}

TEST_F(AuthorityTest, AKioskCannotPassForTheBroker) {
    EXPECT_NE(verify(kioskCertificate(), {"-purpose", "sslserver"}).status, 0);
}

TEST_F(AuthorityTest, NamesTheBrokersHostsAndAddresses) {
    const auto request = makeRequest(key_, "broker.fair.example");

    const auto broker =
        authority_.issueServer(*request, {"broker.fair.example", "192.0.2.7", "2001:db8::7"});

    ASSERT_TRUE(broker) << broker.error().context;
    EXPECT_EQ(verify(*broker, {"-verify_hostname", "broker.fair.example"}).status, 0);
    EXPECT_EQ(verify(*broker, {"-verify_ip", "192.0.2.7"}).status, 0);
    EXPECT_EQ(verify(*broker, {"-verify_ip", "2001:db8::7"}).status, 0);
    EXPECT_NE(verify(*broker, {"-verify_hostname", "other.example"}).status, 0);
    EXPECT_FALSE(authority_.issueServer(*request, {"evil.example,DNS:other.example"}));
    EXPECT_FALSE(authority_.issueServer(*request, {}));
}

TEST_F(AuthorityTest, RefusesARequestThatDoesNotProveItsKeyOrIsForAnotherName) {
    const Bytes request = makeRequest(key_, "kiosk-1").value();
    Bytes changed = request;
    changed.back() ^= 1;

    EXPECT_EQ(authority_.issueClient(changed, "kiosk-1").error().code, Code::Crypto);
    EXPECT_EQ(authority_.issueClient(request, "kiosk-2").error().code, Code::InvalidInput);
    EXPECT_FALSE(authority_.issueClient(viewOf("no request"), "kiosk-1"));
    EXPECT_FALSE(authority_.issueClient({}, "kiosk-1"));
}

TEST_F(AuthorityTest, ListsTheRevokedWithoutAnEndByTheClock) {
    const Certificate gone = kioskCertificate();
    const Certificate stays = kioskCertificate();
    support::writeFile(dir_ / "crl.pem",
                       authority_.revocationList(std::array{gone.serial}, 2).value());
    const std::vector<std::string> withList{"-crl_check", "-CRLfile", dir_ / "crl.pem", "-attime",
                                            "60"};

    EXPECT_THAT(verify(gone, withList).err, HasSubstr("certificate revoked"));
    EXPECT_EQ(verify(stays, withList).status, 0);
}

TEST_F(AuthorityTest, IsTheSameOneAfterAReload) {
    const auto loaded = Authority::load(authority_.certificate().pem(), authority_.keyPem());

    ASSERT_TRUE(loaded) << loaded.error().context;
    const auto issued = loaded->issueClient(makeRequest(key_, "kiosk-1").value(), "kiosk-1");
    ASSERT_TRUE(issued);
    EXPECT_EQ(verify(*issued, {}).status, 0);
    EXPECT_FALSE(Authority::load(authority_.certificate().pem(), key_));
    EXPECT_FALSE(Authority::load("", authority_.keyPem()));
    EXPECT_FALSE(Authority::load(authority_.certificate().pem(), ""));
}

TEST(Certificate, IsReadStrictly) {
    const Certificate ca = Authority::make("fair").value().certificate();
    Bytes longer = ca.der;
    longer.push_back(0);

    EXPECT_EQ(parseCertificate(ca.der).value(), ca);
    EXPECT_FALSE(parseCertificate(longer));
    EXPECT_FALSE(parseCertificate({}));
    EXPECT_FALSE(parseCertificate(ByteView(ca.der).first(40)));
    EXPECT_FALSE(readCertificate("-----BEGIN CERTIFICATE-----\nAAAA\n"));
}

}  // namespace
}  // namespace tapport::identity
