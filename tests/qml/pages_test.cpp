// SPDX-License-Identifier: GPL-3.0-or-later
// Every page, in every language, on both panels: nothing clipped, every target large enough and
// named, text readable, and no answer favoured.
#include "tests/qml/glass.h"
#include "tests/qml/stage.h"

#include <cmath>
#include <map>

#include <QtCore/QCoreApplication>
#include <QtCore/QFile>
#include <QtGui/QAccessible>
#include <QtGui/QKeyEvent>
#include <gtest/gtest.h>

namespace tapport::support {
namespace {

struct Case {
    Panel panel;
    std::string language;
};

void PrintTo(const Case& tested, std::ostream* out) {
    *out << tested.language << " on " << tested.panel.size.width() << " px";
}

/// The colour that most of the picture has: letters cover the smaller part of it.
QColor groundOf(const QImage& picture) {
    std::map<QRgb, int> count;
    for (int y = 0; y < picture.height(); ++y) {
        for (int x = 0; x < picture.width(); ++x) {
            ++count[picture.pixel(x, y)];
        }
    }
    return QColor(std::max_element(count.begin(), count.end(), [](const auto& a, const auto& b) {
                      return a.second < b.second;
                  })->first);
}

class Pages : public ::testing::TestWithParam<Case> {
  protected:
    void forEveryPage(const std::function<void()>& check) {
        for (int screen = 0; screen < kScreens; ++screen) {
            stage_.show(sampleView(static_cast<visit::Screen>(screen), GetParam().language));
            SCOPED_TRACE(stage_.kiosk().screen().toStdString());
            check();
        }
        checkAfter("erasure", visit::Screen::Recorded, {"openErase"}, check);
        checkAfter("full notice", visit::Screen::Question, {"fullNotice"}, check);
        checkAfter("staff form, second part", visit::Screen::StaffForm, {"parts"}, check);
        checkAfter("note", visit::Screen::StaffForm, {"parts", "note"}, check);
        checkAfter("sensitive note", visit::Screen::StaffForm, {"parts", "note"}, [&] {
            stage_.item(QStringLiteral("textField"))
                ->setProperty("text", "Krank, Streik, AfD, Kirche, idiot: " + QString(245, 'x'));
            static_cast<void>(stage_.window().grabWindow());
            ASSERT_NE(stage_.item(QStringLiteral("sensitive")), nullptr);
            check();
        });
        checkAfter("days", visit::Screen::StaffForm, {"parts", "promise"}, [&] {
            stage_.item(QStringLiteral("textField"))->setProperty("text", "Send the data sheet");
            stage_.click(QStringLiteral("textDone"));
            check();
            stage_.click(QStringLiteral("due-pick"));
            check();
        });
        for (const auto field : {visit::ContactField::Phone, visit::ContactField::Address}) {
            visit::View contact = sampleView(visit::Screen::Contact, GetParam().language);
            contact.contactField = field;
            contact.isContactInvalid = true;
            stage_.show(contact);
            SCOPED_TRACE("contact " + std::to_string(static_cast<int>(field)));
            check();
        }
        visit::View invalid = sampleView(visit::Screen::Contact, GetParam().language);
        invalid.isContactInvalid = true;
        stage_.show(invalid);
        SCOPED_TRACE("invalid address");
        check();
        visit::View pin = sampleView(visit::Screen::StaffPin, GetParam().language);
        pin.isPinWrong = true;
        pin.pinBlockedFor = std::chrono::seconds(30);
        stage_.show(pin);
        SCOPED_TRACE("blocked PIN");
        check();
        visit::View code = sampleView(visit::Screen::Code, GetParam().language);
        code.codeBlockedFor = std::chrono::minutes(10);
        stage_.show(code);
        SCOPED_TRACE("blocked codes");
        check();
        code.codeBlockedFor = {};
        code.isCodeInvalid = true;
        stage_.show(code);
        SCOPED_TRACE("no code");
        check();
        for (int trouble = 0; trouble <= static_cast<int>(visit::BadgeTrouble::LookUpFailed);
             ++trouble) {
            visit::View badge = sampleView(visit::Screen::BadgeProblem, GetParam().language);
            badge.trouble = static_cast<visit::BadgeTrouble>(trouble);
            stage_.show(badge);
            SCOPED_TRACE("badge trouble " + std::to_string(trouble));
            check();
        }
        visit::View gone = sampleView(visit::Screen::Recorded, GetParam().language);
        gone.isErased = gone.isGuessable = true;
        gone.assistedBy = record::StaffId{"alex"};
        gone.recorded.assign(gone.recorded.size(), visit::Answer::Unset);
        stage_.show(gone);
        SCOPED_TRACE("erased, guessable, assisted");
        check();
        visit::View warning = sampleView(visit::Screen::Question, GetParam().language);
        warning.isWarning = true;
        stage_.show(warning);
        SCOPED_TRACE("warning");
        check();
    }

    Stage stage_{GetParam().panel};

