// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace widgets {

/// Draws a cell of the layer list: kind and attributes in two tones, the mini histogram, the flag of the first layer over
/// tolerance, how the values stand to their mates', the question mark of an unknown kind. The row's ground is drawn by LayerTree.
class LayerDelegate final : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

/// Bars of equal width standing on the lower edge of `rect`, the highest one filling it.
void paintBars(QPainter& painter, const QRectF& rect, const QList<double>& bins, const QColor& colour);

}
