// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/view/screen_driver.h"

#include "tests/qml/stage.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QElapsedTimer>
#include <QtCore/QFileInfo>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QTemporaryDir>
#include <gtest/gtest.h>

namespace tapport::support {
namespace {

class ScreenDriverTest : public ::testing::Test {
  protected:
    ScreenDriverTest() {
        auto driver = view::ScreenDriver::listen(stage_.window(), path_);
        EXPECT_TRUE(driver);
        driver_ = std::move(*driver);
        socket_.connectToServer(path_);
        EXPECT_TRUE(socket_.waitForConnected());
    }

    QJsonObject ask(const QJsonObject& request) {
        socket_.write(QJsonDocument(request).toJson(QJsonDocument::Compact) + '\n');
        QElapsedTimer since;
        since.start();
        while (!socket_.canReadLine() && !since.hasExpired(10'000)) {
            QCoreApplication::processEvents();
        }
        return QJsonDocument::fromJson(socket_.readLine()).object();
    }

    QJsonObject press(const QString& target) {
        return ask({{"do", "press"}, {"target", target}, {"timeoutMs", 50}});
    }

    Stage stage_{kSmallPanel};
    QTemporaryDir dir_;
    QString path_ = dir_.filePath(QStringLiteral("driver.sock"));
    std::unique_ptr<view::ScreenDriver> driver_;
    QLocalSocket socket_;
};

TEST_F(ScreenDriverTest, IsReachedByItsOwnUserOnly) {
    const QFile::Permissions others =
        QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;

    EXPECT_FALSE(QFileInfo(path_).permissions() & others);
}

TEST_F(ScreenDriverTest, PressesWhatAPersonWouldPress) {
    stage_.show(sampleView(visit::Screen::Question, "en"));

    EXPECT_TRUE(press(QStringLiteral("yes"))["ok"].toBool());

    ASSERT_EQ(stage_.posted().size(), 2U);
    EXPECT_TRUE(std::holds_alternative<visit::Typed>(stage_.posted()[0]));
    EXPECT_EQ(std::get<visit::GiveAnswer>(stage_.posted()[1]).answer, visit::Answer::Yes);
}

TEST_F(ScreenDriverTest, RefusesWhatAPersonCouldNotPress) {
    visit::View view = sampleView(visit::Screen::Question, "en");
    view.isWarning = true;
    stage_.show(view);

    EXPECT_EQ(press(QStringLiteral("yes"))["error"].toString(),
              QStringLiteral("yes is covered on Question"));
    EXPECT_EQ(press(QStringLiteral("confirm"))["error"].toString(),
              QStringLiteral("confirm is absent on Question"));
    EXPECT_TRUE(stage_.posted().empty());
}

TEST_F(ScreenDriverTest, TypesOnTheKeyboardThroughItsLayers) {
    stage_.show(sampleView(visit::Screen::StaffForm, "de"));
    press(QStringLiteral("parts"));
    press(QStringLiteral("note"));

    const QJsonObject reply = ask({{"do", "type"}, {"text", "Größe 40, Übergabe am 3.12."}});

    EXPECT_TRUE(reply["ok"].toBool()) << reply["error"].toString().toStdString();
    EXPECT_EQ(stage_.item(QStringLiteral("textField"))->property("text").toString(),
              QStringLiteral("Größe 40, Übergabe am 3.12."));
}

TEST_F(ScreenDriverTest, WaitsForAKeyThatHasNoPlaceYet) {
    stage_.show(sampleView(visit::Screen::StaffForm, "de"));
    press(QStringLiteral("parts"));
    press(QStringLiteral("note"));
    ask({{"do", "type"}, {"text", "Typ 1"}});  // ends on the layer with the digits
    stage_.window().hide();                    // no frame: the next layer's keys get no places

    const QJsonObject reply = ask({{"do", "type"}, {"text", "Ü"}});

    EXPECT_FALSE(reply["ok"].toBool());
    EXPECT_EQ(stage_.item(QStringLiteral("textField"))->property("text").toString(),
              QStringLiteral("Typ 1"));
}

TEST_F(ScreenDriverTest, TellsWhatIsOnTheGlass) {
    stage_.show(sampleView(visit::Screen::Purposes, "de"));

    const QJsonObject state = ask({{"do", "state"}});

    EXPECT_EQ(state["screen"].toString(), QStringLiteral("Purposes"));
    EXPECT_EQ(state["language"].toString(), QStringLiteral("de"));
    EXPECT_TRUE(state["targets"].toArray().contains(QStringLiteral("none")));
    EXPECT_FALSE(state["busy"].toBool());
}

TEST_F(ScreenDriverTest, WaitsForAScreenAndSavesIt) {
    stage_.show(sampleView(visit::Screen::Saved, "en"));
    const QString file = dir_.filePath(QStringLiteral("saved.png"));

    EXPECT_TRUE(ask({{"do", "wait"}, {"screen", "Saved"}})["ok"].toBool());
    EXPECT_TRUE(ask({{"do", "grab"}, {"file", file}})["ok"].toBool());
    EXPECT_FALSE(ask({{"do", "wait"}, {"screen", "Idle"}, {"timeoutMs", 30}})["ok"].toBool());

    EXPECT_EQ(QImage(file).size(), QSize(800, 480));
}

TEST_F(ScreenDriverTest, AnswersNonsenseWithAnError) {
    EXPECT_FALSE(ask({{"do", "dance"}})["ok"].toBool());
}

}  // namespace
}  // namespace tapport::support
