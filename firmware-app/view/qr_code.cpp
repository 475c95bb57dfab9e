// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/view/qr_code.h"

#include <QtGui/QPainter>

namespace tapport::view {

QrCode::QrCode(QQuickItem* parent) : QQuickPaintedItem(parent) {
    setOpaquePainting(true);
    setAntialiasing(false);
}

void QrCode::setLink(const QString& link) {
    if (link == link_) {
        return;
    }
    link_ = link;
    matrix_.reset();
    if (!link.isEmpty()) {
        if (auto made = QrMatrix::encode(link.toStdString())) {
            matrix_ = std::move(*made);
        }
    }
    fit();
}

void QrCode::setSide(int side) {
    if (side != side_) {
        side_ = side;
        fit();
    }
}

int QrCode::modulePixels() const {
    return matrix_ ? side_ / (matrix_->size() + 2 * kQuietZone) : 0;
}

void QrCode::fit() {
    const int pixels = matrix_ ? modulePixels() * (matrix_->size() + 2 * kQuietZone) : 0;
    setImplicitSize(pixels, pixels);
    update();
    emit codeChanged();
}

void QrCode::paint(QPainter* painter) {
    const int pixels = modulePixels();
    painter->fillRect(boundingRect(), Qt::white);
    if (pixels == 0) {
        return;
    }
    for (int y = 0; y < matrix_->size(); ++y) {
        for (int x = 0; x < matrix_->size(); ++x) {
            if (matrix_->isDark(x, y)) {
                painter->fillRect((x + kQuietZone) * pixels, (y + kQuietZone) * pixels, pixels,
                                  pixels, Qt::black);
            }
        }
    }
}

}  // namespace tapport::view
