// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/lists/layertree.h"

#include "widgets/lists/layerdelegate.h"
#include "widgets/lists/layerfilter.h"
#include "widgets/lists/layermodel.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/type.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QScopedValueRollback>
#include <QScrollBar>

namespace widgets {

namespace {

constexpr int mostNames = 168; ///< at 96 dpi: what the column of names takes at most
constexpr int fewRows = 50;

}

LayerTree::LayerTree(LayerModel* model, QWidget* parent) : QTreeView(parent), m_model(model), m_filter(new LayerFilter(this))
{
    m_filter->setSourceModel(model);
    setModel(m_filter);
    setItemDelegate(new LayerDelegate(this));
    setProperty("paintsRows", true);
    setFrameShape(QFrame::NoFrame);
    setUniformRowHeights(true);
    setAllColumnsShowFocus(true);
    setSelectionBehavior(SelectRows);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setMouseTracking(true);
    setIndentation(px(14));
    setSortingEnabled(true);
    setTabKeyNavigation(false);

    QHeaderView* head = header();
    head->setFont(textFont(11));
    head->setFixedHeight(px(22));
    head->setSectionsMovable(false);
    head->setStretchLastSection(false);
    head->setMinimumSectionSize(px(32));
    head->setSortIndicatorClearable(true);
    head->setSortIndicator(-1, Qt::AscendingOrder);
    head->setHighlightSections(false);
    head->setSectionResizeMode(LayerModel::TypeColumn, QHeaderView::Stretch);
    head->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(head, &QHeaderView::customContextMenuRequested, this, &LayerTree::showColumnMenu);
    for (const int column : {LayerModel::DTypeColumn, LayerModel::BytesColumn, LayerModel::RangeColumn})
        setColumnHidden(column, true);
    fitColumns();

    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, &LayerTree::rowsMoved);
    for (const auto signal : {&QTreeView::expanded, &QTreeView::collapsed})
        connect(this, signal, this, &LayerTree::rowsMoved, Qt::QueuedConnection);
    connect(m_filter, &QAbstractItemModel::layoutChanged, this, &LayerTree::rowsMoved, Qt::QueuedConnection);
    connect(m_filter, &QAbstractItemModel::rowsInserted, this, &LayerTree::rowsMoved, Qt::QueuedConnection);
    connect(m_filter, &QAbstractItemModel::rowsRemoved, this, &LayerTree::rowsMoved, Qt::QueuedConnection);
    connect(m_filter, &QAbstractItemModel::modelReset, this, [this] {
        m_marked.clear();
        fitColumns();
        Q_EMIT rowsMoved();
    });
}

void LayerTree::setMarked(const QSet<QString>& layers)
{
    if (m_marked == layers)
        return;
    m_marked = layers;
    viewport()->update();
}

void LayerTree::choose(const QString& layer)
{
    const QScopedValueRollback guard(m_silent, true);
    const QModelIndex index = m_filter->mapFromSource(m_model->layerIndex(layer));
    if (!index.isValid()) {
        setCurrentIndex({});
        clearSelection();
        return;
    }
    if (currentLayer() != layer)
        setCurrentIndex(index);
    scrollTo(index);
}

void LayerTree::chooseParameter(const QString& parameter)
{
    const QScopedValueRollback guard(m_silent, true);
    const QModelIndex index = m_filter->mapFromSource(m_model->parameterIndex(parameter));
    if (!index.isValid())
        return;
    expand(index.parent());
    setCurrentIndex(index);
    scrollTo(index);
}

QStringList LayerTree::visibleParameters() const
{
    QStringList names;
    const int end = viewport()->height();
    for (QModelIndex index = indexAt(QPoint(0, 0)); index.isValid() && visualRect(index).top() < end; index = indexBelow(index))
        if (index.parent().isValid())
            names << index.data(LayerModel::NameRole).toString();
    return names;
}

QSet<QString> LayerTree::visibleLayers() const
{
    QSet<QString> names;
    const int end = viewport()->height();
    for (QModelIndex index = indexAt(QPoint(0, 0)); index.isValid() && visualRect(index).top() < end; index = indexBelow(index))
        names << index.data(LayerModel::LayerRole).toString();
    return names;
}

QString LayerTree::currentLayer() const
{
    return currentIndex().isValid() ? currentIndex().data(LayerModel::LayerRole).toString() : QString();
}

QRect LayerTree::layerRect(const QString& layer) const
{
    const QModelIndex index = m_filter->mapFromSource(m_model->layerIndex(layer));
    if (!index.isValid())
        return {};
    QRect rect = visualRect(index);
    if (isExpanded(index) && m_filter->rowCount(index) > 0)
        rect |= visualRect(m_filter->index(m_filter->rowCount(index) - 1, 0, index));
    return QRect(0, rect.top(), viewport()->width(), rect.height());
}

QString LayerTree::layerAt(int y) const
{
    const QModelIndex index = indexAt(QPoint(0, y));
    return index.isValid() ? index.data(LayerModel::LayerRole).toString() : QString();
}

