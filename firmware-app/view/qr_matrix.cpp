// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/view/qr_matrix.h"

#include <qrcodegen/qrcodegen.hpp>

namespace tapport::view {
namespace {

using qrcodegen::QrCode;
using qrcodegen::QrSegment;

}  // namespace

Result<QrMatrix> QrMatrix::encode(const std::string& text) {
    try {
        // Level M exactly: a higher one that happens to fit would be drawn with smaller modules
        // where the page decides the size.
        const QrCode code =
            QrCode::encodeSegments(QrSegment::makeSegments(text.c_str()), QrCode::Ecc::MEDIUM,
                                   QrCode::MIN_VERSION, QrCode::MAX_VERSION, -1, false);
        QrMatrix matrix(code.getSize());
        for (int y = 0; y < matrix.size_; ++y) {
            for (int x = 0; x < matrix.size_; ++x) {
                matrix.dark_[static_cast<std::size_t>(y * matrix.size_ + x)] = code.getModule(x, y);
            }
        }
        return matrix;
    } catch (const std::exception&) {
        return fail(Code::InvalidInput, "a text too long for a QR code");
    }
}

}  // namespace tapport::view
