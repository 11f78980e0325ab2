// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/testset/gallery.h"

#include "widgets/theme/colours.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/type.h"

#include <QKeyEvent>
#include <QPainter>
#include <QStyledItemDelegate>

namespace widgets {
namespace {

constexpr int pictureSide = 56, cellWidth = 70, cellHeight = 94, captionLine = 14;

class SampleDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    std::array<SideName, 2> sides;

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {px(cellWidth), px(cellHeight)}; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const Colours& set = colours(option.palette);
        const auto& sample = static_cast<const GalleryModel*>(index.model())->sampleAt(index.row());
        const QRect rect(option.rect.topLeft(), QSize(px(pictureSide), px(pictureSide)));
        painter->save();
        painter->setRenderHint(QPainter::SmoothPixmapTransform, false);
        painter->drawImage(rect, index.data(Qt::DecorationRole).value<QImage>());
        const bool chosen = option.state.testFlag(QStyle::State_Selected);
        if (chosen || option.state.testFlag(QStyle::State_MouseOver)) {
            painter->setPen(QPen(chosen ? set.blue : set.ctl, 2, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
            painter->drawRect(rect.adjusted(1, 1, -1, -1));
        }
        painter->setFont(textFont(11));
        painter->setPen(set.text2);
        const int top = rect.bottom() + px(2);
        if (sample.label)
            painter->drawText(QRect(rect.left(), top, px(cellWidth), px(captionLine)), Qt::AlignLeft | Qt::AlignVCenter,
                              GalleryModel::tr("label %1").arg(*sample.label));
        painter->setFont(textFont(11, true));
        for (std::size_t side = 0; side < 2; ++side) {
            const int left = rect.left() + static_cast<int>(side) * px(27);
            paintMark(*painter, QRectF(left, top + px(captionLine) + px(3), px(8), px(8)), sides[side].framework, set);
            const auto& answer = side == 0 ? sample.left : sample.right;
            painter->setPen(sample.label && answer != sample.label ? set.red : set.text);
            painter->drawText(QRect(left + px(11), top + px(captionLine), px(18), px(captionLine)), Qt::AlignLeft | Qt::AlignVCenter,
                              answer ? QString::number(*answer) : QStringLiteral("–"));
        }
        painter->restore();
    }
};

}

Gallery::Gallery(QWidget* parent) : QListView(parent), m_model(new GalleryModel(this))
{
    setViewMode(QListView::IconMode);
    setFlow(QListView::LeftToRight);
    setWrapping(true);
    setMovement(QListView::Static);
    setResizeMode(QListView::Adjust);
    setUniformItemSizes(true);
    setGridSize(QSize(px(cellWidth), px(cellHeight)));
    setSpacing(0);
    setFrameShape(QFrame::NoFrame);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_Hover);
    setItemDelegate(new SampleDelegate(this));
    setModel(m_model);
    setAccessibleName(tr("Digits of the test set"));
    connect(this, &QListView::clicked, this,
            [this](const QModelIndex& index) { Q_EMIT digitOpened(static_cast<int>(m_model->sampleAt(index.row()).index)); });
}

void Gallery::setSides(const std::array<SideName, 2>& sides)
{
    static_cast<SampleDelegate*>(itemDelegate())->sides = sides;
    viewport()->update();
}

void Gallery::keyPressEvent(QKeyEvent* event)
{
    if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && currentIndex().isValid()) {
        Q_EMIT digitOpened(static_cast<int>(m_model->sampleAt(currentIndex().row()).index));
        return;
    }
    QListView::keyPressEvent(event);
}

}
