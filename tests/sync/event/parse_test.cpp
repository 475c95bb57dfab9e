// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fixture.h"
#include "tests/support/temp_dir.h"
#include "tests/sync/event/problems.h"

#include <gmock/gmock.h>

namespace tapport::event {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(EventFile, IsReadWhole) {
    const auto event = parse(support::sampleEventJson());

    ASSERT_TRUE(event) << event.error().context;
    EXPECT_EQ(event->id.value, "example-expo-2026");
    EXPECT_EQ(event->name.at("de"), "Beispielmesse 2026");
    EXPECT_EQ(event->controller.id, "example-works");
    EXPECT_EQ(event->badgeHosts, std::vector<std::string>{"badge.tapport.example"});
    EXPECT_EQ(event->sealingKey, support::sampleSealingKeys().publicKey);
    EXPECT_EQ(event->asks.front().validity, std::chrono::days(365));
    EXPECT_THAT(event->asks.front().notices.at("de").fullText, HasSubstr("\n\n"));
    EXPECT_FALSE(event->needs.empty());
    EXPECT_EQ(event->readiness.back().label.at("de"), "Nicht gesagt");
    EXPECT_FALSE(event->staff.front().badge);
}

TEST(EventFile, WithAMissingNoticeIsRefused) {
    const auto event = parse(support::readFile(support::fixture("event/missing-notice.json")));

    ASSERT_FALSE(event);
    EXPECT_EQ(event.error().code, Code::InvalidConfig);
    EXPECT_EQ(event.error().context, "asks[0] newsletter/email: has no notice in 'de'");
}

TEST(EventFile, WithAnyStringOfANoticeMissingOrEmptyIsRefused) {
    for (const auto& part : kNoticeParts) {
        const std::string key(part.key);
        const std::string missing =
            problemsAfter([&](nlohmann::json& json) { json["asks"][2]["texts"]["de"].erase(key); });
        const std::string empty =
            problemsAfter([&](nlohmann::json& json) { json["asks"][2]["texts"]["de"][key] = " "; });

        EXPECT_EQ(missing, "asks[2] newsletter/email: notice in 'de': has no '" + key + "'");
        EXPECT_THAT(empty, HasSubstr("notice in 'de': '" + key + "'"));
    }
}

TEST(EventFile, HasEveryProblemNamedAtOnce) {
    const std::string problems = problemsAfter([](nlohmann::json& json) {
        json["id"] = "Not A Name";
        json["sealingKey"] = "12";
        json["asks"][0]["channel"] = "pigeon";
        json["asks"][1]["validDays"] = 0;
        json["asks"][3]["texts"]["en"]["qestion"] = "?";
        json["needs"][0]["label"].erase("de");
        json["staff"][0]["pinHash"] = "1234";
    });

    EXPECT_THAT(problems, HasSubstr("'id' must be 1 to 32 of a-z 0-9 -\n"));
    EXPECT_THAT(problems, HasSubstr("'sealingKey' must be 64 hexadecimal digits\n"));
    EXPECT_THAT(problems, HasSubstr("asks[0] sales-follow-up/pigeon: 'channel' must be email"));
    EXPECT_THAT(problems, HasSubstr("asks[1] sales-follow-up/phone: 'validDays' must be a whole "
                                    "number from 1 to 3650\n"));
    EXPECT_THAT(problems, HasSubstr("notice in 'en': unknown key 'qestion'\n"));
    EXPECT_THAT(problems, HasSubstr("needs[0].label: has no 'de'\n"));
    EXPECT_THAT(problems, HasSubstr("staff[0]: 'pinHash' must be an Argon2id hash"));
}

TEST(EventFile, AsksNothingTwiceAndHasNoTwoEntriesOfOneId) {
    const std::string problems = problemsAfter([](nlohmann::json& json) {
        json["asks"][1]["channel"] = "email";
        json["needs"][1]["id"] = json["needs"][0]["id"];
        json["staff"][1]["id"] = "kim";
        json["languages"] = {"en", "de", "de"};
    });

    EXPECT_THAT(problems, HasSubstr("asks[1]: asks for a purpose and channel that"));
    EXPECT_THAT(problems, HasSubstr("needs[1]: has the id of another one"));
    EXPECT_THAT(problems, HasSubstr("staff[1]: has the id of another one"));
    EXPECT_THAT(problems, HasSubstr("'languages' names 'de' twice"));
}

TEST(EventFile, MixesNoLanguages) {
    const std::string problems = problemsAfter([](nlohmann::json& json) {
        json["asks"][0]["texts"]["fr"] = json["asks"][0]["texts"]["en"];
        json["name"]["fr"] = "Foire";
    });

    EXPECT_THAT(problems, HasSubstr("asks[0] sales-follow-up/email.texts: unknown key 'fr'"));
    EXPECT_THAT(problems, HasSubstr("name: unknown key 'fr'"));
}

TEST(EventFile, GivesYesAndNoDifferentLabels) {
    const std::string problems = problemsAfter(
        [](nlohmann::json& json) { json["asks"][0]["texts"]["en"]["no"] = "Yes, e-mail me"; });

    EXPECT_THAT(problems, HasSubstr("'yes' and 'no' are the same"));
}

TEST(EventFile, SaysWhatEachPurposeMayUse) {
    const Event event = support::sampleEvent();
    const std::string problems = problemsAfter([](nlohmann::json& json) {
        json["asks"][0]["uses"] = {"name", "shoe-size"};
        json["asks"][1].erase("uses");
    });

    EXPECT_EQ(event.find({"newsletter"}, record::Channel::Email)->uses,
              (std::set<PersonalData>{PersonalData::Name, PersonalData::Email}));
    EXPECT_THAT(problems, HasSubstr("sales-follow-up/email: 'uses' must hold name, company,"));
    EXPECT_THAT(problems, HasSubstr("sales-follow-up/email: 'uses' lacks what the channel needs"));
    EXPECT_THAT(problems, HasSubstr("sales-follow-up/phone: has no 'uses'"));
}

TEST(EventFile, HoldsNoControlCharacters) {
    const std::string problems = problemsAfter(
        [](nlohmann::json& json) { json["asks"][0]["texts"]["en"]["who"] = "a\x07"; });

    EXPECT_THAT(problems, HasSubstr("'who' holds a control character"));
}

TEST(EventFile, WithAKeyThatStandsTwiceIsRefused) {
    std::string json = support::sampleEventJson();
    json.insert(1, "\"id\": \"other\",");

    const auto event = parse(json);

    ASSERT_FALSE(event);
    EXPECT_EQ(event.error().context, "the key 'id' stands twice in one object");
}

TEST(EventFile, ThatIsNoJsonIsRefusedWithItsPlaceAndWithoutQuotingIt) {
    const auto event = parse("{\n  \"id\": \"secret\" \"name\"\n}");

    ASSERT_FALSE(event);
    EXPECT_THAT(event.error().context, HasSubstr("no JSON at line 2"));
    EXPECT_THAT(event.error().context, Not(HasSubstr("secret")));
}

TEST(EventFile, OfAnotherShapeIsAnErrorNeverACrash) {
    for (const char* json : {"null", "[]", "7", "{}", "\"x\"", R"({"asks": {}})",
                             R"({"asks": [null, 3, []]})", R"({"languages": [1, null]})",
                             R"({"name": [], "controller": 3, "staff": [{"badge": 3}]})"}) {
        const auto event = parse(json);
        ASSERT_FALSE(event) << json;
        EXPECT_EQ(event.error().code, Code::InvalidConfig);
    }
}

}  // namespace
}  // namespace tapport::event
