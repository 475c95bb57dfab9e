// SPDX-License-Identifier: GPL-3.0-or-later
#include "hardware/pn532sim/badge_spec.h"

#include "tests/support/temp_dir.h"

#include <gtest/gtest.h>

namespace tapport::pn532sim {
namespace {

BadgeSpec uriBadge(const std::string& uri, const std::string& type = "ntag215") {
    BadgeSpec spec;
    spec.uri = uri;
    spec.type = type;
    return spec;
}

TEST(BadgeSpec, SameContentGivesTheSameUid) {
    const auto first = requestFor(Verb::Place, uriBadge("https://ev.example/b/1")).value();
    const auto again = requestFor(Verb::Place, uriBadge("https://ev.example/b/1")).value();
    const auto other = requestFor(Verb::Place, uriBadge("https://ev.example/b/2")).value();

    EXPECT_EQ(first.memory, again.memory);
    EXPECT_NE(tagOf(first)->uid(), tagOf(other)->uid());
}

TEST(BadgeSpec, CarriesAVcardAfterTheUri) {
    const support::TempDir directory;
    support::writeFile(directory / "card.vcf", "BEGIN:VCARD");
    auto spec = uriBadge("https://ev.example/b/1");
    spec.vcard = directory / "card.vcf";

    const auto request = requestFor(Verb::Place, spec).value();

    const auto memory = textOf(request.memory);
    EXPECT_LT(memory.find("ev.example"), memory.find("text/vcardBEGIN:VCARD"));
}

TEST(BadgeSpec, RefusesWhatMakesNoTag) {
    auto tooLong = uriBadge("https://" + std::string(150, 'a'), "ntag213");
    auto withUid = uriBadge("https://ev.example/b/1", "uid");
    auto shortUid = uriBadge("https://ev.example/b/1");
    shortUid.uidHex = "01020304";
    BadgeSpec noFile;
    noFile.dump = "/nowhere/at/all";

    for (const auto& spec : {tooLong, withUid, shortUid, noFile, uriBadge("a:b", "ntag999")}) {
        EXPECT_FALSE(requestFor(Verb::Place, spec));
    }
}

TEST(BadgeSpec, PacketsSurviveTheSocket) {
    const auto request = requestFor(Verb::Place, uriBadge("https://ev.example/b/1")).value();

    const auto decoded = decodeRequest(encode(request)).value();
    const auto response = decodeResponse(encode(Response{true, "ok", {1, 2}})).value();

    EXPECT_EQ(decoded.verb, request.verb);
    EXPECT_EQ(decoded.memory, request.memory);
    EXPECT_EQ(response.text, "ok");
    EXPECT_EQ(response.data, (Bytes{1, 2}));
    EXPECT_FALSE(decodeRequest(viewOf("hello")));
}

}  // namespace
}  // namespace tapport::pn532sim
