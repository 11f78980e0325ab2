// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/testset/labelsview.h"

#include "core/report/numbers.h"
#include "widgets/sides/paddeddelegate.h"
#include "widgets/sides/text.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/type.h"

#include <QHeaderView>
#include <QPainter>
#include <QStyledItemDelegate>

namespace widgets {
namespace {

constexpr int barColumn = 5, rowSize = 20;

/// A share as a bar.
class BarDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const Colours& set = colours(option.palette);
        const QRectF track = QRectF(option.rect).adjusted(px(8), px(5), -px(8), -px(5));
        painter->fillRect(track, set.win);
        painter->fillRect(QRectF(track.left(), track.top(), track.width() * index.data(Qt::UserRole).toDouble(), track.height()), set.bar);
    }
};

}

LabelsView::LabelsView(QWidget* parent) : QTableWidget(parent)
{
    setColumnCount(6);
    verticalHeader()->hide();
    verticalHeader()->setMinimumSectionSize(px(rowSize)); // before the default, which is not below it
    verticalHeader()->setDefaultSectionSize(px(rowSize));
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setDefaultAlignment(Qt::AlignRight | Qt::AlignVCenter);
    horizontalHeader()->setStretchLastSection(true);
    setShowGrid(false);
    setFrameShape(QFrame::NoFrame);
    setEditTriggers(NoEditTriggers);
    setSelectionMode(NoSelection);
    setFocusPolicy(Qt::NoFocus);
    setVerticalScrollMode(ScrollPerPixel);
    setItemDelegateForColumn(barColumn, new BarDelegate(this));
    setAccessibleName(tr("Figures of each label"));
}

void LabelsView::setSweep(const core::sweep::Sweep& sweep, const std::array<SideName, 2>& sides)
{
    const bool hasMatrix = !sweep.confusionLeft.empty();
    setHorizontalHeaderLabels(
        {tr("Label"), tr("Digits"), tr("%1 right").arg(sides[0].title), tr("%1 right").arg(sides[1].title), tr("Agree"), tr("Agreement")});
    setRowCount(static_cast<int>(sweep.ofLabel.size()));
    for (int label = 0; label < rowCount(); ++label) {
        const auto row = static_cast<std::size_t>(label), right = row * static_cast<std::size_t>(sweep.classes) + row;
        const std::int64_t all = sweep.ofLabel[row], agreeing = sweep.agreeingOfLabel[row];
        const auto share = [all](std::int64_t part) { return QString::fromStdString(core::report::percent(part, all)); };
        const QStringList cells{QString::number(label),
                                thousands(all),
                                hasMatrix ? share(sweep.confusionLeft[right]) : QString(),
                                hasMatrix ? share(sweep.confusionRight[right]) : QString(),
                                share(agreeing),
                                QString()};
        for (int column = 0; column < cells.size(); ++column) {
            auto* item = new QTableWidgetItem(cells[column]);
            item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            item->setData(Qt::UserRole, all > 0 ? static_cast<double>(agreeing) / static_cast<double>(all) : 0.0);
            setItem(label, column, item);
        }
    }
    const int widths[] = {48, 64, 96, 96, 72};
    for (int column = 0; column < barColumn; ++column)
        setColumnWidth(column, px(widths[column]));
    if (auto* title = horizontalHeaderItem(barColumn))
        title->setTextAlignment(Qt::AlignLeft | Qt::AlignVCenter);
}

}
