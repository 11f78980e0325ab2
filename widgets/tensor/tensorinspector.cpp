// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tensor/tensorinspector.h"

#include "core/tensor/element.h"
#include "widgets/sides/headerbar.h"
#include "widgets/sides/text.h"
#include "widgets/tensor/planemodel.h"
#include "widgets/tensor/slicingbar.h"
#include "widgets/tensor/statisticspart.h"
#include "widgets/tensor/tilemap.h"
#include "widgets/theme/segmentedswitch.h"
#include "widgets/theme/style.h"
#include "widgets/theme/type.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QSpinBox>
#include <QSplitter>
#include <QTableView>
#include <QToolButton>

#include <limits>

namespace widgets {

namespace {

QString safe(std::string_view text)
{
    return QString::fromStdString(core::printable(text));
}

/// "float32 [6,1,5,5] o,i,h,w · 600 bytes · indices of a sparse tensor"
QString factsOf(const core::Parameter& parameter)
{
    QStringList facts{safe(core::name(parameter.source.dtype)) + u' ' + QString::fromStdString(core::text(parameter.source.shape))};
    if (!parameter.axes.empty())
        facts.back() += u' ' + QString::fromStdString(core::text(parameter.axes));
    facts << TensorInspector::tr("%1 values, %2 bytes")
                 .arg(thousands(core::count(parameter)), thousands(static_cast<std::int64_t>(core::byteCount(parameter))));
    if (parameter.trainable)
        facts << (*parameter.trainable ? TensorInspector::tr("trainable") : TensorInspector::tr("not trainable"));
    if (!parameter.sharedWith.empty())
        facts << TensorInspector::tr("shared with %1").arg(safe(parameter.sharedWith.front())) +
                     (parameter.sharedWith.size() > 1 ? TensorInspector::tr(" and %1 more").arg(parameter.sharedWith.size() - 1)
                                                      : QString());
    if (!parameter.detail.empty())
        facts << safe(parameter.detail);
    return facts.join(QStringLiteral("  ·  "));
}

}

TensorInspector::TensorInspector(QWidget* parent)
    : QWidget(parent), m_head(new HeaderBar(this, true)), m_label(new SideLabel(m_head, 12, true)),
      m_facts(textLabel({}, m_head, 12, false, true)), m_omitted(textLabel({}, this, 11, false, true)), m_bar(new SlicingBar(this)),
      m_table(new QTableView(this)), m_plane(new PlaneModel(this)), m_pager(new QWidget(this)), m_firstRow(new QSpinBox(m_pager)),
      m_tiles(new TileMap(this)), m_scale(new SegmentedSwitch(true, this)), m_statistics(new StatisticsPart(this))
{
    groundAsPanel(this);
    buildHead();
    buildTable();
    m_scale->add(tr("Around 0"));
    m_scale->add(tr("Min to max"));
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(0, 0, px(12), 0);
    bar->addWidget(m_bar, 1);
    bar->addWidget(m_omitted);
    bar->addWidget(m_scale);
    auto* left = new QWidget(this);
    auto* under = new QVBoxLayout(left);
    under->setContentsMargins(0, 0, 0, 0);
    under->setSpacing(0);
    under->addWidget(m_pager);
    under->addWidget(m_table, 1);
    auto* parts = new QSplitter(this);
    parts->setHandleWidth(1);
    parts->setChildrenCollapsible(false);
    for (QWidget* part : {left, static_cast<QWidget*>(m_tiles), static_cast<QWidget*>(m_statistics)})
        parts->addWidget(part);
    parts->setSizes({430, 350, 204});
    parts->setStretchFactor(0, 2);
    parts->setStretchFactor(1, 2);
    parts->setStretchFactor(2, 0);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_head);
    column->addLayout(bar);
    column->addWidget(parts, 1);

