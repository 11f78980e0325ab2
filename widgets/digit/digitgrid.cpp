// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/digit/digitgrid.h"

#include "widgets/theme/colours.h"

#include <QPainter>
#include <QScopedValueRollback>
#include <QStyledItemDelegate>

namespace widgets {
namespace {

constexpr int side = 28;

class ThumbnailDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {side + 1, side + 1}; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const QRect rect(option.rect.topLeft(), QSize(side, side));
        painter->drawImage(rect, index.data(Qt::DecorationRole).value<QImage>());
        const Colours& set = colours(option.palette);
        if (option.state.testFlag(QStyle::State_Selected)) {
            painter->setPen(QPen(set.blue, 2, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
            painter->drawRect(rect.adjusted(1, 1, -1, -1)); // within the cell: what stands out of it is not repainted
        } else if (option.state.testFlag(QStyle::State_MouseOver)) {
            painter->setPen(QPen(set.ctl, 1));
            painter->drawRect(rect.adjusted(0, 0, -1, -1));
        }
    }
};

}

DigitGrid::DigitGrid(QWidget* parent) : QListView(parent), m_model(new DigitModel(this))
{
    setViewMode(QListView::IconMode);
    setFlow(QListView::LeftToRight);
    setWrapping(true);
    setMovement(QListView::Static);
    setResizeMode(QListView::Adjust);
    setUniformItemSizes(true);
    setGridSize(QSize(side + 1, side + 1));
    setSpacing(0);
    setFrameShape(QFrame::NoFrame);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
    setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_Hover);
    setItemDelegate(new ThumbnailDelegate(this));
    setModel(m_model);
    setAccessibleName(tr("Digits"));
}

void DigitGrid::setDigits(std::shared_ptr<const core::digits::DigitSet> digits)
{
    const QScopedValueRollback quiet(m_quiet, true);
    m_model->setDigits(std::move(digits));
    m_current = -1;
}

void DigitGrid::setLabel(std::optional<int> label)
{
    {
        const QScopedValueRollback quiet(m_quiet, true);
        m_model->setLabel(label);
    }
    setCurrentDigit(m_current);
}

void DigitGrid::setCurrentDigit(int number)
{
    const QScopedValueRollback quiet(m_quiet, true);
    m_current = number;
    const int row = m_model->rowOf(number);
    if (row < 0) {
        clearSelection();
        return;
    }
    setCurrentIndex(m_model->index(row));
    scrollTo(currentIndex());
}

void DigitGrid::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QListView::currentChanged(current, previous);
    if (m_quiet || !current.isValid())
        return;
    m_current = m_model->numberAt(current.row());
    Q_EMIT digitChosen(m_current);
}

}
