// SPDX-License-Identifier: GPL-3.0-or-later
// What can be seen on the glass: where items are, what covers what, how colours stand out.
#pragma once

#include <string>
#include <vector>

#include <QtQuick/QQuickItem>
#include <QtQuick/QQuickWindow>

namespace tapport::support {

/// WCAG 2 contrast ratio.
[[nodiscard]] double contrast(const QColor& a, const QColor& b);

[[nodiscard]] bool isButton(const QQuickItem& item);
/// With something to read in it.
[[nodiscard]] bool isText(const QQuickItem& item);
[[nodiscard]] QRectF sceneRect(const QQuickItem& item);
/// The part of the glass on which the item can be seen: pages of a longer text clip it.
[[nodiscard]] QRectF visibleRect(const QQuickItem& item, const QQuickWindow& window);
[[nodiscard]] bool isInClip(const QQuickItem& item);
/// Under a sheet or the warning. `items`: all visible ones, bottom to top.
[[nodiscard]] bool isCovered(const QQuickItem& item, const std::vector<QQuickItem*>& items);

/// Each pair of letters, buttons and codes that lie on one another; nothing on a good page.
[[nodiscard]] std::vector<std::string> overlaps(const std::vector<QQuickItem*>& items,
                                                const QQuickWindow& window);

}  // namespace tapport::support
