// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tensor/tensorpanel.h"

#include "core/base/error.h"
#include "core/tensor/statistics.h"
#include "widgets/plots/histogramplot.h"
#include "widgets/sides/headerbar.h"
#include "widgets/tensor/statisticstable.h"
#include "widgets/tensor/valuesmodel.h"
#include "widgets/theme/type.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

namespace widgets {
namespace {

/// What of a tensor can be shown as numbers: null for one that cannot be widened.
core::Tensor asNumbers(const core::Tensor& tensor)
{
    if (tensor.isNull())
        return {};
    try {
        return tensor.toFloat32();
    } catch (const core::Error&) {
        return {};
    }
}

}

TensorPanel::TensorPanel(QWidget* parent)
    : QWidget(parent), m_title(textLabel({}, this, 12, false, true)), m_errors(textLabel({}, this, 11, false, true)),
      m_pages(new QStackedWidget(this)), m_statistics(new StatisticsTable(this)), m_histogram(new HistogramPlot(this)),
      m_values(new ValuesModel(this)), m_table(new QTableView(this))
{
    groundAsPanel(this);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* header = new HeaderBar(this, true);
    header->row()->setSpacing(px(4));
    header->row()->addWidget(textLabel(tr("Tensor"), header, 12, true));
    header->row()->addSpacing(px(4));
    m_title->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    header->row()->addWidget(m_title, 1);
    m_histButton = iconButton(QStringLiteral("hist"), tr("Statistics and histogram"), header);
    m_tableButton = iconButton(QStringLiteral("table"), tr("Values as numbers"), header);
    auto* copy = iconButton(QStringLiteral("copy"), tr("Copy as text"), header);
    for (auto* button : {m_histButton, m_tableButton}) {
        button->setCheckable(true);
        button->setAutoExclusive(true);
    }
    for (auto* button : {m_histButton, m_tableButton, copy})
        header->row()->addWidget(button);
    column->addWidget(header);

    auto* overview = new QWidget(this);
    auto* lines = new QVBoxLayout(overview);
    lines->setContentsMargins(px(12), px(4), px(12), px(4));
    lines->setSpacing(px(8));
    lines->addWidget(m_statistics);
    m_errors->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    lines->addWidget(m_errors);
    setErrors({});
    lines->addWidget(m_histogram, 1);
    m_pages->addWidget(overview);
    m_table->setModel(m_values);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setMinimumSectionSize(px(20));
    m_table->verticalHeader()->setDefaultSectionSize(px(20));
    m_table->horizontalHeader()->setFixedHeight(px(22));
    m_table->horizontalHeader()->setFont(textFont(11));
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_pages->addWidget(m_table);
    column->addWidget(m_pages, 1);
    setShowsValues(false);
    connect(m_histButton, &QToolButton::clicked, this, [this] { setShowsValues(false); });
    connect(m_tableButton, &QToolButton::clicked, this, [this] { setShowsValues(true); });
    connect(copy, &QToolButton::clicked, this, [this] { QApplication::clipboard()->setText(asText()); });
}

void TensorPanel::setShowsValues(bool values)
{
    m_pages->setCurrentIndex(values ? 1 : 0);
    (values ? m_tableButton : m_histButton)->setChecked(true);
    fillColumns();
}

void TensorPanel::setTensors(const QString& title, const std::array<SideName, 2>& sides, const core::Tensor& left,
                             const core::Tensor& right, double tolerance)
{
    m_title->setText(title);
    const std::array<core::Tensor, 2> tensors = {asNumbers(left), asNumbers(right)};
    std::array<std::optional<core::Statistics>, 2> statistics;
    double low = 0, high = 0;
    bool any = false;
    for (std::size_t side = 0; side < 2; ++side) {
        if (tensors[side].isNull())
            continue;
        const auto& of = statistics[side].emplace(core::statistics(tensors[side]));
        low = any ? std::min(low, of.min) : of.min;
        high = any ? std::max(high, of.max) : of.max;
        any = true;
    }
    if (low == high)
        high = low + 1;
    std::array<std::vector<std::int64_t>, 2> counts;
    for (std::size_t side = 0; side < 2; ++side)
        if (!tensors[side].isNull())
            counts[side] = core::histogram(tensors[side], low, high, HistogramPlot::bins);
    m_statistics->setStatistics(sides, statistics[0], statistics[1], tolerance);
    m_histogram->setCounts({sides[0].framework, sides[1].framework}, counts[0], counts[1], low, high);
    m_values->setTensors(tensors[0], tensors[1], {sides[0].shortName, sides[1].shortName});
}

void TensorPanel::setErrors(const QString& text)
{
    m_errors->setText(text);
    m_errors->setToolTip(text.toHtmlEscaped());
    m_errors->setVisible(!text.isEmpty());
}

QString TensorPanel::errors() const
{
    return m_errors->text();
}

QString TensorPanel::asText() const
{
    QString text;
    if (m_pages->currentIndex() == 0) {
        static const char* const names[] = {"min", "max", "mean", "std"};
        for (int row = 0; row < 4; ++row)
            text += QLatin1String(names[row]) + u'\t' + m_statistics->cell(row, 0) + u'\t' + m_statistics->cell(row, 1) + u'\t' +
                    m_statistics->cell(row, 2) + u'\n';
        return errors().isEmpty() ? text : text + errors() + u'\n';
    }
    for (int row = 0; row < m_values->rowCount(); ++row)
        for (int column = 0; column < ValuesModel::ColumnCount; ++column)
            text += m_values->index(row, column).data().toString() + (column + 1 == ValuesModel::ColumnCount ? u'\n' : u'\t');
    return text;
}

void TensorPanel::fillColumns()
{
    const int room = m_table->viewport()->width();
    const int value = room * 27 / 100;
    for (int column = 0; column < ValuesModel::ColumnCount; ++column)
        m_table->setColumnWidth(column, column == ValuesModel::Index ? room - 3 * value : value);
}

void TensorPanel::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    fillColumns();
}

}
