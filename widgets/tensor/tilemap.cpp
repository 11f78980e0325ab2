// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tensor/tilemap.h"

#include "widgets/theme/colours.h"
#include "widgets/theme/type.h"

#include <QHelpEvent>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace widgets {

TileMap::TileMap(QWidget* parent) : QAbstractScrollArea(parent)
{
    setFrameShape(NoFrame);
    viewport()->setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Values as a picture"));
}

void TileMap::setTiles(const core::Slicing& slicing, const core::Tiling& tiling, std::vector<float> values)
{
    m_slicing = slicing;
    m_tiling = tiling;
    m_values = std::move(values);
    m_message.clear();
    m_zoom = 0;
    FeatureMaps all{1, 1, 1, m_values};
    m_range = rangeOf(all, {});
    refresh();
}

void TileMap::setMessage(const QString& text)
{
    m_values.clear();
    m_mosaic = {};
    m_message = text;
    updateScrollBars();
    viewport()->update();
}

void TileMap::setSlicing(const core::Slicing& slicing)
{
    m_slicing = slicing;
    viewport()->update();
}

void TileMap::setDiverging(bool diverging)
{
    m_diverging = diverging;
    refresh();
}

QString TileMap::omissions() const
{
    QStringList parts;
    const auto steps = [&](std::int64_t step, const QString& what) {
        if (step > 1)
            parts << tr("every %1th %2").arg(step).arg(what);
    };
    steps(m_tiling.heightStep, tr("row"));
    steps(m_tiling.widthStep, tr("column"));
    const auto first = [&](int axis, std::int64_t shown) {
        const std::int64_t all = axis < 0 ? 1 : m_slicing.shape[static_cast<std::size_t>(axis)];
        if (shown < all)
            parts << tr("the first %1 of %2 %3").arg(shown).arg(all).arg(QString::fromStdString(core::axisName(m_slicing, axis)));
    };
    first(m_tiling.downAxis, m_tiling.down);
    first(m_tiling.acrossAxis, m_tiling.across);
    return parts.join(QStringLiteral(", "));
}

core::report::ColorMap TileMap::map(bool dark) const
{
    using core::report::ColorMap;
    return !m_diverging ? ColorMap::Values : dark ? ColorMap::DifferenceDark : ColorMap::DifferenceLight;
}

/// Planes of one row of channels stand beside each other; a single column of them is wrapped to the shape of the place.
std::int64_t TileMap::tilesInRow() const
{
    if (m_tiling.across > 1)
        return m_tiling.across;
    const double width = static_cast<double>(m_tiling.width + 1), height = static_cast<double>(m_tiling.height + 1);
    const double shape = std::max(0.2, static_cast<double>(viewport()->width()) / std::max(1, viewport()->height()));
    const auto columns = static_cast<std::int64_t>(std::ceil(std::sqrt(static_cast<double>(m_tiling.down) * shape * height / width)));
    return std::clamp<std::int64_t>(columns, 1, m_tiling.down);
}

QRectF TileMap::tileRect(std::int64_t tile) const
{
    return QRectF(static_cast<double>(tile % m_inRow * (m_tiling.width + 1)), static_cast<double>(tile / m_inRow * (m_tiling.height + 1)),
                  static_cast<double>(m_tiling.width), static_cast<double>(m_tiling.height));
}

void TileMap::refresh()
{
    if (hasTiles()) {
        m_inRow = tilesInRow();
        m_mosaic = mosaic(map(colours(palette()).dark));
    }
    updateScrollBars();
    viewport()->update();
}

void TileMap::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    if (hasTiles() && tilesInRow() != m_inRow)
        refresh();
    updateScrollBars();
}

void TileMap::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange)
        refresh();
    QAbstractScrollArea::changeEvent(event);
}

double TileMap::scale() const
{
    if (m_zoom > 0)
        return m_zoom / devicePixelRatioF();
    const QSizeF room = QSizeF(maximumViewportSize()) - QSizeF(px(24) + px(64), px(16));
    const double most = std::min(std::max(8.0, room.width()) / m_mosaic.width(), std::max(8.0, room.height()) / m_mosaic.height());
    const double pixels = std::min(most * devicePixelRatioF(), 32.0);
    return (pixels >= 1 ? std::floor(pixels) : pixels) / devicePixelRatioF(); // whole pixels unless it must shrink
}

/// A vector is a line of one value: drawn high enough to be seen.
QSizeF TileMap::stretched() const
{
    const double height = m_mosaic.height() == 1 ? std::max<double>(scale(), px(28)) : m_mosaic.height() * scale();
    return {m_mosaic.width() * scale(), height};
}

QRectF TileMap::placeOfMosaic() const
{
    return QRectF(QPointF(px(12) - horizontalScrollBar()->value(), px(8) - verticalScrollBar()->value()), stretched());
}

void TileMap::updateScrollBars()
{
    const QSizeF needed = hasTiles() ? stretched() + QSizeF(px(24) + px(64), px(16)) : QSizeF();
    const QSize room = viewport()->size();
    horizontalScrollBar()->setRange(0, m_zoom == 0 ? 0 : std::max(0, static_cast<int>(std::ceil(needed.width())) - room.width()));
    verticalScrollBar()->setRange(0, m_zoom == 0 ? 0 : std::max(0, static_cast<int>(std::ceil(needed.height())) - room.height()));
    horizontalScrollBar()->setPageStep(room.width());
    verticalScrollBar()->setPageStep(room.height());
}