    connect(m_bar, &SlicingBar::slicingChanged, this, &TensorInspector::setSlicing);
    connect(m_plane, &PlaneModel::cellsWanted, this, &TensorInspector::cellsWanted);
    connect(m_scale, &SegmentedSwitch::currentChanged, this, [this](int chosen) { m_tiles->setDiverging(chosen == 0); });
    connect(m_tiles, &TileMap::placeChosen, this, [this](const core::Slicing& slicing, std::int64_t row, std::int64_t tableColumn) {
        m_bar->setSlicing(slicing);
        setSlicing(slicing);
        const QModelIndex index =
            m_plane->index(static_cast<int>(row - m_plane->firstRow()), static_cast<int>(tableColumn - m_plane->firstColumn()));
        m_table->setCurrentIndex(index);
        m_table->scrollTo(index);
    });
    connect(m_statistics, &StatisticsPart::cancelRequested, this, &TensorInspector::statisticsCancelled);
    connect(m_statistics, &StatisticsPart::computeRequested, this, &TensorInspector::statisticsWanted);
}

void TensorInspector::buildHead()
{
    auto* row = static_cast<HeaderBar*>(m_head)->row();
    row->addWidget(m_label);
    m_facts->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_facts->setTextInteractionFlags(Qt::TextSelectableByMouse);
    row->addWidget(m_facts, 1);
    auto* copy = iconButton(QStringLiteral("copy"), tr("Copy the chosen cells, or the whole plane"), m_head);
    m_save = iconButton(QStringLiteral("save"), tr("Save the tensor or its picture"), m_head);
    auto* close = iconButton(QStringLiteral("cross"), tr("Back to the layers' outputs (Esc)"), m_head);
    for (QToolButton* button : {copy, m_save, close})
        row->addWidget(button);
    auto* menu = new QMenu(m_save);
    connect(menu->addAction(tr("Save all values as .npy…")), &QAction::triggered, this, &TensorInspector::saveArrayWanted);
    connect(menu->addAction(tr("Save the picture as PNG…")), &QAction::triggered, this, &TensorInspector::savePictureWanted);
    m_save->setMenu(menu);
    m_save->setPopupMode(QToolButton::InstantPopup);
    connect(copy, &QToolButton::clicked, this, &TensorInspector::copySelected);
    connect(close, &QToolButton::clicked, this, &TensorInspector::closeRequested);
}

void TensorInspector::buildTable()
{
    m_table->setModel(m_plane);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setAccessibleName(tr("Values of the plane"));
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->installEventFilter(this);
    for (QHeaderView* header : {m_table->verticalHeader(), m_table->horizontalHeader()}) {
        header->setSectionResizeMode(QHeaderView::Fixed);
        header->setHighlightSections(false);
        header->setFont(textFont(11));
    }
    m_table->verticalHeader()->setMinimumSectionSize(px(20));
    m_table->verticalHeader()->setDefaultSectionSize(px(20));
    m_table->horizontalHeader()->setFixedHeight(px(22));
    m_table->horizontalHeader()->setMinimumSectionSize(px(40));
    auto* row = new QHBoxLayout(m_pager);
    row->setContentsMargins(px(12), px(3), px(12), px(3));
    row->addWidget(textLabel(tr("Table from row"), m_pager, 11, false, true));
    setSmall(m_firstRow);
    m_firstRow->setAccessibleName(tr("First row of the table"));
    m_firstRow->setKeyboardTracking(false);
    row->addWidget(m_firstRow);
    row->addStretch(1);
    connect(m_firstRow, &QSpinBox::valueChanged, this, [this](int first) { m_plane->setFirst(first, 0); });
}

const core::Slicing& TensorInspector::slicing() const
{
    return m_bar->slicing();
}

void TensorInspector::setTensor(const SideName& side, const core::Parameter& parameter)
{
    m_parameter = parameter;
    m_side = side;
    m_label->setSide(side.framework, safe(parameter.name));
    m_facts->setText(factsOf(parameter));
    m_facts->setToolTip(m_facts->text().toHtmlEscaped());
    m_tiling = {};
    m_tiles->setMessage({});
    const core::Slicing slicing = core::slicingOf(parameter.source.shape, parameter.axes);
    m_bar->setSlicing(slicing);
    if (!parameter.problem.empty() || core::itemSize(parameter.source.dtype) == 0) {
        setProblem(parameter.problem.empty() ? tr("Values of type %1 are not shown.").arg(safe(core::name(parameter.source.dtype)))
                                             : tr("The values cannot be read: %1").arg(safe(parameter.problem)));
        return;
    }
    for (QWidget* part : {static_cast<QWidget*>(m_save), static_cast<QWidget*>(m_scale), static_cast<QWidget*>(m_bar)})
        part->setEnabled(true);
    if (core::count(parameter) == 0) {
        setProblem(tr("The tensor is empty."));
        m_save->setEnabled(true);
        return;
    }
    m_tiling.height = 0; // nothing is shown: ask for it
    setSlicing(slicing);
    m_statistics->setProgress(0);
    Q_EMIT statisticsWanted();
}

