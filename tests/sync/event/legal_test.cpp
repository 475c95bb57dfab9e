// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of an event file that no screen shows and a consent record must have.
#include "tests/support/fixture.h"
#include "tests/support/temp_dir.h"
#include "tests/sync/event/problems.h"

#include <regex>

#include <gmock/gmock.h>

namespace tapport::event {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string kNewsletter = "asks[2] newsletter/email";

nlohmann::json& terms(nlohmann::json& json) {
    return json["asks"][2]["terms"];
}
nlohmann::json& notice(nlohmann::json& json) {
    return json["asks"][2]["notice"];
}

/// Version 3, a wording fix of version 2, which was a material change of version 1.
void makeThirdVersion(nlohmann::json& json) {
    const std::string hash(64, 'a');
    notice(json) = {{"id", "newsletter-email"},
                    {"version", 3},
                    {"change", "wording"},
                    {"earlier",
                     {{{"version", 1}, {"hashes", {{"en", hash}, {"de", hash}}}},
                      {{"version", 2}, {"change", "material"}, {"hashes", {{"de", hash}}}}}}};
}

TEST(EventFile, HoldsTheTermsOfEachPurpose) {
    const Event event = support::sampleEvent();

    const Terms& newsletter = event.find({"newsletter"}, record::Channel::Email)->terms;

    EXPECT_EQ(newsletter.purposeType, "dpv:DirectMarketing");
    EXPECT_EQ(newsletter.lawfulBasis, "eu-gdpr:A6-1-a");
    EXPECT_EQ(newsletter.recipients.at(0).name, "Example Works GmbH, marketing team");
    EXPECT_THAT(newsletter.processing,
                ElementsAre("dpv:Collect", "dpv:Store", "dpv:Use", "dpv:Erase"));
    EXPECT_THAT(newsletter.storage, ElementsAre("DE"));
    EXPECT_EQ(newsletter.jurisdiction, "DE");
    EXPECT_EQ(newsletter.collection, "dpv:DataSubjectDataSource");
    EXPECT_EQ(newsletter.retention.keep, "P24M");
    EXPECT_EQ(newsletter.retention.deleteWithin, "P30D");
    EXPECT_THAT(newsletter.withdrawal, ElementsAre("kiosk", "mailto:privacy@example.com"));
    EXPECT_EQ(newsletter.rights, "mailto:privacy@example.com");
    EXPECT_EQ(newsletter.authority.id, "berlin-dpa");
}

TEST(EventFile, HoldsProfileRootKeyReceiptsAndDays) {
    using namespace std::chrono;

    const Event event = support::sampleEvent();

    EXPECT_EQ(event.profile.id, "single-opt-in");
    EXPECT_TRUE(event.profile.doubleOptIn.empty());
    EXPECT_EQ(event.profile.confirmWithin, days(14));
    EXPECT_EQ(event.profile.minimumAge, 16U);
    EXPECT_EQ(event.rootKey.size(), 32U);
    EXPECT_EQ(event.hubKey.size(), 32U);
    EXPECT_NE(event.hubKey, event.rootKey);
    EXPECT_EQ(event.receiptUrl, "https://example-works.example");
    EXPECT_EQ(event.firstDay, sys_days(year(2026) / 11 / 24));
    EXPECT_EQ(event.lastDay, sys_days(year(2026) / 11 / 26));
}

TEST(EventFile, WithAnyLegalFieldOfAPurposeMissingIsRefused) {
    for (const char* key : {"purposeType", "lawfulBasis", "processing", "storage", "jurisdiction",
                            "collection", "retention", "withdrawal", "rights", "authority"}) {
        const std::string problems =
            problemsAfter([&](nlohmann::json& json) { terms(json).erase(key); });

        EXPECT_EQ(problems, kNewsletter + ".terms: has no '" + key + "'");
    }
    EXPECT_EQ(problemsAfter([](nlohmann::json& json) { terms(json).erase("recipients"); }),
              kNewsletter + ".terms: 'recipients' must be a list of 1 to 64 entries");
    EXPECT_EQ(problemsAfter([](nlohmann::json& json) { json["asks"][2].erase("terms"); }),
              kNewsletter + ": has no 'terms'");
}

TEST(EventFile, WithAnyPartOfALegalFieldMissingIsRefused) {
    for (const char* key : {"keep", "deleteWithin"}) {
        EXPECT_EQ(problemsAfter([&](nlohmann::json& json) { terms(json)["retention"].erase(key); }),
                  kNewsletter + ".terms.retention: has no '" + key + "'");
    }
    for (const char* key : {"id", "name", "address", "contact"}) {
        const auto missingIn = [key](const std::string& place) {
            return place + ": has no '" + key + "'";
        };
        EXPECT_EQ(problemsAfter([&](nlohmann::json& json) { json["controller"].erase(key); }),
                  missingIn("controller"));
        EXPECT_EQ(problemsAfter([&](nlohmann::json& json) { terms(json)["authority"].erase(key); }),
                  missingIn(kNewsletter + ".terms.authority"));
        EXPECT_EQ(
            problemsAfter([&](nlohmann::json& json) { terms(json)["recipients"][0].erase(key); }),
            missingIn(kNewsletter + ".terms.recipients[0]"));
    }
    for (const char* key : {"id", "doubleOptIn", "confirmWithinDays", "minimumAge"}) {
        EXPECT_EQ(problemsAfter([&](nlohmann::json& json) { json["profile"].erase(key); }),
                  std::string("profile: has no '") + key + "'");
    }
    for (const char* key : {"profile", "receiptUrl", "firstDay", "lastDay", "controller"}) {
        EXPECT_EQ(problemsAfter([&](nlohmann::json& json) { json.erase(key); }),
                  std::string("has no '") + key + "'");
    }
    for (const std::string key : {"rootKey", "hubKey", "ca"}) {
        EXPECT_EQ(problemsAfter([&](nlohmann::json& json) { json.erase(key); }),
                  "'" + key + "' must be 64 hexadecimal digits");
    }
}

TEST(EventFile, TakesNoTermThatCannotBeExplained) {
    const std::string problems = problemsAfter([](nlohmann::json& json) {
        terms(json)["purposeType"] = "dpv:Fun";
        terms(json)["lawfulBasis"] = "eu-gdpr:A6-1-f";
        terms(json)["processing"] = {"dpv:Store", "dpv:Sell"};
        terms(json)["collection"] = "dpv:CollectedFromDataSubject";
    });

    EXPECT_THAT(problems, HasSubstr(".terms: 'purposeType' must be dpv:Comm"));
    EXPECT_THAT(problems, HasSubstr(".terms: 'lawfulBasis' must be eu-gdpr:A6-1-a\n"));
    EXPECT_THAT(problems, HasSubstr(".terms: 'processing' must hold dpv:Collect, "));
    EXPECT_THAT(problems, HasSubstr(".terms: 'collection' must be dpv:DataC"));
}

// The lists of known terms are read from the messages: what is offered must exist.
TEST(EventFile, KnowsOnlyTermsOfTheVocabulary) {
    const auto vocabulary = nlohmann::json::parse(
        support::readFile(support::fixture("dpv/dpv-2.3-terms.json")))["terms"];
    const std::string problems = problemsAfter([](nlohmann::json& json) {
        terms(json)["purposeType"] = terms(json)["collection"] = "?";
        terms(json)["processing"] = {"?"};
    });
    const std::regex term("dpv:([A-Za-z]+)");
    const std::sregex_iterator first(problems.begin(), problems.end(), term);

    EXPECT_EQ(std::distance(first, std::sregex_iterator{}), 23);
    for (auto found = first; found != std::sregex_iterator{}; ++found) {
        EXPECT_THAT(vocabulary, testing::Contains((*found)[1].str()));
    }
}

TEST(EventFile, HoldsDurationsCountriesAndAddressesInTheirForms) {
    const auto refused = [](const char* key, const nlohmann::json& value) {
        return problemsAfter([&](nlohmann::json& json) { terms(json)[key] = value; });
    };

    for (const char* duration : {"12M", "P", "P12", "PM", "PT5H", "P1M1Y", "P1.5Y", "12 months"}) {
        EXPECT_THAT(refused("retention", {{"keep", duration}, {"deleteWithin", "P1Y6M2W3D"}}),
                    AllOf(HasSubstr("'keep' must be an ISO 8601 duration"),
                          testing::Not(HasSubstr("deleteWithin"))))
            << duration;
    }
    EXPECT_THAT(refused("storage", {"DE", "Germany"}), HasSubstr("'storage' must hold countries"));
    EXPECT_THAT(refused("jurisdiction", "de"), HasSubstr("'jurisdiction' must be a country"));
    EXPECT_THAT(refused("withdrawal", {"call us"}), HasSubstr("'withdrawal' must hold kiosk,"));
    EXPECT_THAT(refused("withdrawal", nlohmann::json::array()), HasSubstr("list of 1 to 64"));
    EXPECT_THAT(refused("rights", "http://example.com"), HasSubstr("'rights' must be an https:"));
    EXPECT_EQ(refused("rights", "https://example.com/rights"), "");
}

TEST(EventFile, LinksReceiptsToAnHttpsAddress) {
    for (const char* url :
         {"http://example.com", "https://example.com/", "https://", "https://x",
          "https://example.com?a", "https://example.com/a b", "https://kim@example.com"}) {
        EXPECT_THAT(problemsAfter([&](nlohmann::json& json) { json["receiptUrl"] = url; }),
                    HasSubstr("'receiptUrl' must be an https: address"))
            << url;
    }
    EXPECT_EQ(problemsAfter([](nlohmann::json& json) {
                  json["receiptUrl"] = "https://receipts.example.com:8443/fair";
              }),
              "");
}

TEST(EventFile, NamesDaysThatExistAndInOrder) {
    for (const char* day : {"24.11.2026", "2026-02-30", "2026-13-01", "2026-1-1", "2026-11-2x"}) {
        EXPECT_THAT(problemsAfter([&](nlohmann::json& json) { json["firstDay"] = day; }),
                    HasSubstr("'firstDay' must be a day like"))
            << day;
    }
    EXPECT_EQ(problemsAfter([](nlohmann::json& json) { json["lastDay"] = "2026-11-23"; }),
              "'lastDay' is before 'firstDay'");
}

TEST(EventFile, TakesAProfileWithDoubleOptInPerChannel) {
    auto json = nlohmann::json::parse(support::sampleEventJson());
    json["profile"] = {
        {"id", "de"}, {"doubleOptIn", {"email"}}, {"confirmWithinDays", 7}, {"minimumAge", 0}};

    const auto event = parse(json.dump());

    ASSERT_TRUE(event) << event.error().context;
    EXPECT_THAT(event->profile.doubleOptIn, ElementsAre(record::Channel::Email));
    EXPECT_EQ(event->profile.confirmWithin, std::chrono::days(7));
    EXPECT_EQ(event->profile.minimumAge, 0U);
    EXPECT_THAT(
        problemsAfter([](nlohmann::json& bad) { bad["profile"]["doubleOptIn"] = {"pigeon"}; }),
        HasSubstr("profile: 'doubleOptIn' must hold email,"));
}

TEST(EventFile, SaysWhetherANewNoticeEndsEarlierYeses) {
    auto json = nlohmann::json::parse(support::sampleEventJson());
    makeThirdVersion(json);

    const auto event = parse(json.dump());

    ASSERT_TRUE(event) << event.error().context;
    const Ask& ask = event->asks[2];
    const auto seen = [](std::uint32_t version, const char* language) {
        return record::NoticeRef{"newsletter-email", version,
                                 *record::NoticeHash::fromHexText(std::string(64, 'a')), language};
    };
    EXPECT_TRUE(ask.covers(ask.noticeRef("de")));
    EXPECT_TRUE(ask.covers(seen(2, "de"))) << "only its wording was mended";
    EXPECT_FALSE(ask.covers(seen(2, "en"))) << "was never shown in English";
    EXPECT_FALSE(ask.covers(seen(1, "de"))) << "version 2 was another agreement";
}

TEST(EventFile, OfALaterNoticeVersionNamesTheChangeAndAllEarlierOnes) {
    const auto refused = [](const std::function<void(nlohmann::json&)>& change) {
        return problemsAfter([&](nlohmann::json& json) {
            makeThirdVersion(json);
            change(notice(json));
        });
    };
    const std::string place = kNewsletter + ".notice";

    EXPECT_EQ(refused([](nlohmann::json& json) { json.erase("change"); }),
              place + ": has no 'change'");
    EXPECT_THAT(refused([](nlohmann::json& json) { json["change"] = "small"; }),
                HasSubstr(place + ": 'change' must be material"));
    EXPECT_THAT(refused([](nlohmann::json& json) { json.erase("earlier"); }),
                HasSubstr("'earlier' must be a list of 1 to 64 entries"));
    EXPECT_THAT(refused([](nlohmann::json& json) { json["earlier"].erase(1); }),
                HasSubstr("'earlier' must hold the versions up to 2 in order, none left out"));
    EXPECT_THAT(refused([](nlohmann::json& json) { json["earlier"][1]["version"] = 3; }),
                HasSubstr("'earlier' must hold the versions up to 2"));
    EXPECT_EQ(refused([](nlohmann::json& json) { json["earlier"][1].erase("change"); }),
              place + ".earlier[1]: has no 'change'");
    EXPECT_EQ(refused([](nlohmann::json& json) { json["earlier"][0]["change"] = "wording"; }),
              place + ".earlier[0]: 'change' has no meaning at version 1");
    EXPECT_EQ(refused([](nlohmann::json& json) { json["earlier"][0]["hashes"]["en"] = "12"; }),
              place + ".earlier[0].hashes: 'en' must be 64 hexadecimal digits");
    EXPECT_EQ(refused([](nlohmann::json& json) { json["earlier"][0].erase("hashes"); }),
              place + ".earlier[0]: has no 'hashes'");
    EXPECT_EQ(problemsAfter([](nlohmann::json& json) { notice(json)["change"] = "material"; }),
              place + ": 'change' has no meaning at version 1");
}

}  // namespace
}  // namespace tapport::event
