// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/view/kiosk_view_model.h"

#include "tests/qml/sample_view.h"

#include <QtGui/QClipboard>
#include <QtGui/QGuiApplication>
#include <gtest/gtest.h>

namespace tapport::view {
namespace {

class KioskViewModelTest : public ::testing::Test {
  protected:
    static void SetUpTestSuite() {
        qputenv("QT_QPA_PLATFORM", "offscreen");
        static int argc = 1;
        static char name[] = "test";
        static char* argv[] = {name, nullptr};
        static QGuiApplication application(argc, argv);
    }

    template <typename Item>
    static Item& at(QQmlListProperty<Item> list, qsizetype index) {
        return *list.at(&list, index);
    }

    const event::Event event_ = support::sampleEvent();
    std::vector<visit::Event> posted_;
    KioskViewModel kiosk_{event_, [this](visit::Event what) { posted_.push_back(std::move(what)); },
                          [] { return QDate(2026, 11, 22); }};
};

TEST_F(KioskViewModelTest, NamesEveryScreen) {
    QStringList names;
    for (int screen = 0; screen < support::kScreens; ++screen) {
        kiosk_.show(support::sampleView(static_cast<visit::Screen>(screen), "en"));
        names.append(kiosk_.screen());
    }

    EXPECT_EQ(names.removeDuplicates(), 0);
    EXPECT_FALSE(names.contains(QString()));
    EXPECT_EQ(names.constLast(), QStringLiteral("Closed"));
}

TEST_F(KioskViewModelTest, ShowsTheNoticeInTheLanguageOfTheVisit) {
    kiosk_.show(support::sampleView(visit::Screen::Question, "de"));

    EXPECT_EQ(kiosk_.currentAsk()->yesLabel(), QStringLiteral("Ja, per E-Mail"));
    EXPECT_EQ(kiosk_.eventName(), QStringLiteral("Beispielmesse 2026"));
    EXPECT_EQ(at(kiosk_.needs(), 0).label(), QStringLiteral("Neue Maschine"));
    EXPECT_EQ(at(kiosk_.days(), 0).label(), QStringLiteral("Mo. 23. Nov."));
}

TEST_F(KioskViewModelTest, ShowsAnswersAsGivenAndAsRecorded) {
    kiosk_.show(support::sampleView(visit::Screen::Recorded, "en"));

    EXPECT_EQ(at(kiosk_.asks(), 0).answer(), AskViewModel::Answer::Yes);
    EXPECT_EQ(at(kiosk_.asks(), 3).answer(), AskViewModel::Answer::Unset);
    EXPECT_EQ(at(kiosk_.asks(), 3).recorded(), AskViewModel::Answer::Yes);
    EXPECT_TRUE(kiosk_.hasRecordedYes());
}

TEST_F(KioskViewModelTest, MasksTheContactOnTheScreen) {
    kiosk_.show(support::sampleView(visit::Screen::Summary, "en"));

    EXPECT_EQ(kiosk_.contactSummary().toStdString(),
              "Test Attendee, Example Visitors, t•••@example.com");
}

TEST_F(KioskViewModelTest, ShowsConversationsWithNamesInsteadOfIds) {
    kiosk_.show(support::sampleView(visit::Screen::Recorded, "de"));

    const ConversationViewModel& talk = at(kiosk_.conversations(), 0);
    EXPECT_EQ(talk.staffName, QStringLiteral("K. E."));
    EXPECT_EQ(talk.when, QStringLiteral("22. November 2026"));
    EXPECT_EQ(talk.topics, QStringLiteral("Alte Maschine ersetzen, Dieses Jahr"));
    EXPECT_EQ(talk.promiseDue, QStringLiteral("24. November"));
}

TEST_F(KioskViewModelTest, ForgetsEverythingPersonal) {
    kiosk_.show(support::sampleView(visit::Screen::Recorded, "en"));
    QGuiApplication::clipboard()->setText(QStringLiteral("test.attendee@example.com"));
    int forgotten = 0;
    QObject::connect(&kiosk_, &KioskViewModel::forgotten, [&] { ++forgotten; });

    kiosk_.forget();

    QQmlListProperty<ConversationViewModel> talks = kiosk_.conversations();
    EXPECT_EQ(talks.count(&talks), 0);
    EXPECT_EQ(kiosk_.contactSummary(), QString());
    EXPECT_EQ(at(kiosk_.asks(), 0).answer(), AskViewModel::Answer::Unset);
    EXPECT_EQ(QGuiApplication::clipboard()->text(), QString());
    EXPECT_EQ(forgotten, 1);
}

TEST_F(KioskViewModelTest, PostsWhatAPersonDid) {
    kiosk_.answerYes();
    kiosk_.enterContact(QStringLiteral(" test@example.com "));
    kiosk_.withdrawOne(2);

    ASSERT_EQ(posted_.size(), 3U);
    EXPECT_EQ(std::get<visit::GiveAnswer>(posted_[0]).answer, visit::Answer::Yes);
    EXPECT_EQ(std::get<visit::EnterContact>(posted_[1]).text, "test@example.com");
    EXPECT_EQ(std::get<visit::WithdrawOne>(posted_[2]).ask, 2U);
}

TEST_F(KioskViewModelTest, SubmitsAConversationWithItsDueDay) {
    kiosk_.submitConversation(QStringLiteral("repair"), QStringLiteral("now"),
                              QStringLiteral("Größe M"), QStringLiteral("Angebot"),
                              at(kiosk_.days(), 1).choiceId(), QStringLiteral("alex"));

    const auto& draft = std::get<visit::SubmitConversation>(posted_.at(0)).draft;
    EXPECT_EQ(draft.need, "repair");
    EXPECT_EQ(draft.note, "Größe M");
    EXPECT_EQ(draft.due, std::chrono::year(2026) / std::chrono::November / 24);
    EXPECT_EQ(draft.promiseOwner, "alex");
}

TEST_F(KioskViewModelTest, OffersEveryLanguageUnderItsOwnName) {
    QQmlListProperty<ChoiceViewModel> languages = kiosk_.languages();

    ASSERT_EQ(languages.count(&languages), 2);
    EXPECT_EQ(at(languages, 0).label(), QStringLiteral("English"));
    EXPECT_EQ(at(languages, 1).label(), QStringLiteral("Deutsch"));
}

}  // namespace
}  // namespace tapport::view
