// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/errorchart.h"

#include "widgets/plots/plotcanvas.h"
#include "widgets/sides/text.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/type.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QToolTip>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace widgets {
namespace {

constexpr double lowest = 1e-9, highest = 10;
constexpr int headerHeight = 28, barWidth = 28;

QPixmap flagPixmap(QColor colour, double devicePixelRatio)
{
    const int side = px(18);
    QPixmap pixmap(QSize(side, side) * devicePixelRatio);
    pixmap.setDevicePixelRatio(devicePixelRatio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paintIcon(painter, QRectF(0, 0, side, side), QStringLiteral("flag"), colour, 2);
    return pixmap;
}

double shown(const LayerError& layer)
{
    const double error = *layer.error;
    return std::isfinite(error) ? std::clamp(error, lowest, highest) : highest;
}

}

ErrorChart::ErrorChart(QWidget* parent) : QWidget(parent), m_canvas(new PlotCanvas(this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_row = new QHBoxLayout;
    m_row->setContentsMargins(px(12), 0, px(8), 0);
    m_row->setSpacing(px(8));
    const auto label = [&](double size, bool bold) {
        auto* made = new QLabel(this);
        made->setTextFormat(Qt::PlainText);
        made->setFont(textFont(size, bold));
        made->setFixedHeight(px(headerHeight));
        m_row->addWidget(made);
        return made;
    };
    label(12, true)->setText(tr("Error by layer"));
    m_metric = label(11, false);
    m_metric->setText(tr("max |d|, log"));
    auto* line = new QFrame(this);
    line->setFixedSize(1, px(20));
    line->setAutoFillBackground(true);
    line->setObjectName(QStringLiteral("separator"));
    m_row->addWidget(line);
    m_icon = label(12, false);
    m_strong = label(12, true);
    m_rest = label(12, false);
    m_rest->setMinimumWidth(0);
    m_rest->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    m_row->setStretchFactor(m_rest, 1);
    column->addLayout(m_row);
    column->addWidget(m_canvas, 1);
    setMinimumHeight(px(96));
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Error by layer"));
    connect(m_canvas, &PlotCanvas::clicked, this, &ErrorChart::chooseAt);
    connect(m_canvas, &PlotCanvas::hovered, this, &ErrorChart::showTip);
    updateHeadline();
}

void ErrorChart::setErrors(std::vector<LayerError> errors, double tolerance)
{
    m_errors = std::move(errors);
    m_tolerance = tolerance;
    m_message.clear();
    if (m_selected >= static_cast<int>(m_errors.size()))
        m_selected = -1;
    updateHeadline();
    draw();
}

void ErrorChart::setMessage(const QString& message)
{
    m_errors.clear();
    m_message = message;
    updateHeadline();
    draw();
}

void ErrorChart::setMetric(const QString& metric)
{
    m_metric->setText(metric);
}

void ErrorChart::setSelected(int index)
{
    if (std::exchange(m_selected, index) != index)
        draw();
}

int ErrorChart::firstOver() const
{
    const auto found = std::find_if(m_errors.begin(), m_errors.end(), [](const LayerError& layer) { return layer.error && !layer.tiesOut; });
    return found == m_errors.end() ? -1 : static_cast<int>(found - m_errors.begin());
}

QString ErrorChart::headline() const
{
    return QStringList{m_strong->text(), m_rest->text()}.join(u' ').trimmed();
}

void ErrorChart::addHeadlineWidget(QWidget* widget)
{
    m_row->addWidget(widget);
}

void ErrorChart::updateHeadline()
{
    const Colours& set = colours(palette());
    const auto colour = [](QLabel* label, const QColor& ink) {
        QPalette palette = label->palette();
        palette.setColor(QPalette::WindowText, ink);
        label->setPalette(palette);
    };
    const int first = firstOver();
    QString strong, rest = m_message, iconName;
    QColor ink = set.text2;
    if (first >= 0) {
        strong = tr("First over tolerance: %1").arg(m_errors[static_cast<std::size_t>(first)].name);
        const auto over = std::count_if(m_errors.begin(), m_errors.end(), [](const LayerError& e) { return e.error && !e.tiesOut; });
        rest = tr("%1 of %2 layers differ.").arg(over).arg(m_errors.size());
        iconName = QStringLiteral("flag");
        ink = set.red;
    } else if (std::any_of(m_errors.begin(), m_errors.end(), [](const LayerError& e) { return e.error.has_value(); })) {
        const auto most = std::max_element(m_errors.begin(), m_errors.end(), [](const LayerError& a, const LayerError& b) {
            return a.error.value_or(-1) < b.error.value_or(-1);
        });
        const auto compared = std::count_if(m_errors.begin(), m_errors.end(), [](const LayerError& e) { return e.error.has_value(); });
        rest = tr("All %1 layers within %2. Largest: %3, %4.")
                   .arg(compared).arg(roundNumber(m_tolerance), most->name, twoDigits(*most->error));
        iconName = QStringLiteral("check");
        ink = set.green;
    }
    m_icon->setVisible(!iconName.isEmpty());
    if (!iconName.isEmpty())
        m_icon->setPixmap(icon(iconName, first >= 0 ? &Colours::red : &Colours::green).pixmap(QSize(px(16), px(16)), devicePixelRatioF()));
    m_strong->setVisible(!strong.isEmpty());
    m_strong->setText(strong);
    m_rest->setText(rest);
    m_rest->setToolTip(rest);
    colour(m_strong, ink);
    colour(m_rest, m_errors.empty() ? set.text2 : set.text);
    colour(m_metric, set.text2);
    auto* line = findChild<QFrame*>(QStringLiteral("separator"));
    QPalette hair = line->palette();
    hair.setColor(QPalette::Window, set.hair);
    line->setPalette(hair);
    setAccessibleDescription(headline());
}

void ErrorChart::draw()
{
    m_canvas->clear();
    drawFrame();
    for (int i = 0; i < static_cast<int>(m_errors.size()); ++i)
        drawBar(i);
    m_canvas->commit();
}

void ErrorChart::drawFrame()
{
    const Colours& set = colours(palette());
    const double count = std::max<double>(1, static_cast<double>(m_errors.size()));
    m_canvas->setGround(set.panel);
    m_canvas->setAxes({-0.5, count - 0.5, false}, {lowest, highest, true}, {px(44), px(4), px(8), px(20)});
    if (m_selected >= 0 && m_selected < static_cast<int>(m_errors.size()))
        m_canvas->addBand(m_selected - 0.5, m_selected + 0.5, set.sel);
    const auto label = [&](double value, bool bold) {
        m_canvas->addText({-0.5, value, QPointF(-6, 0), Qt::AlignRight | Qt::AlignVCenter, roundNumber(value).replace(QLatin1String("1.0"), QLatin1String("1")),
                           textFont(11, bold), bold ? set.text : set.text2});
    };
    for (const double value : {1e-8, 1e-2, 1.0}) {
        if (std::abs(std::log10(value / m_tolerance)) < 1.6 || m_errors.empty())
            continue;
        m_canvas->addLine(value, set.hair);
        label(value, false);
    }
    m_canvas->addLine(lowest, set.ctl);
    if (m_tolerance > lowest && m_tolerance < highest) {
        m_canvas->addLine(m_tolerance, m_errors.empty() ? set.hair : set.text, 1, true);
        label(m_tolerance, true);
    }
}

void ErrorChart::drawBar(int index)
{
    const Colours& set = colours(palette());
    const auto& layer = m_errors[static_cast<std::size_t>(index)];
    const bool over = layer.error && !layer.tiesOut;
    const bool first = over && index == firstOver();
    const double column = m_canvas->pixelsPerKey();
    const double width = std::clamp(column - 4, 2.0, double(px(barWidth)));
    const double shift = column > px(90) ? -px(7) : 0;
    if (layer.error) {
        PlotCanvas::Bars bars;
        bars.keys = {double(index)};
        bars.values = {shown(layer)};
        bars.width = width;
        bars.offset = shift;
        bars.fill = over ? set.red : set.bar;
        bars.hatched = over && !first;
        if (over)
            bars.line = set.red;
        m_canvas->addBars(bars);
    }
    const double beside = shift + width / 2 + 5;
    const QString value = layer.error ? twoDigits(*layer.error) : QStringLiteral("–");
    const int room = static_cast<int>(column / 2 - beside);
    if (!layer.error || QFontMetrics(textFont(11)).horizontalAdvance(value) <= room) {
        const double height = layer.error ? shown(layer) : lowest;
        const bool tall = std::log10(height / lowest) > 2;
        m_canvas->addText({double(index), height, QPointF(layer.error ? beside : 0, tall ? -1 : -px(2)),
                           layer.error ? (tall ? Qt::AlignLeft | Qt::AlignTop : Qt::AlignLeft | Qt::AlignTop) : Qt::AlignHCenter | Qt::AlignBottom, value,
                           textFont(11), over ? set.red : set.text2});
    }
    if (first)
        m_canvas->addPixmap(index, shown(layer), QPointF(shift - width / 2 - px(21), 0), flagPixmap(set.red, devicePixelRatioF()));
    const bool chosen = index == m_selected;
    const QFont font = textFont(11, chosen);
    const QString name = QFontMetrics(font).elidedText(layer.name, Qt::ElideMiddle, static_cast<int>(column) - 4);
    if (column > px(24))
        m_canvas->addText({double(index), lowest, QPointF(0, 4), Qt::AlignHCenter | Qt::AlignTop, name, font, set.text});
}

void ErrorChart::chooseAt(double key)
{
    const int index = static_cast<int>(std::lround(key));
    if (index >= 0 && index < static_cast<int>(m_errors.size())) {
        setSelected(index);
        Q_EMIT selectedByPerson(index);
    }
}

void ErrorChart::showTip(double key, QPoint at)
{
    const auto index = static_cast<std::size_t>(std::max<long>(0, std::lround(key)));
    if (index >= m_errors.size())
        return QToolTip::hideText();
    const auto& layer = m_errors[index];
    QToolTip::showText(at, layer.name + u'\n' + (layer.error ? tr("error %1").arg(twoDigits(*layer.error)) : layer.problem), this);
}

void ErrorChart::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Left || event->key() == Qt::Key_Right)
        chooseAt(m_selected + (event->key() == Qt::Key_Right ? 1 : -1));
    else
        QWidget::keyPressEvent(event);
}

void ErrorChart::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    draw();
}

void ErrorChart::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange) {
        updateHeadline();
        draw();
    }
    QWidget::changeEvent(event);
}

QString ErrorChart::asCsv() const
{
    QString text = QStringLiteral("layer,error,tolerance,ties_out\n");
    for (const auto& layer : m_errors) {
        QString name = layer.name;
        name.replace(u'"', QLatin1String("\"\""));
        text += u'"' + name + QLatin1String("\",") + (layer.error ? QString::number(*layer.error, 'g', 9) : QString()) + u',' +
                QString::number(m_tolerance, 'g', 9) + u',' + (layer.tiesOut ? QLatin1String("true") : QLatin1String("false")) + u'\n';
    }
    return text;
}

}
