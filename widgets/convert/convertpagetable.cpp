// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/convert/changesmodel.h"
#include "widgets/convert/convertpage.h"
#include "widgets/sides/headerbar.h"
#include "widgets/sides/paddeddelegate.h"
#include "widgets/theme/style.h"
#include "widgets/theme/type.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QTableView>

namespace widgets {

QWidget* ConvertPage::buildTable()
{
    auto* middle = new QWidget(this);
    groundAsPanel(middle);
    auto* column = new QVBoxLayout(middle);
    column->setContentsMargins(px(6), px(12), px(8), px(8));
    column->setSpacing(px(4));
    auto* head = new QHBoxLayout;
    head->setContentsMargins(px(8), 0, px(6), 0);
    head->addWidget(textLabel(tr("What changes, layer by layer"), middle, 13, true));
    head->addStretch();
    m_summary = textLabel({}, middle, 12, false, true);
    head->addWidget(m_summary);
    column->addLayout(head);
    m_problem = textLabel({}, middle, 12, false, true);
    m_problem->setWordWrap(true);
    m_problem->setContentsMargins(px(6), px(6), px(6), px(6));
    column->addWidget(m_problem);
    m_table = new QTableView(middle);
    m_table->setModel(m_changes);
    m_table->setItemDelegate(new PaddedDelegate(m_table));
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setMinimumSectionSize(px(24));
    m_table->verticalHeader()->setDefaultSectionSize(px(24));
    m_table->horizontalHeader()->setFixedHeight(px(24));
    m_table->horizontalHeader()->setFont(textFont(11));
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->horizontalHeader()->setResizeContentsPrecision(100); // rows that are asked for their width
    m_table->setAccessibleName(tr("What changes, layer by layer"));
    column->addWidget(m_table, 1);
    return middle;
}

/// All columns in sight: where there is no room the names give way, which have tooltips.
void ConvertPage::fitColumns()
{
    m_table->resizeColumnsToContents();
    int wide = px(96); // what a proof says
    for (int column = 0; column < ChangesModel::Proof; ++column)
        wide += m_table->columnWidth(column);
    const int over = wide - m_table->viewport()->width();
    if (over <= 0)
        return;
    for (const int column : {ChangesModel::From, ChangesModel::To})
        m_table->setColumnWidth(column, qMax(px(80), m_table->columnWidth(column) - (over + 1) / 2));
}

void ConvertPage::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    fitColumns();
}

}
