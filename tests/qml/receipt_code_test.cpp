// SPDX-License-Identifier: GPL-3.0-or-later
// The receipt's QR code as a phone finds it: read back from the glass with ZBar.
#include "firmware-app/view/qr_matrix.h"
#include "tests/qml/stage.h"

#include <gtest/gtest.h>
#include <zbar.h>

namespace tapport::support {
namespace {

/// Every text that ZBar finds in the picture.
std::vector<std::string> codesIn(const QImage& picture) {
    const QImage grey = picture.convertToFormat(QImage::Format_Grayscale8);
    QByteArray pixels;
    for (int y = 0; y < grey.height(); ++y) {
        pixels.append(reinterpret_cast<const char*>(grey.constScanLine(y)), grey.width());
    }
    zbar::ImageScanner scanner;
    scanner.set_config(zbar::ZBAR_QRCODE, zbar::ZBAR_CFG_ENABLE, 1);
    zbar::Image image(static_cast<unsigned>(grey.width()), static_cast<unsigned>(grey.height()),
                      "Y800", pixels.constData(), static_cast<unsigned long>(pixels.size()));
    scanner.scan(image);
    std::vector<std::string> found;
    for (auto symbol = image.symbol_begin(); symbol != image.symbol_end(); ++symbol) {
        found.push_back(symbol->get_data());
    }
    return found;
}

class ReceiptCode : public ::testing::TestWithParam<std::tuple<Panel, visit::Screen>> {
  protected:
    void show(const std::string& language) {
        stage_.show(sampleView(std::get<visit::Screen>(GetParam()), language));
    }
    [[nodiscard]] const QQuickItem& code() const {
        return *stage_.item(QStringLiteral("receiptCode"));
    }

    Panel panel_ = std::get<Panel>(GetParam());
    Stage stage_{panel_};
};

TEST_P(ReceiptCode, IsReadBackFromTheGlass) {
    for (const std::string language : {"en", "de"}) {
        show(language);

        EXPECT_EQ(codesIn(stage_.window().grabWindow()),
                  std::vector<std::string>{sampleReceiptLink()});
    }
}

TEST_P(ReceiptCode, HasModulesThatAPhoneResolves) {
    show("de");

    EXPECT_GE(code().property("modulePixels").toInt() * panel_.pitch, 0.55) << "millimetres";
}

TEST_P(ReceiptCode, IsBlackOnWhiteInWholePixelsWithItsQuietZone) {
    show("en");
    const QRectF place = code().mapRectToScene(QRectF(0, 0, code().width(), code().height()));
    const QImage drawn = stage_.window().grabWindow().copy(place.toRect());
    const int pixels = code().property("modulePixels").toInt();
    const auto matrix = view::QrMatrix::encode(sampleReceiptLink());

    ASSERT_TRUE(matrix);
    ASSERT_EQ(place, QRectF(place.toRect()));
    ASSERT_EQ(drawn.width(), (matrix->size() + 2 * view::kQuietZone) * pixels);
    for (int y = 0; y < drawn.height(); ++y) {
        for (int x = 0; x < drawn.width(); ++x) {
            const int column = x / pixels - view::kQuietZone;
            const int row = y / pixels - view::kQuietZone;
            const bool isInside =
                column >= 0 && row >= 0 && column < matrix->size() && row < matrix->size();
            const bool isDark = isInside && matrix->isDark(column, row);
            ASSERT_EQ(drawn.pixelColor(x, y), QColor(isDark ? Qt::black : Qt::white))
                << x << ", " << y;
        }
    }
}

TEST_P(ReceiptCode, IsGoneWithTheVisit) {
    show("en");

    stage_.kiosk().forget();

    EXPECT_EQ(stage_.item(QStringLiteral("receiptCode")), nullptr);
}

INSTANTIATE_TEST_SUITE_P(
    All, ReceiptCode,
    ::testing::Combine(::testing::Values(kSmallPanel, kLargePanel),
                       ::testing::Values(visit::Screen::Saved, visit::Screen::NoThanks,
                                         visit::Screen::Receipt, visit::Screen::Withdrawn)));

TEST(QrMatrix, RefusesWhatNoCodeHolds) {
    EXPECT_FALSE(view::QrMatrix::encode(std::string(2'332, 'x')));
    EXPECT_TRUE(view::QrMatrix::encode(std::string(2'331, 'x')));
}

}  // namespace
}  // namespace tapport::support