void TensorInspector::setSlicing(const core::Slicing& slicing)
{
    const core::Slicing before = m_plane->slicing();
    if (slicing != before) {
        m_plane->setSlicing(slicing);
        const std::int64_t rows = core::rowCount(slicing);
        m_firstRow->setRange(0, static_cast<int>(std::min<std::int64_t>(rows - 1, std::numeric_limits<int>::max())));
        m_firstRow->setValue(0);
        m_pager->setVisible(rows > PlaneModel::mostRows);
        fitColumns();
    }
    const core::Tiling tiling = core::tilingOf(slicing);
    bool same = tiling == m_tiling && before.at.size() == slicing.at.size(); // other tiles are in the picture already
    for (int axis = 0; same && axis < static_cast<int>(slicing.at.size()); ++axis)
        same = axis == tiling.downAxis || axis == tiling.acrossAxis || axis == slicing.rows || axis == slicing.columns ||
               slicing.at[static_cast<std::size_t>(axis)] == before.at[static_cast<std::size_t>(axis)];
    m_tiling = tiling;
    if (same)
        m_tiles->setSlicing(slicing);
    else
        Q_EMIT tilesWanted(slicing, tiling);
}

void TensorInspector::fitColumns()
{
    const bool wide = core::itemSize(m_parameter.source.dtype) >= 8 && m_parameter.source.dtype != core::DType::Float64;
    const bool narrow = core::itemSize(m_parameter.source.dtype) == 1;
    m_table->horizontalHeader()->setDefaultSectionSize(px(wide ? 150 : narrow ? 52 : 84));
    const int last = m_plane->rowCount() - 1 + static_cast<int>(std::min<std::int64_t>(m_plane->firstRow(), 1'000'000'000));
    const int digits = QFontMetrics(textFont(11)).horizontalAdvance(QString::number(std::max(last, 99)));
    m_table->verticalHeader()->setFixedWidth(digits + px(20));
}

void TensorInspector::setCells(const core::Slicing& slicing, const core::Cells& cells, const core::Tensor& values)
{
    m_plane->setCells(slicing, cells, values);
}

void TensorInspector::setTiles(const core::Slicing& slicing, const core::Tiling& tiling, std::vector<float> values)
{
    if (tiling != m_tiling)
        return;
    m_tiles->setTiles(slicing, tiling, std::move(values));
    m_tiles->setSlicing(m_bar->slicing());
    m_omitted->setText(m_tiles->omissions());
}

void TensorInspector::setProblem(const QString& text)
{
    for (QWidget* part : {static_cast<QWidget*>(m_save), static_cast<QWidget*>(m_scale), static_cast<QWidget*>(m_bar)})
        part->setEnabled(false);
    m_pager->hide();
    m_omitted->clear();
    m_plane->setSlicing(core::slicingOf({0}, {}));
    m_tiles->setMessage(text);
    m_statistics->setMessage({});
}

core::Cells TensorInspector::chosenCells() const
{
    const QItemSelection chosen = m_table->selectionModel()->selection();
    if (chosen.isEmpty())
        return {0, 0, core::rowCount(m_plane->slicing()), core::columnCount(m_plane->slicing())};
    QRect all;
    for (const QItemSelectionRange& range : chosen)
        all |= QRect(range.left(), range.top(), range.width(), range.height());
    return m_plane->cells(all.top(), all.left(), all.height(), all.width());
}

void TensorInspector::copySelected()
{
    if (m_plane->rowCount() > 0)
        Q_EMIT copyWanted(m_plane->slicing(), chosenCells());
}

bool TensorInspector::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_table && event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->matches(QKeySequence::Copy)) {
        copySelected();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

QImage TensorInspector::picture() const
{
    return m_tiles->picture(QStringLiteral("%1  %2 %3")
                                .arg(safe(m_parameter.name), safe(core::name(m_parameter.source.dtype)),
                                     QString::fromStdString(core::text(m_parameter.source.shape))));
}

}