void LayerTree::fitColumns()
{
    const auto widest = [&](int column, int least, int most) {
        int width = px(least);
        for (int row = 0; row < qMin(m_filter->rowCount(), 400); ++row) {
            const QModelIndex index = m_filter->index(row, column);
            width = qMax(width, column == LayerModel::LayerColumn ? nameWidth(index) : itemDelegate()->sizeHint({}, index).width());
        }
        return qMin(width, px(most));
    };
    header()->resizeSection(LayerModel::LayerColumn, widest(LayerModel::LayerColumn, 84, mostNames));
    header()->resizeSection(LayerModel::ShapeColumn, widest(LayerModel::ShapeColumn, 72, 110));
    header()->resizeSection(LayerModel::CountColumn, widest(LayerModel::CountColumn, 52, 90));
    header()->resizeSection(LayerModel::HistogramColumn, px(47));
    header()->resizeSection(LayerModel::DTypeColumn, px(72));
    header()->resizeSection(LayerModel::BytesColumn, px(72));
    header()->resizeSection(LayerModel::RangeColumn, px(96));
    makeRoom();
}

void LayerTree::widen(const QList<int>& layers)
{
    if (layers.size() > fewRows) {
        fitColumns();
        return;
    }
    int width = header()->sectionSize(LayerModel::LayerColumn);
    for (const int row : layers)
        if (const QModelIndex index = m_filter->mapFromSource(m_model->index(row, LayerModel::LayerColumn)); index.isValid())
            width = qMax(width, qMin(nameWidth(index), px(mostNames)));
    if (width == header()->sectionSize(LayerModel::LayerColumn))
        return;
    header()->resizeSection(LayerModel::LayerColumn, width);
    makeRoom();
}

/// What a layer's name takes, and those of its parameters.
int LayerTree::nameWidth(const QModelIndex& layer) const
{
    int width = itemDelegate()->sizeHint({}, layer).width() + indentation();
    for (int child = 0; child < m_filter->rowCount(layer); ++child)
        width = qMax(width, itemDelegate()->sizeHint({}, m_filter->index(child, layer.column(), layer)).width() + 2 * indentation());
    return width;
}

/// Where the type would be cut to a letter, histogram and count give way.
void LayerTree::makeRoom()
{
    if (viewport()->width() < px(160)) // not laid out yet
        return;
    for (const int column : std::exchange(m_gaveWay, {}))
        setColumnHidden(column, false);
    const auto typeWidth = [this] {
        int others = 0;
        for (int column = 0; column < LayerModel::ColumnCount; ++column)
            if (column != LayerModel::TypeColumn && !isColumnHidden(column))
                others += header()->sectionSize(column);
        return viewport()->width() - others;
    };
    for (const int column : {LayerModel::HistogramColumn, LayerModel::CountColumn})
        if (typeWidth() < px(72) && !isColumnHidden(column)) {
            setColumnHidden(column, true);
            m_gaveWay << column;
        }
}

QString LayerTree::visibleAsTsv() const
{
    QList<int> columns;
    for (int i = 0; i < header()->count(); ++i)
        if (const int column = header()->logicalIndex(i); !isColumnHidden(column) && column != LayerModel::HistogramColumn)
            columns << column;
    return asTsv(*m_filter, columns);
}

void LayerTree::drawRow(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const Colours& set = colours(palette());
    const bool on = selectionModel()->isSelected(index) || m_marked.contains(index.data(LayerModel::LayerRole).toString());
    const bool over = viewport()->underMouse() && option.rect.contains(viewport()->mapFromGlobal(QCursor::pos()));
    if (on || over)
        painter->fillRect(QRect(0, option.rect.top(), viewport()->width(), option.rect.height()), on ? set.sel : set.hover);
    QTreeView::drawRow(painter, option, index);
}

void LayerTree::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy)) {
        QGuiApplication::clipboard()->setText(visibleAsTsv());
        event->accept();
        return;
    }
    QTreeView::keyPressEvent(event);
}

void LayerTree::mousePressEvent(QMouseEvent* event)
{
    const QModelIndex index = indexAt(event->position().toPoint());
    const bool again =
        event->button() == Qt::LeftButton && index.isValid() && index.siblingAtColumn(0) == currentIndex().siblingAtColumn(0);
    QTreeView::mousePressEvent(event);
    if (again && index.isValid())
        tell(index); // the row was chosen by the program, or something else was shown meanwhile
}

void LayerTree::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QTreeView::currentChanged(current, previous);
    if (!m_silent && current.isValid())
        tell(current);
}

void LayerTree::tell(const QModelIndex& current)
{
    const QString name = current.data(LayerModel::NameRole).toString();
    Q_EMIT chosen(current.data(LayerModel::LayerRole).toString(), current.parent().isValid() ? name : QString());
}

void LayerTree::resizeEvent(QResizeEvent* event)
{
    QTreeView::resizeEvent(event);
    makeRoom();
    Q_EMIT rowsMoved();
}

void LayerTree::showColumnMenu(const QPoint& position)
{
    QMenu menu(this);
    for (int column = LayerModel::TypeColumn; column < LayerModel::ColumnCount; ++column) {
        QAction* action = menu.addAction(m_model->headerData(column, Qt::Horizontal).toString());
        action->setCheckable(true);
        action->setChecked(!isColumnHidden(column));
        connect(action, &QAction::toggled, this, [this, column](bool on) {
            m_gaveWay.removeAll(column);
            setColumnHidden(column, !on);
        });
    }
    menu.addSeparator();
    connect(menu.addAction(tr("Copy as table")), &QAction::triggered, this,
            [this] { QGuiApplication::clipboard()->setText(visibleAsTsv()); });
    menu.exec(header()->viewport()->mapToGlobal(position));
}

}
