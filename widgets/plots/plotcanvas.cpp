// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/plotcanvas.h"

#include <QMouseEvent>
#include <QPainter>
#include <QVBoxLayout>
#include <qcustomplot.h>

namespace widgets {
namespace {

QBrush hatching(QColor color, double devicePixelRatio)
{
    constexpr int side = 7;
    QPixmap pixmap(QSize(side, side) * devicePixelRatio);
    pixmap.setDevicePixelRatio(devicePixelRatio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(color, 1.5));
    for (const int shift : {-side, 0, side})
        painter.drawLine(QPointF(shift, side), QPointF(shift + side, 0));
    painter.end();
    return QBrush(pixmap);
}

QSharedPointer<QCPAxisTicker> tickerFor(const PlotCanvas::Axis& axis)
{
    return axis.logarithmic ? QSharedPointer<QCPAxisTicker>(new QCPAxisTickerLog) : QSharedPointer<QCPAxisTicker>(new QCPAxisTicker);
}

}

struct PlotCanvas::Private
{
    QCustomPlot* plot = nullptr;

    void place(QCPItemPosition* position, double key, double value) const
    {
        position->setAxes(plot->xAxis, plot->yAxis);
        position->setType(QCPItemPosition::ptPlotCoords);
        position->setCoords(key, value);
    }
    QCPItemTracer* anchorAt(double key, double value) const
    {
        auto* anchor = new QCPItemTracer(plot);
        anchor->setStyle(QCPItemTracer::tsNone);
        anchor->setClipToAxisRect(false);
        place(anchor->position, key, value);
        return anchor;
    }
};

PlotCanvas::PlotCanvas(QWidget* parent) : QWidget(parent), m(std::make_unique<Private>())
{
    m->plot = new QCustomPlot(this);
    m->plot->setFocusPolicy(Qt::NoFocus);
    m->plot->setAttribute(Qt::WA_AcceptTouchEvents, false);
    m->plot->setMouseTracking(true);
    m->plot->axisRect()->setupFullAxesBox();
    m->plot->axisRect()->setAutoMargins(QCP::msNone);
    for (auto* axis : m->plot->axisRect()->axes())
        axis->setVisible(false);
    m->plot->setMinimumSize(0, 0);
    setMinimumSize(0, 0);
    connect(m->plot, &QCustomPlot::mousePress, this, [this](QMouseEvent* event) {
        if (event->button() == Qt::LeftButton)
            Q_EMIT clicked(keyAt(event->position()));
    });
    connect(m->plot, &QCustomPlot::mouseMove, this,
            [this](QMouseEvent* event) { Q_EMIT hovered(keyAt(event->position()), event->globalPosition().toPoint()); });
}

PlotCanvas::~PlotCanvas() = default;

void PlotCanvas::clear()
{
    m->plot->clearPlottables();
    m->plot->clearItems();
}

void PlotCanvas::setAxes(Axis keys, Axis values, QMargins margins)
{
    const auto put = [](QCPAxis* axis, const Axis& range) {
        axis->setScaleType(range.logarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
        axis->setTicker(tickerFor(range));
        axis->setRange(range.low, range.high);
    };
    put(m->plot->xAxis, keys);
    put(m->plot->yAxis, values);
    m->plot->axisRect()->setMargins(margins);
}

void PlotCanvas::setGround(QColor color)
{
    m->plot->setBackground(QBrush(color));
}

void PlotCanvas::addBand(double lowKey, double highKey, QColor fill)
{
    auto* band = new QCPItemRect(m->plot);
    band->setClipToAxisRect(false);
    band->setPen(Qt::NoPen);
    band->setBrush(fill);
    band->setLayer(QStringLiteral("background"));
    band->topLeft->setTypeX(QCPItemPosition::ptPlotCoords);
    band->topLeft->setTypeY(QCPItemPosition::ptViewportRatio);
    band->topLeft->setCoords(lowKey, 0);
    band->bottomRight->setTypeX(QCPItemPosition::ptPlotCoords);
    band->bottomRight->setTypeY(QCPItemPosition::ptViewportRatio);
    band->bottomRight->setCoords(highKey, 1);
}

void PlotCanvas::addLine(double value, QColor color, double width, bool dashed)
{
    auto* line = new QCPItemLine(m->plot);
    line->setAntialiased(false);
    line->setClipToAxisRect(false);
    QPen pen(color, width);
    if (dashed)
        pen.setDashPattern({6 / width, 3 / width});
    line->setPen(pen);
    line->setLayer(dashed ? QStringLiteral("axes") : QStringLiteral("grid"));
    m->place(line->start, m->plot->xAxis->range().lower, value);
    m->place(line->end, m->plot->xAxis->range().upper, value);
}

void PlotCanvas::addBars(const Bars& bars)
{
    auto* plottable = new QCPBars(m->plot->xAxis, m->plot->yAxis);
    plottable->setAntialiased(false);
    plottable->setAntialiasedFill(false);
    plottable->setWidthType(QCPBars::wtAbsolute);
    plottable->setWidth(bars.width);
    plottable->setBaseValue(bars.base.value_or(m->plot->yAxis->range().lower));
    plottable->setPen(bars.line.isValid() ? QPen(bars.line, bars.lineWidth, Qt::SolidLine, Qt::FlatCap, Qt::MiterJoin) : QPen(Qt::NoPen));
    plottable->setBrush(bars.hatched ? hatching(bars.fill, devicePixelRatioF()) : QBrush(bars.fill));
    const double shift = pixelsPerKey() > 0 ? bars.offset / pixelsPerKey() : 0;
    QVector<double> keys(bars.keys.begin(), bars.keys.end());
    for (double& key : keys)
        key += shift;
    plottable->setData(keys, QVector<double>(bars.values.begin(), bars.values.end()), true);
}

void PlotCanvas::addSteps(double low, double high, const std::vector<double>& values, QColor color, double width)
{
    auto* graph = new QCPGraph(m->plot->xAxis, m->plot->yAxis);
    graph->setPen(QPen(color, width, Qt::SolidLine, Qt::FlatCap, Qt::MiterJoin));
    graph->setLineStyle(QCPGraph::lsStepLeft);
    graph->setAntialiased(true);
    const double bin = (high - low) / static_cast<double>(std::max<std::size_t>(values.size(), 1));
    graph->addData(low, 0);
    for (std::size_t i = 0; i < values.size(); ++i)
        graph->addData(low + static_cast<double>(i) * bin, values[i]);
    graph->addData(high, values.empty() ? 0 : values.back());
    graph->addData(high, 0);
}

void PlotCanvas::addText(const Text& text)
{
    auto* item = new QCPItemText(m->plot);
    item->setClipToAxisRect(false);
    item->setText(text.text);
    item->setFont(text.font);
    item->setColor(text.color);
    item->setPositionAlignment(text.alignment);
    item->setPadding(QMargins());
    item->position->setParentAnchor(m->anchorAt(text.key, text.value)->position);
    item->position->setCoords(text.offset);
}

void PlotCanvas::addPixmap(double key, double value, QPointF offset, const QPixmap& pixmap)
{
    auto* item = new QCPItemPixmap(m->plot);
    item->setClipToAxisRect(false);
    item->setPixmap(pixmap);
    item->topLeft->setParentAnchor(m->anchorAt(key, value)->position);
    item->topLeft->setCoords(offset);
}

void PlotCanvas::commit()
{
    m->plot->replot(QCustomPlot::rpQueuedReplot);
}

double PlotCanvas::keyAt(QPointF point) const
{
    return m->plot->xAxis->pixelToCoord(point.x());
}

double PlotCanvas::pixelsPerKey() const
{
    const QMargins margins = m->plot->axisRect()->margins();
    const double range = m->plot->xAxis->range().size();
    return range > 0 ? (width() - margins.left() - margins.right()) / range : 0;
}

QImage PlotCanvas::picture(double scale) const
{
    m->plot->replot(QCustomPlot::rpImmediateRefresh);
    return m->plot->toPixmap(width(), height(), scale).toImage();
}

void PlotCanvas::resizeEvent(QResizeEvent* event)
{
    m->plot->setGeometry(rect());
    QWidget::resizeEvent(event);
}

void PlotCanvas::leaveEvent(QEvent* event)
{
    Q_EMIT left();
    QWidget::leaveEvent(event);
}

}
