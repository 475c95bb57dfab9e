// SPDX-License-Identifier: GPL-3.0-or-later
// Yes and no are equals, measured on the glass in every language and on both panels: area, weight,
// contrast, layer, and how many presses each takes. And the measure itself finds what is not equal.
// (GDPR Art. 7(3); EDPB 03/2022; 11 CCR 7004(a)(2).)
#include "tests/qml/glass.h"
#include "tests/qml/stage.h"

#include <cmath>
#include <map>

#include <QtCore/QCoreApplication>
#include <gtest/gtest.h>

namespace tapport::support {
namespace {

/// What the eye and the finger get of a button.
struct Weight {
    double area;
    double textSize;
    int textWeight;
    double textContrast;
    double outlineContrast;
    double outlineWidth;
    double opacity;  ///< its own and that of everything it lies in
    double layer;    ///< the same way
    bool isVisible;
    bool isEnabled;
    bool hasFocus;
};

Weight weigh(const QQuickItem& button, const QColor& paper) {
    const auto colour = [&](const char* name) { return button.property(name).value<QColor>(); };
    const auto* const background = button.property("background").value<QQuickItem*>();
    const QRectF scene = button.mapRectToScene(QRectF(0, 0, button.width(), button.height()));
    Weight weight{};
    weight.area = scene.width() * scene.height();
    weight.textSize = button.property("textSize").toDouble();
    weight.textWeight = button.property("textWeight").toInt();
    weight.textContrast = contrast(colour("ink"), colour("fill"));
    weight.outlineContrast = contrast(colour("outline"), paper);
    weight.outlineWidth =
        background->property("border").value<QObject*>()->property("width").toDouble();
    weight.opacity = 1;
    for (const QQuickItem* item = &button; item != nullptr; item = item->parentItem()) {
        weight.opacity *= item->opacity();
        weight.layer += item->z();
    }
    weight.isVisible = button.isVisible();
    weight.isEnabled = button.isEnabled();
    weight.hasFocus = button.hasActiveFocus();
    return weight;
}

/// What tells the two apart; nothing for equals.
std::vector<std::string> asymmetries(const Weight& a, const Weight& b) {
    std::vector<std::string> found;
    const auto compare = [&](const char* what, double first, double second) {
        if (std::abs(first - second) > 0.001) {
            found.emplace_back(what);
        }
    };
    compare("area", a.area, b.area);
    compare("text size", a.textSize, b.textSize);
    compare("text weight", a.textWeight, b.textWeight);
    compare("text contrast", a.textContrast, b.textContrast);
    compare("outline contrast", a.outlineContrast, b.outlineContrast);
    compare("outline width", a.outlineWidth, b.outlineWidth);
    compare("opacity", a.opacity, b.opacity);
    compare("layer", a.layer, b.layer);
    compare("visibility", a.isVisible, b.isVisible);
    compare("enabled", a.isEnabled, b.isEnabled);
    compare("focus", a.hasFocus, b.hasFocus);
    return found;
}

struct Case {
    Panel panel;
    std::string language;
};

/// The real screens on the real session, and a vault that answers at once.
class Kiosk {
  public:
    explicit Kiosk(const Case& tested)
        : stage(tested.panel),
          session_(
              event_, {}, "test", [this] { return nextId<record::RecordId>(); },
              [this] { return nextId<record::ReceiptId>(); }) {
        now_.wall = record::WallTime(std::chrono::seconds(1'795'356'000));
        step(visit::ChooseLanguage{tested.language});
    }

    /// A badge whose card brings every contact field, so that no press goes into typing.
    void tap() {
        visit::BadgeSeen badge;
        badge.card = {"Test Attendee", "Example Visitors", "test.attendee@example.com",
                      "+49 30 901820", "Teststraße 1, 10115 Berlin"};
        step(visit::TapBadge{badge});
        show();
    }

    /// Presses what is on the glass; each counts.
    void press(const std::string& name) {
        ++presses;
        QQuickItem* const target = stage.item(QString::fromStdString(name));
        ASSERT_TRUE(target && target->isEnabled()) << name << " on " << screen();
        stage.click(QString::fromStdString(name));
        const std::vector<visit::Event> posted = stage.posted();
        for (const visit::Event& what : posted) {
            step(what);
        }
        show();
    }

    [[nodiscard]] std::string screen() { return stage.kiosk().screen().toStdString(); }

    Stage stage;
    int presses = 0;

  private:
    template <typename Id>
    Id nextId() {
        Id id;
        id.bytes.back() = ++ids_;
        return id;
    }

    void step(const visit::Event& what) {
        now_.monotonic += std::chrono::seconds(1);
        const std::vector<visit::Effect> effects = session_.step(what, now_);
        for (const visit::Effect& effect : effects) {
            if (std::holds_alternative<visit::LookUpVault>(effect)) {
                step(visit::VaultAnswered{entry_});
            } else if (const auto* commit = std::get_if<visit::Commit>(&effect)) {
                entry_ = commit->entry;
                step(visit::Committed{});
            }
        }
    }

    void show() { stage.show(session_.view()); }

    event::Event event_ = sampleEvent();
    record::ClockReading now_;
    std::uint8_t ids_ = 0;
    std::optional<vault::Entry> entry_;
    visit::VisitSession session_;
};

class Symmetry : public ::testing::TestWithParam<Case> {
  protected:
    [[nodiscard]] static std::vector<std::string> between(const Stage& stage, const char* a,
                                                          const char* b) {
        const QQuickItem* const first = stage.item(QString::fromLatin1(a));
        const QQuickItem* const second = stage.item(QString::fromLatin1(b));
        if (!first || !second) {
            return {"visibility"};
        }
        const QColor paper = stage.window().color();
        return asymmetries(weigh(*first, paper), weigh(*second, paper));
    }
};

const std::vector<std::string> kNone;

TEST_P(Symmetry, OfYesAndNoIsComplete) {
    Stage stage(GetParam().panel);
    const std::size_t asks = sampleEvent().asks.size();
    for (std::size_t ask = 0; ask < asks; ++ask) {
        visit::View view = sampleView(visit::Screen::Question, GetParam().language);
        view.ask = ask;
        stage.show(view);

        EXPECT_EQ(between(stage, "yes", "no"), kNone) << "ask " << ask;
    }
}

TEST_P(Symmetry, OfNoneChooseAndAllIsComplete) {
    Stage stage(GetParam().panel);
    stage.show(sampleView(visit::Screen::Purposes, GetParam().language));

    EXPECT_EQ(between(stage, "none", "choose"), kNone);
    EXPECT_EQ(between(stage, "none", "all"), kNone);
}

TEST_P(Symmetry, OfSavingAndLeavingIsComplete) {
    Stage stage(GetParam().panel);
    stage.show(sampleView(visit::Screen::Summary, GetParam().language));

    EXPECT_EQ(between(stage, "cancel", "confirm"), kNone);
}

TEST_P(Symmetry, OfPressesNeverFavoursTheYes) {
    Kiosk refusing(GetParam());
    refusing.tap();
    refusing.press("none");
    ASSERT_EQ(refusing.screen(), "NoThanks");

    Kiosk accepting(GetParam());
    accepting.tap();
    accepting.press("all");
    accepting.press("confirm");
    ASSERT_EQ(accepting.screen(), "Saved");
    const int accepted = accepting.presses;

    accepting.presses = 0;
    accepting.tap();
    ASSERT_EQ(accepting.screen(), "Recorded");
    accepting.press("withdrawAll");
    ASSERT_EQ(accepting.screen(), "Withdrawn");

    EXPECT_LE(refusing.presses, accepted);
    EXPECT_LE(accepting.presses, accepted) << "withdrawing";
}

TEST_P(Symmetry, OfPressesHoldsForEachQuestion) {
    std::map<std::string, int> presses;
    for (const std::string answer : {"yes", "no"}) {
        Kiosk kiosk(GetParam());
        kiosk.tap();
        kiosk.press("choose");
        while (kiosk.screen() == "Question" && !HasFatalFailure()) {
            kiosk.press(answer);
        }
        kiosk.press("confirm");
        presses[answer] = kiosk.presses;
        if (answer == "yes") {
            kiosk.tap();
            kiosk.presses = 0;
            kiosk.press("withdraw-0");
            EXPECT_EQ(kiosk.screen(), "Withdrawn");
            EXPECT_EQ(kiosk.presses, 1);
        }
    }

    EXPECT_EQ(presses["yes"], presses["no"]);
}

TEST_P(Symmetry, IsFoundBrokenOnASkewedPage) {
    struct Skew {
        const char* property;
        QVariant value;
        const char* found;
    };
    const std::vector<Skew> skews{{"width", 300, "area"},
                                  {"height", 140, "area"},
                                  {"scale", 1.1, "area"},
                                  {"textSize", 40, "text size"},
                                  {"textWeight", 400, "text weight"},
                                  {"ink", QColor(0x90, 0x90, 0x90), "text contrast"},
                                  {"fill", QColor(0x0b, 0x4a, 0x5f), "text contrast"},
                                  {"outline", QColor(0xd5, 0xd3, 0xcc), "outline contrast"},
                                  {"opacity", 0.8, "opacity"},
                                  {"z", 1, "layer"},
                                  {"visible", false, "visibility"},
                                  {"enabled", false, "enabled"},
                                  {"focus", true, "focus"}};
    for (const Skew& skew : skews) {
        Stage stage(GetParam().panel);
        stage.show(sampleView(visit::Screen::Question, GetParam().language));
        ASSERT_EQ(between(stage, "yes", "no"), kNone);

        ASSERT_TRUE(stage.item(QStringLiteral("no"))->setProperty(skew.property, skew.value));
        if (std::string_view(skew.property) == "focus") {
            stage.item(QStringLiteral("no"))->forceActiveFocus();
        }
        const auto found = between(stage, "yes", "no");

        EXPECT_NE(std::find(found.begin(), found.end(), skew.found), found.end()) << skew.property;
    }
}

INSTANTIATE_TEST_SUITE_P(All, Symmetry,
                         ::testing::Values(Case{kSmallPanel, "en"}, Case{kSmallPanel, "de"},
                                           Case{kLargePanel, "en"}, Case{kLargePanel, "de"}),
                         [](const auto& tested) {
                             return tested.param.language +
                                    std::to_string(tested.param.panel.size.width());
                         });

}  // namespace
}  // namespace tapport::support