  private:
    void checkAfter(const std::string& what, visit::Screen screen,
                    const std::vector<const char*>& presses, const std::function<void()>& check) {
        SCOPED_TRACE(what);
        stage_.show(sampleView(screen, GetParam().language));
        for (const char* press : presses) {
            stage_.click(QString::fromLatin1(press));
        }
        check();
    }
};

TEST_P(Pages, ClipAndElideNoText) {
    forEveryPage([this] {
        for (const QQuickItem* item : stage_.items()) {
            if (!isText(*item) || item->property("elide").toInt() != Qt::ElideNone) {
                continue;
            }
            const std::string text = item->property("text").toString().toStdString();
            EXPECT_FALSE(item->property("truncated").toBool()) << text;
            EXPECT_LE(item->property("contentWidth").toReal(), item->width() + 1) << text;
            EXPECT_LE(item->property("contentHeight").toReal(), item->height() + 1) << text;
            const QRectF rect = sceneRect(*item);
            const QRectF glass(QPointF(), stage_.window().size());
            EXPECT_TRUE(rect.left() >= -1 && rect.right() <= glass.right() + 1) << text;
            EXPECT_TRUE(isInClip(*item) || glass.adjusted(-1, -1, 1, 1).contains(rect)) << text;
        }
    });
}

TEST_P(Pages, LayNothingOnAnythingElse) {
    forEveryPage([this] {
        EXPECT_EQ(overlaps(stage_.items(), stage_.window()), std::vector<std::string>{});
    });
}

TEST_P(Pages, LookTheSameAfterAChangeOfLanguage) {
    const std::string& language = GetParam().language;
    for (const auto screen : {visit::Screen::Purposes, visit::Screen::Question,
                              visit::Screen::Summary, visit::Screen::Recorded}) {
        stage_.show(sampleView(screen, language));
        const QImage fresh = stage_.window().grabWindow();

        stage_.show(sampleView(screen, language == "en" ? "de" : "en"));
        stage_.kiosk().show(sampleView(screen, language));
        QCoreApplication::processEvents();

        EXPECT_EQ(stage_.window().grabWindow(), fresh) << stage_.kiosk().screen().toStdString();
    }
}

TEST_P(Pages, GiveEveryTargetASizeANameAndARole) {
    forEveryPage([this] {
        for (QQuickItem* item : stage_.items()) {
            if (!isButton(*item)) {
                continue;
            }
            const std::string name = item->objectName().toStdString();
            EXPECT_FALSE(name.empty()) << item->property("text").toString().toStdString();
            EXPECT_GE(std::lround(item->width()), GetParam().panel.target) << name;
            EXPECT_GE(std::lround(item->height()), GetParam().panel.target) << name;
            const QRectF glass(QPointF(), stage_.window().size());
            EXPECT_TRUE(isInClip(*item) || glass.contains(sceneRect(*item))) << name;
            QAccessibleInterface* spoken = QAccessible::queryAccessibleInterface(item);
            ASSERT_NE(spoken, nullptr) << name;
            EXPECT_FALSE(spoken->text(QAccessible::Name).isEmpty()) << name;
            EXPECT_EQ(spoken->role(), QAccessible::Button) << name;
        }
    });
}

TEST_P(Pages, KeepTextReadable) {
    forEveryPage([this] {
        const QImage glass = stage_.window().grabWindow();
        const std::vector<QQuickItem*> items = stage_.items();
        for (const QQuickItem* item : items) {
            const QRectF seen = visibleRect(*item, stage_.window());
            if (!isText(*item) || !item->isEnabled() || seen.height() < item->height() / 2 ||
                isCovered(*item, items)) {
                continue;
            }
            const auto ink = item->property("color").value<QColor>();
            const QColor ground = groundOf(glass.copy(seen.toRect()));
            EXPECT_GE(contrast(ink, ground), 7.0)
                << item->property("text").toString().toStdString() << ": "
                << ink.name().toStdString() << " on " << ground.name().toStdString();
        }
    });
}

TEST_P(Pages, FavourNoAnswer) {
    const auto expectEqual = [this](const QString& first, const QString& second) {
        const QQuickItem* a = stage_.item(first);
        const QQuickItem* b = stage_.item(second);
        ASSERT_TRUE(a && b);
        const QImage glass = stage_.window().grabWindow();
        const auto ground = [&](const QQuickItem& item) {
            return glass.pixelColor(sceneRect(item).center().toPoint() -
                                    QPoint(0, static_cast<int>(item.height() / 3)));
        };
        EXPECT_EQ(sceneRect(*a).size(), sceneRect(*b).size());
        EXPECT_GE(std::lround(a->height()), GetParam().panel.mainTarget);
        EXPECT_EQ(a->parentItem(), b->parentItem()) << "one layer";
        EXPECT_EQ(a->z(), b->z());
        EXPECT_EQ(a->opacity(), b->opacity());
        EXPECT_EQ(ground(*a), ground(*b));
        for (const char* property : {"ink", "fill", "outline", "textSize", "textWeight"}) {
            EXPECT_EQ(a->property(property), b->property(property)) << property;
        }
    };

    stage_.show(sampleView(visit::Screen::Question, GetParam().language));
    expectEqual(QStringLiteral("yes"), QStringLiteral("no"));
    stage_.show(sampleView(visit::Screen::Purposes, GetParam().language));
    expectEqual(QStringLiteral("none"), QStringLiteral("choose"));
    expectEqual(QStringLiteral("none"), QStringLiteral("all"));
}

TEST_P(Pages, AnswerNothingByAKeyThatNobodyAimed) {
    for (const auto screen : {visit::Screen::Question, visit::Screen::Purposes,
                              visit::Screen::Summary, visit::Screen::Recorded}) {
        stage_.show(sampleView(screen, GetParam().language));

        for (const int key : {Qt::Key_Return, Qt::Key_Enter, Qt::Key_Space}) {
            QKeyEvent down(QEvent::KeyPress, key, Qt::NoModifier);
            QKeyEvent up(QEvent::KeyRelease, key, Qt::NoModifier);
            QCoreApplication::sendEvent(&stage_.window(), &down);
            QCoreApplication::sendEvent(&stage_.window(), &up);
        }

        for (const visit::Event& what : stage_.posted()) {
            EXPECT_TRUE(std::holds_alternative<visit::Typed>(what)) << what.index();
        }
    }
}

TEST_P(Pages, CauseNoWarning) {
    forEveryPage([] {});

    EXPECT_EQ(warnings(), std::vector<std::string>{});
}

INSTANTIATE_TEST_SUITE_P(All, Pages,
                         ::testing::Values(Case{kSmallPanel, "en"}, Case{kSmallPanel, "de"},
                                           Case{kLargePanel, "en"}, Case{kLargePanel, "de"}),
                         [](const auto& tested) {
                             return tested.param.language +
                                    std::to_string(tested.param.panel.size.width());
                         });

TEST(Overlaps, AreFoundOnPagesThatHaveThem) {
    const auto found = [](visit::Screen screen, const char* grown) {
        Stage stage(kSmallPanel);
        stage.show(sampleView(screen, "de"));
        EXPECT_EQ(overlaps(stage.items(), stage.window()), std::vector<std::string>{});
        stage.item(QString::fromLatin1(grown))->setScale(1.7);
        return overlaps(stage.items(), stage.window());
    };

    EXPECT_NE(found(visit::Screen::Question, "yes"), std::vector<std::string>{}) << "text";
    EXPECT_NE(found(visit::Screen::Recorded, "changeMine"), std::vector<std::string>{})
        << "buttons";
    EXPECT_NE(found(visit::Screen::Saved, "receiptCode"), std::vector<std::string>{}) << "code";
}

TEST(Language, ChangesWhileAPageIsOpenAndKeepsWhatWasTyped) {
    Stage stage(kSmallPanel);
    visit::View view = sampleView(visit::Screen::Contact, "en");
    stage.show(view);
    stage.item(QStringLiteral("contactField"))->setProperty("text", QStringLiteral("test@"));

    view.language = "de";
    stage.kiosk().show(view);

    EXPECT_EQ(stage.item(QStringLiteral("next"))->property("text").toString(),
              QStringLiteral("Weiter"));
    EXPECT_EQ(stage.item(QStringLiteral("contactField"))->property("text").toString(),
              QStringLiteral("test@"));
}

TEST(ContactPage, BeginsTheNextFieldWithWhatIsKnownOfIt) {
    Stage stage(kSmallPanel);
    visit::View view = sampleView(visit::Screen::Contact, "en");
    view.contactField = visit::ContactField::Email;
    stage.show(view);
    stage.item(QStringLiteral("contactField"))->setProperty("text", QStringLiteral("a@b.example"));

    view.contactField = visit::ContactField::Phone;
    view.contact = {};
    stage.kiosk().show(view);

    EXPECT_EQ(stage.item(QStringLiteral("contactField"))->property("text").toString(), QString());
}

TEST(Translations, AreComplete) {
    QFile german(QString::fromUtf8(TAPPORT_TRANSLATIONS "/tapport_de.ts"));
    ASSERT_TRUE(german.open(QIODevice::ReadOnly));
    const QByteArray texts = german.readAll();

    EXPECT_GT(texts.count("<translation>"), 100);
    EXPECT_EQ(texts.count("unfinished"), 0);
}

TEST(Forgetting, EmptiesTheFieldThatIsOpen) {
    Stage stage(kSmallPanel);
    stage.show(sampleView(visit::Screen::Contact, "en"));
    stage.item(QStringLiteral("contactField"))->setProperty("text", QStringLiteral("test@"));

    stage.kiosk().forget();

    EXPECT_EQ(stage.item(QStringLiteral("contactField"))->property("text").toString(), QString());
}

}  // namespace
}  // namespace tapport::support