std::optional<TileMap::Spot> TileMap::spotAt(QPointF position) const
{
    const QRectF place = placeOfMosaic();
    if (!hasTiles() || !place.contains(position))
        return {};
    const auto x = static_cast<std::int64_t>((position.x() - place.left()) * m_mosaic.width() / place.width());
    const auto y = static_cast<std::int64_t>((position.y() - place.top()) * m_mosaic.height() / place.height());
    const std::int64_t width = m_tiling.width + 1, height = m_tiling.height + 1;
    const Spot spot{y / height * m_inRow + x / width, y % height, x % width};
    if (spot.x >= m_tiling.width || spot.y >= m_tiling.height || x / width >= m_inRow || spot.tile >= m_tiling.down * m_tiling.across)
        return {};
    return spot;
}

core::Slicing TileMap::slicingOf(const Spot& spot) const
{
    core::Slicing slicing = m_slicing;
    const auto stand = [&](int axis, std::int64_t at) {
        if (axis >= 0)
            slicing.at[static_cast<std::size_t>(axis)] = at;
    };
    stand(m_tiling.downAxis, spot.tile / m_tiling.across);
    stand(m_tiling.acrossAxis, spot.tile % m_tiling.across);
    return slicing;
}

std::int64_t TileMap::chosenTile() const
{
    const auto at = [&](int axis) { return axis < 0 ? 0 : m_slicing.at[static_cast<std::size_t>(axis)]; };
    return at(m_tiling.downAxis) * m_tiling.across + at(m_tiling.acrossAxis);
}

QString TileMap::tell(const Spot& spot) const
{
    const std::int64_t row = spot.y * m_tiling.heightStep, column = spot.x * m_tiling.widthStep;
    const bool lies = m_tiling.heightAxis < 0;
    const auto value = m_values[static_cast<std::size_t>((spot.tile * m_tiling.height + spot.y) * m_tiling.width + spot.x)];
    return QStringLiteral("[%1]  %2")
        .arg(QString::fromStdString(core::placeText(slicingOf(spot), lies ? column : row, lies ? 0 : column)))
        .arg(static_cast<double>(value), 0, 'g', 6);
}

bool TileMap::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        if (const auto spot = spotAt(help->pos()))
            QToolTip::showText(help->globalPos(), tell(*spot), viewport());
        else
            QToolTip::hideText();
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void TileMap::wheelEvent(QWheelEvent* event)
{
    event->accept();
    if (!hasTiles() || event->angleDelta().y() == 0)
        return;
    const QRectF before = placeOfMosaic();
    const QPointF at((event->position().x() - before.left()) / before.width(), (event->position().y() - before.top()) / before.height());
    const int now = static_cast<int>(std::floor(scale() * devicePixelRatioF()));
    const int next = event->angleDelta().y() > 0 ? std::min(64, now + std::max(1, now / 4)) : now - std::max(1, now / 5);
    m_zoom = std::max(0, next);
    const double zoomed = m_zoom / devicePixelRatioF();
    if (const int chosen = std::exchange(m_zoom, 0); zoomed > scale())
        m_zoom = chosen; // smaller than what fits is what fits
    updateScrollBars();
    const QSizeF size = stretched();
    horizontalScrollBar()->setValue(static_cast<int>(px(12) + at.x() * size.width() - event->position().x()));
    verticalScrollBar()->setValue(static_cast<int>(px(8) + at.y() * size.height() - event->position().y()));
    viewport()->update();
}

void TileMap::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    m_grabbed = event->position().toPoint();
    m_dragged = false;
}

void TileMap::mouseMoveEvent(QMouseEvent* event)
{
    const QPoint at = event->position().toPoint();
    if (!m_grabbed || !event->buttons().testFlag(Qt::LeftButton)) {
        if (const auto spot = spotAt(event->position()))
            QToolTip::showText(event->globalPosition().toPoint(), tell(*spot), viewport());
        return;
    }
    const QPoint moved = *m_grabbed - at;
    if (!m_dragged && moved.manhattanLength() < 4)
        return;
    m_dragged = true;
    horizontalScrollBar()->setValue(horizontalScrollBar()->value() + moved.x());
    verticalScrollBar()->setValue(verticalScrollBar()->value() + moved.y());
    m_grabbed = at;
}

void TileMap::mouseReleaseEvent(QMouseEvent* event)
{
    m_grabbed.reset();
    if (m_dragged || event->button() != Qt::LeftButton)
        return;
    if (const auto spot = spotAt(event->position())) {
        const std::int64_t row = spot->y * m_tiling.heightStep, column = spot->x * m_tiling.widthStep;
        const bool lies = m_tiling.heightAxis < 0;
        Q_EMIT placeChosen(slicingOf(*spot), lies ? column : row, lies ? 0 : column);
    }
}

QSize TileMap::sizeHint() const
{
    return {px(300), px(220)};
}

}
