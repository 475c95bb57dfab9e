// SPDX-License-Identifier: GPL-3.0-or-later
// Taking back on one's own page: by POST alone, and nothing for who only follows an address.
#include "tests/sync/hub/web_fixture.h"

namespace tapport::hub {
namespace {

using namespace samples;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

const ledger::Scope kNews{{"newsletter"}, record::Channel::Email};
const ledger::Scope kCall{{"sales-follow-up"}, record::Channel::Phone};

class WebWithdraw : public Web {
  protected:
    void show(const std::string& language, std::vector<ledger::Scope> withdrawable = {kNews},
              bool isFull = false) {
        FakeDesk::Answers answers;
        answers.receipt.emplace();
        ReceiptView& view = *answers.receipt;
        view.unit = visitFor(event_, 1, 1,
                             {{"newsletter", record::Channel::Email, record::ConsentState::Given}});
        record::ConsentEvent& consent = view.unit.unit.consents.front();
        consent.notice = event_.find(consent.purpose, consent.channel)->noticeRef(language);
        view.now = {ledger::Standing::Given};
        view.withdrawable = std::move(withdrawable);
        answers.isFull = isFull;
        address_ = "/r/" + view.unit.unit.receipt->hex();
        desk_.put(std::move(answers));
    }
    std::string withdraw(const std::string& form) const {
        return post(address_ + "/withdraw", form);
    }
    static std::string formOf(const ledger::Scope& scope) {
        return "purpose=" + scope.purpose.value +
               "&channel=" + std::string(record::nameOf(scope.channel));
    }

