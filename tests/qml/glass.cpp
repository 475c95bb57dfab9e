// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/qml/glass.h"

#include <algorithm>
#include <cmath>

namespace tapport::support {
namespace {

double luminance(const QColor& color) {
    const auto linear = [](double channel) {
        return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) +
           0.0722 * linear(color.blueF());
}

bool isInButton(const QQuickItem& item) {
    const QQuickItem* const above = item.parentItem();
    return above && (isButton(*above) || isInButton(*above));
}

/// Where the letters are: a text may have a larger place than it fills.
QRectF lettersRect(const QQuickItem& text) {
    const QSizeF size(text.property("contentWidth").toReal(),
                      text.property("contentHeight").toReal());
    const auto across = static_cast<Qt::Alignment>(text.property("horizontalAlignment").toInt());
    const auto down = static_cast<Qt::Alignment>(text.property("verticalAlignment").toInt());
    const double left = across & Qt::AlignHCenter ? (text.width() - size.width()) / 2
                        : across & Qt::AlignRight ? text.width() - size.width()
                                                  : text.property("leftPadding").toReal();
    const double top = down & Qt::AlignVCenter  ? (text.height() - size.height()) / 2
                       : down & Qt::AlignBottom ? text.height() - size.height()
                                                : text.property("topPadding").toReal();
    return text.mapRectToScene(QRectF({left, top}, size));
}

struct Thing {
    QRectF rect;
    std::string name;
};

}  // namespace

double contrast(const QColor& a, const QColor& b) {
    const double first = luminance(a);
    const double second = luminance(b);
    return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

bool isButton(const QQuickItem& item) {
    return item.inherits("QQuickAbstractButton");
}

bool isText(const QQuickItem& item) {
    return item.inherits("QQuickText") && !item.property("text").toString().trimmed().isEmpty();
}

QRectF sceneRect(const QQuickItem& item) {
    return item.mapRectToScene(QRectF(0, 0, item.width(), item.height()));
}

QRectF visibleRect(const QQuickItem& item, const QQuickWindow& window) {
    QRectF rect = sceneRect(item) & QRectF(QPointF(), window.size());
    for (const QQuickItem* above = item.parentItem(); above; above = above->parentItem()) {
        if (above->clip()) {
            rect &= sceneRect(*above);
        }
    }
    return rect;
}

bool isInClip(const QQuickItem& item) {
    for (const QQuickItem* above = item.parentItem(); above; above = above->parentItem()) {
        if (above->clip()) {
            return true;
        }
    }
    return false;
}

bool isCovered(const QQuickItem& item, const std::vector<QQuickItem*>& items) {
    const auto at = std::find(items.begin(), items.end(), &item);
    return std::any_of(at, items.end(), [&](const QQuickItem* above) {
        const bool isSheet = above->inherits("QQuickRectangle") &&
                             (above->objectName() == "sheet" || above->objectName() == "warning");
        return isSheet && !above->isAncestorOf(&item);
    });
}

std::vector<std::string> overlaps(const std::vector<QQuickItem*>& items,
                                  const QQuickWindow& window) {
    std::vector<Thing> things;
    for (const QQuickItem* item : items) {
        if (isCovered(*item, items)) {
            continue;
        }
        const QRectF seen = visibleRect(*item, window);
        if (isButton(*item)) {
            things.push_back({seen, "button " + item->objectName().toStdString()});
        } else if (isText(*item) && !isInButton(*item)) {
            things.push_back({lettersRect(*item) & seen,
                              "text " + item->property("text").toString().toStdString()});
        } else if (item->inherits("tapport::view::QrCode")) {
            things.push_back({seen, "code"});
        }
    }
    std::vector<std::string> found;
    for (auto first = things.begin(); first != things.end(); ++first) {
        for (auto second = first + 1; second != things.end(); ++second) {
            const QRectF both = first->rect & second->rect;
            if (both.width() > 1 && both.height() > 1) {
                found.push_back(first->name + " lies on " + second->name);
            }
        }
    }
    return found;
}

}  // namespace tapport::support
