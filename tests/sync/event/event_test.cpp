// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/event/event.h"

#include "sync/event/example.h"
#include "sync/event/same_file.h"
#include "tests/support/sample_event.h"

#include <set>

#include <gtest/gtest.h>

namespace tapport::event {
namespace {

Notice someNotice() {
    return {"title", "question", "who",  "why", "data", "often", "recipients",
            "long",  "withdraw", "full", "yes", "no",   {}};
}

TEST(NoticeHash, IsTheDocumentedHashOverNetstrings) {
    // printf '%s' with the netstrings 5:title,8:question,3:who,3:why,4:data,5:often,10:recipients,
    // 4:long,8:withdraw,4:full,3:yes,2:no, run together, piped into sha256sum.
    EXPECT_EQ(noticeHash(someNotice()).hex(),
              "e506821f1a77fdd60e46f82abf91e27c01dcf8f1e2370e411b0c3bb01a9ee193");
}

TEST(NoticeHash, ChangesWithEveryStringShown) {
    std::set<record::NoticeHash> hashes{noticeHash(someNotice())};

    for (const auto& part : kNoticeParts) {
        Notice changed = someNotice();
        (changed.*part.text) += ".";
        hashes.insert(noticeHash(changed));
    }

    EXPECT_EQ(hashes.size(), 1 + kNoticeParts.size());
}

TEST(NoticeHash, DoesNotLetTextMoveFromOneStringToTheNext) {
    Notice moved = someNotice();
    moved.title = "titl";
    moved.question = "equestion";

    EXPECT_NE(noticeHash(moved), noticeHash(someNotice()));
}

TEST(Event, NamesTheNoticeThatWasShown) {
    const Event event = support::sampleEvent();
    const Ask* ask = event.find({"newsletter"}, record::Channel::Email);
    ASSERT_NE(ask, nullptr);

    const record::NoticeRef shown = ask->noticeRef("de");

    EXPECT_EQ(shown.id, "newsletter-email");
    EXPECT_EQ(shown.version, 1U);
    EXPECT_EQ(shown.language, "de");
    EXPECT_EQ(shown.hash, noticeHash(ask->notices.at("de")));
    EXPECT_NE(shown.hash, ask->noticeRef("en").hash);
}

TEST(Event, FindsOnlyWhatItAsks) {
    const Event event = support::sampleEvent();

    EXPECT_EQ(event.find({"newsletter"}, record::Channel::Phone), nullptr);
    EXPECT_EQ(event.find({"recruiting"}, record::Channel::Email), nullptr);
    ASSERT_NE(event.findStaff({"kim"}), nullptr);
    EXPECT_EQ(event.findStaff({"kim"})->name, "Kim Example");
    EXPECT_EQ(event.findStaff({"nobody"}), nullptr);
}

TEST(ExampleEvent, AsksForEachDepartmentAndChannelApart) {
    const Event event = support::sampleEvent();

    ASSERT_EQ(event.asks.size(), 4U);
    EXPECT_NE(event.find({"sales-follow-up"}, record::Channel::Email), nullptr);
    EXPECT_NE(event.find({"sales-follow-up"}, record::Channel::Phone), nullptr);
    EXPECT_NE(event.find({"newsletter"}, record::Channel::Email), nullptr);
    EXPECT_NE(event.find({"customer-service"}, record::Channel::Email), nullptr);
    EXPECT_EQ(event.badgeHosts, std::vector<std::string>{std::string(kExampleBadgeHost)});
    EXPECT_EQ(event.languages, (std::vector<std::string>{"en", "de"}));
    EXPECT_EQ(exampleStaff(), (std::vector<record::StaffId>{{"kim"}, {"alex"}}));
}

// A consent screen holds three rows of 4.9 mm capitals and buttons of half its width: longer
// strings would be cut on the smallest screen.
TEST(ExampleEvent, KeepsTheFirstLayerShort) {
    for (const Ask& ask : support::sampleEvent().asks) {
        for (const auto& [language, notice] : ask.notices) {
            EXPECT_LE(notice.yes.size(), 20U) << notice.yes;
            EXPECT_LE(notice.no.size(), 20U) << notice.no;
            EXPECT_LE(notice.title.size(), 25U) << notice.title;
            EXPECT_LE(notice.question.size(), 60U) << notice.question;
            for (const auto& part : kNoticeParts) {
                if (part.key != "fullText") {
                    EXPECT_LE((notice.*part.text).size(), 80U) << notice.*part.text;
                }
            }
        }
    }
}

TEST(Event, AnEditionIsTheFileWithItsNumber) {
    const Event file = support::sampleEvent();

    const auto edition =
        editionOf(support::sampleEventJson(), 3).and_then([](const std::string& json) {
            return parse(json);
        });

    ASSERT_TRUE(edition) << edition.error().context;
    EXPECT_EQ(file.edition, 0U);
    EXPECT_EQ(edition->edition, 3U);
    EXPECT_EQ(edition->asks.size(), file.asks.size());
    EXPECT_FALSE(editionOf("{}", 3));
}

TEST(Event, ALaterEditionFollowsWithTheSameKeysOnly) {
    const Event file = support::sampleEvent();
    Event next = file;
    next.edition = 1;
    EXPECT_TRUE(follows(next, file));
    EXPECT_FALSE(follows(file, file));

    const auto isOthers = [&](void (*change)(Event&)) {
        Event other = next;
        change(other);
        return !follows(other, file);
    };

    EXPECT_TRUE(isOthers([](Event& event) { event.id = {"other-2026"}; }));
    EXPECT_TRUE(isOthers([](Event& event) { event.badgeSalt[0] ^= 1U; }));
    EXPECT_TRUE(isOthers([](Event& event) { event.sealingKey[0] ^= 1U; }));
    EXPECT_TRUE(isOthers([](Event& event) { event.rootKey[0] ^= 1U; }));
    EXPECT_TRUE(isOthers([](Event& event) { event.hubKey[0] ^= 1U; }));
    EXPECT_TRUE(isOthers([](Event& event) { event.authority[0] ^= 1U; }));
}

TEST(EventFiles, SayTheSameButForWhatMakesThemEditions) {
    const std::string file = support::sampleEventJson();
    const std::string edition = editionOf(file, 3).value();
    std::string other = edition;
    other.replace(other.find("Example Works"), 13, "Elpmaxe Works");

    EXPECT_TRUE(saySame(file, edition));
    EXPECT_TRUE(saySame(edition, editionOf(file, 4).value()));
    EXPECT_FALSE(saySame(file, other));
    EXPECT_FALSE(saySame("no JSON", "no JSON"));
}

}  // namespace
}  // namespace tapport::event