    std::string address_;
};

TEST_F(WebWithdraw, ThePageHasAButtonForEachYesThatStands) {
    show("en");
    const std::string one = get(address_);
    show("en", {kCall, kNews});
    const std::string two = get(address_);
    show("en", {});
    const std::string none = get(address_);

    EXPECT_THAT(one, HasSubstr("action=\"" + address_ + "/withdraw\""));
    EXPECT_THAT(one, HasSubstr("name=\"purpose\" value=\"newsletter\""));
    EXPECT_THAT(one, Not(HasSubstr("name=\"all\""))) << "the same button twice";
    EXPECT_THAT(two, HasSubstr("name=\"all\" value=\"yes\""));
    EXPECT_THAT(two, Not(HasSubstr("value=\"sales-follow-up\""))) << "another receipt's";
    EXPECT_THAT(none, Not(HasSubstr("<form")));
}

TEST_F(WebWithdraw, WhoFollowsTheAddressSeesThePageAndTakesNothingBack) {
    show("en");

    const std::string page = get(address_ + "/withdraw?" + formOf(kNews) + "&all=yes");
    const std::string head = curl({"--head", url(address_ + "/withdraw")});

    EXPECT_THAT(page, HasSubstr("Your yes counts."));
    EXPECT_THAT(head, StartsWith("HTTP/1.1 200"));
    EXPECT_THAT(desk_.wishes(), IsEmpty());
}

TEST_F(WebWithdraw, OneAnswerIsTakenBackAndThePageSaysSoInItsLanguage) {
    show("de", {kCall, kNews});

    const std::string page = withdraw(formOf(kNews));

    EXPECT_THAT(page, StartsWith("HTTP/1.1 200"));
    EXPECT_THAT(page, HasSubstr("Cache-Control: no-store"));
    EXPECT_THAT(page, HasSubstr("<html lang=\"de\">"));
    EXPECT_THAT(page, HasSubstr("<h1>Widerrufen</h1>"));
    EXPECT_THAT(page, HasSubstr(record::ReceiptId{{5}}.hex())) << "the withdrawal's own receipt";
    ASSERT_EQ(desk_.wishes().size(), 1U);
    EXPECT_EQ(desk_.wishes()[0].scope, kNews);
    EXPECT_EQ(desk_.wishes()[0].method, record::Method::ReceiptLink);
    EXPECT_THAT(get(address_), Not(HasSubstr("value=\"newsletter\"")));
}

TEST_F(WebWithdraw, EverythingIsTakenBackAndAgainNothingIsLeft) {
    show("en", {kCall, kNews});

    const std::string first = withdraw("all=yes");
    const std::string again = withdraw("all=yes");

    EXPECT_THAT(first, HasSubstr("<h1>Withdrawn</h1>"));
    EXPECT_THAT(again, StartsWith("HTTP/1.1 200"));
    EXPECT_THAT(again, HasSubstr("<h1>Nothing left to withdraw</h1>"));
    EXPECT_FALSE(desk_.wishes()[0].scope);
}

TEST_F(WebWithdraw, AMailProgramsOneClickTakesBackWhatItsAddressNames) {
    show("en", {kCall, kNews});
    const std::string address = url(address_ + "/withdraw?" + formOf(kNews));

    const std::string asForm = curl({"--data", "List-Unsubscribe=One-Click", address});
    const std::string inParts = curl({"--form", "List-Unsubscribe=One-Click", address});
    const std::string everything =
        curl({"--data", "List-Unsubscribe=One-Click", url(address_ + "/withdraw")});

    for (const std::string& answer : {asForm, inParts, everything}) {
        EXPECT_THAT(answer, StartsWith("HTTP/1.1 200")) << "and no redirection";
    }
    ASSERT_EQ(desk_.wishes().size(), 3U);
    EXPECT_EQ(desk_.wishes()[0].scope, kNews);
    EXPECT_EQ(desk_.wishes()[0].method, record::Method::OneClick);
    EXPECT_EQ(desk_.wishes()[1].scope, kNews);
    EXPECT_FALSE(desk_.wishes()[2].scope);
}

TEST_F(WebWithdraw, WhatNoFormOfThePageSendsShowsThePage) {
    show("en");

    for (const char* const form : {"", "purpose=newsletter", "purpose=../x&channel=email",
                                   "purpose=newsletter&channel=pigeon", "all=no"}) {
        EXPECT_THAT(withdraw(form), HasSubstr("Your yes counts.")) << form;
    }
    EXPECT_THAT(desk_.wishes(), IsEmpty());
}

TEST_F(WebWithdraw, AnUnknownReceiptAnswersAsToWhoOnlyLooks) {
    show("en");
    const std::string body = "Your QR code is already the proof";

    for (const std::string& name : {record::ReceiptId{{9}}.hex(), std::string("12")}) {
        const auto start = std::chrono::steady_clock::now();
        const std::string page = post("/r/" + name + "/withdraw", "all=yes");

        EXPECT_THAT(page, StartsWith("HTTP/1.1 404")) << name;
        EXPECT_THAT(page, HasSubstr(body)) << name;
        EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(100));
    }
    EXPECT_THAT(desk_.wishes(), IsEmpty());
}

TEST_F(WebWithdraw, WhatCannotBeCommittedIsNotSaidToBe) {
    show("en", {kNews}, true);

    const std::string page = withdraw("all=yes");

    EXPECT_THAT(page, StartsWith("HTTP/1.1 503"));
    EXPECT_THAT(page, HasSubstr("Retry-After:"));
    EXPECT_THAT(page, HasSubstr("Not withdrawn"));
    EXPECT_THAT(page, HasSubstr("Nicht widerrufen"));
    EXPECT_THAT(page, HasSubstr(event_.controller.contact));
}

TEST_F(WebWithdraw, OneReceiptMayPostTenTimesAMinuteAndGuessesUseNoneOfThem) {
    show("en");
    for (std::uint8_t guess = 20; guess < 40; ++guess) {
        (void)post("/r/" + record::ReceiptId{{guess}}.hex() + "/withdraw", "all=yes");
    }
    for (std::size_t i = 0; i < Brake::kMost; ++i) {
        EXPECT_THAT(withdraw("all=yes"), StartsWith("HTTP/1.1 200"));
    }
    const std::string tooOften = withdraw("all=yes");
    EXPECT_THAT(tooOften, StartsWith("HTTP/1.1 429"));
    EXPECT_THAT(tooOften, HasSubstr("Please wait"));
    EXPECT_THAT(get(address_), StartsWith("HTTP/1.1 200"));
}

TEST_F(WebWithdraw, AHugeBodyIsRefused) {
    show("en");

    EXPECT_THAT(withdraw("all=yes&x=" + std::string(10'000, 'x')), StartsWith("HTTP/1.1 413"));
    EXPECT_THAT(desk_.wishes(), IsEmpty());
}

TEST(Brake, LetsGoOnAfterAMinute) {
    Brake brake;
    const Brake::Time start{};
    for (std::size_t i = 0; i < Brake::kMost; ++i) {
        brake.note(record::ReceiptId{{1}}, start);
    }

    EXPECT_TRUE(brake.isTooOften(record::ReceiptId{{1}}, start));
    EXPECT_FALSE(brake.isTooOften(record::ReceiptId{{2}}, start));
    EXPECT_FALSE(brake.isTooOften(record::ReceiptId{{1}}, start + Brake::kWindow));
}

TEST(Multipart, GivesFieldsAndNothingOfWhatDoesNotEnd) {
    const std::string type = "multipart/form-data; boundary=\"ab\"";
    const std::string part = "--ab\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\ny=1&z";

    const auto fields = parseMultipart(type, part + "\r\n--ab--\r\n");

    ASSERT_TRUE(fields);
    EXPECT_THAT(*fields, ElementsAre(testing::Pair("x", "y=1&z")));
    EXPECT_FALSE(parseMultipart(type, part));
    EXPECT_FALSE(parseMultipart(type, "--ab"));
    EXPECT_FALSE(parseMultipart("multipart/form-data", part + "\r\n--ab--\r\n"));
    for (std::size_t length = 0; length < part.size(); ++length) {
        EXPECT_FALSE(parseMultipart(type, part.substr(0, length) + "\r\n--ab")) << length;
    }
}

}  // namespace
}  // namespace tapport::hub
