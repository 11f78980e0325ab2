// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/sides/paddeddelegate.h"

#include "widgets/theme/type.h"

#include <QApplication>
#include <QPainter>

namespace widgets {
namespace {

constexpr int padding = 5; // and the 3 px that the style leaves

}

void PaddedDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const QStyle* style = option.widget ? option.widget->style() : QApplication::style();
    style->drawPrimitive(QStyle::PE_PanelItemViewItem, &option, painter, option.widget);
    QStyleOptionViewItem inner = option;
    inner.rect.adjust(px(padding), 0, -px(padding), 0);
    QStyledItemDelegate::paint(painter, inner, index);
}

QSize PaddedDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    return QStyledItemDelegate::sizeHint(option, index) + QSize(2 * px(padding), 0);
}

}
