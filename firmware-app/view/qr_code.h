// SPDX-License-Identifier: GPL-3.0-or-later
// A link as a QR code on the glass: black on white, every module the same whole number of pixels,
// its quiet zone included, as large as `side` allows. Keeps the link no longer than it is shown.
#pragma once

#include "firmware-app/view/qr_matrix.h"

#include <optional>

#include <QtQuick/QQuickPaintedItem>

namespace tapport::view {

class QrCode : public QQuickPaintedItem {
    Q_OBJECT
    QML_ELEMENT
    /// What it says; empty or too long: nothing is drawn and the item has no size.
    Q_PROPERTY(QString link READ link WRITE setLink NOTIFY codeChanged)
    /// The longest side it may have, in pixels; its implicit size is what it needs of that.
    Q_PROPERTY(int side READ side WRITE setSide NOTIFY codeChanged)
    /// Pixels a module; 0 when it does not fit.
    Q_PROPERTY(int modulePixels READ modulePixels NOTIFY codeChanged)

  public:
    explicit QrCode(QQuickItem* parent = nullptr);

    [[nodiscard]] QString link() const { return link_; }
    void setLink(const QString& link);
    [[nodiscard]] int side() const { return side_; }
    void setSide(int side);
    [[nodiscard]] int modulePixels() const;

    void paint(QPainter* painter) override;

  signals:
    void codeChanged();

  private:
    void fit();

    QString link_;
    int side_ = 0;
    std::optional<QrMatrix> matrix_;
};

}  // namespace tapport::view
