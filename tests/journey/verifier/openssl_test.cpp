// SPDX-License-Identifier: GPL-3.0-or-later
// The very lines of the README, with stock openssl.
#include "sync/receipt/key_set.h"
#include "tests/support/published_event.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace tapport::journey {
namespace {

using record::ConsentState;
using support::Finished;
using testing::HasSubstr;
using testing::Not;

/// The first block of shell below this heading.
std::string shellBelow(const std::string& heading) {
    const std::string readme = support::readFile(TAPPORT_README);
    const std::string begin = "```sh\n";
    const std::size_t at = readme.find(begin, readme.find(heading));
    if (readme.find(heading) == std::string::npos || at == std::string::npos) {
        return "";
    }
    const std::size_t from = at + begin.size();
    return readme.substr(from, readme.find("```", from) - from);
}

class OpensslCheck : public testing::Test {
  protected:
    Finished check(const std::string& receipt) const {
        support::writeFile(event_.path("receipt.jws"), receipt + "\n");
        return support::run({"sh", "-c",
                             "cd " + event_.path("").string() + "\n" +
                                 shellBelow("### Check a receipt with openssl")});
    }

    support::PublishedEvent event_;
};

TEST_F(OpensslCheck, FindsTheKiosksSignatureGood) {
    for (const ConsentState state :
         {ConsentState::Given, ConsentState::Refused, ConsentState::Withdrawn}) {
        const auto unit = event_.unit(state, 0, "de");
        for (const std::string& receipt : {event_.summaryJws(unit), event_.fullJws(unit)}) {
            const Finished checked = check(receipt);

            EXPECT_EQ(checked.status, 0) << checked.err;
            EXPECT_THAT(checked.out, HasSubstr("Signature Verified Successfully"));
        }
    }
}

TEST_F(OpensslCheck, TakesTheLinkAndKeysInAnyLayout) {
    ASSERT_EQ(event_.publish({"--revoke", support::PublishedEvent::beforeThat()}).status, 0);
    const auto keys = nlohmann::ordered_json::parse(support::readFile(event_.path("keys.json")));
    nlohmann::ordered_json turned;  // members the other way round
    for (auto member = keys.rbegin(); member != keys.rend(); ++member) {
        turned[member.key()] = member.value();
    }
    support::writeFile(event_.path("keys.json"), turned.dump(4));

    const Finished checked = check(event_.link(event_.unit(ConsentState::Given, 0, "de")));

    EXPECT_THAT(checked.out, HasSubstr("Signature Verified Successfully")) << checked.err;
}

TEST_F(OpensslCheck, FindsAChangedByteAndAnotherKey) {
    const std::string receipt = event_.summaryJws(event_.unit(ConsentState::Given, 0, "de"));
    std::string changed = receipt;
    changed[changed.size() / 2] = changed[changed.size() / 2] == 'A' ? 'B' : 'A';

    const Finished forged = check(changed);
    std::filesystem::remove(event_.path("kiosk/signing.key"));
    ASSERT_EQ(support::PublishedEvent::tapport(
                  {"kiosk", "key", "--config", event_.path("kiosk.toml").string()})
                  .status,
              0);
    const Finished stranger = check(event_.summaryJws(event_.unit(ConsentState::Given, 0, "de")));

    EXPECT_NE(forged.status, 0);
    EXPECT_THAT(forged.out, Not(HasSubstr("Successfully")));
    EXPECT_NE(stranger.status, 0);
    EXPECT_EQ(check(receipt).status, 0);
}

TEST_F(OpensslCheck, PicksTheKeyAmongSeveralAndOfARevokedKiosk) {
    for (const char* kiosk : {"kiosk-0", "kiosk-2"}) {
        support::writeFile(event_.path("other.jwk"),
                           receipt::jwkText({{kiosk}, receipt::makeSigningKeys().publicKey, {}}));
        ASSERT_EQ(event_.publish({"--add", event_.path("other.jwk").string()}).status, 0);
    }
    ASSERT_EQ(event_.publish({"--revoke", support::PublishedEvent::beforeThat()}).status, 0);

    const Finished checked = check(event_.summaryJws(event_.unit(ConsentState::Given, 0, "en")));

    EXPECT_THAT(checked.out, HasSubstr("Signature Verified Successfully")) << checked.err;
}

}  // namespace
}  // namespace tapport::journey
