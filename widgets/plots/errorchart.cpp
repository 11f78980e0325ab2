// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/errorchart.h"

#include "widgets/plots/chartlegend.h"
#include "widgets/plots/plotcanvas.h"
#include "widgets/sides/headerbar.h"
#include "widgets/sides/text.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/type.h"

#include <QContextMenuEvent>
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

constexpr int headerHeight = 28;

/// Words that end in an ellipsis where they do not fit; the tooltip has them whole.
class ElidedLabel final : public QLabel
{
public:
    using QLabel::QLabel;

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setPen(palette().color(QPalette::WindowText));
        painter.drawText(rect(), int(Qt::AlignLeft | Qt::AlignVCenter) | Qt::TextSingleLine,
                         fontMetrics().elidedText(text(), Qt::ElideRight, width()));
    }
};

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
        auto* made = new ElidedLabel(this);
        made->setTextFormat(Qt::PlainText);
        made->setFont(textFont(size, bold));
        made->setForegroundRole(QPalette::WindowText);
        made->setFixedHeight(px(headerHeight));
        m_row->addWidget(made);
        return made;
    };
    label(12, true)->setText(tr("Error by layer"));
    m_metric = label(11, false);
    m_metric->setText(tr("max |d|, log"));
    m_legend = new ChartLegend(this);
    m_row->addWidget(m_legend);
    m_separator = new QWidget(this);
    m_separator->setFixedSize(1, px(20));
    m_row->addWidget(m_separator);
    m_icon = new QLabel(this);
    m_row->addWidget(m_icon);
    m_strong = label(12, true);
    m_strong->setMinimumWidth(px(60)); // a long name makes no wide window
    m_rest = label(12, false);
    m_rest->setMinimumWidth(0);
    m_rest->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    m_row->setStretchFactor(m_rest, 1);
    column->addLayout(m_row);
    column->addWidget(m_canvas, 1);
    setMinimumHeight(px(96));
    setFocusPolicy(Qt::StrongFocus);
    groundAsPanel(this);
    setAccessibleName(tr("Error by layer"));
    connect(m_canvas, &PlotCanvas::clicked, this, &ErrorChart::chooseAt);
    connect(m_canvas, &PlotCanvas::hovered, this, &ErrorChart::showTip);
    updateHeadline();
}

void ErrorChart::setErrors(std::vector<LayerError> errors, double tolerance, const ChartHeadline& headline)
{
    m_errors = std::move(errors);
    m_tolerance = tolerance;
    m_headline = headline;
    if (m_selected >= static_cast<int>(m_errors.size()))
        m_selected = -1;
    m_legend->setVisible(
        std::any_of(m_errors.begin(), m_errors.end(), [](const LayerError& layer) { return layer.alone || layer.aloneDiffers; }));
    updateHeadline();
    draw();
}

void ErrorChart::setHeadline(const ChartHeadline& headline)
{
    if (headline == m_headline)
        return;
    m_headline = headline;
    updateHeadline();
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
    const auto found = std::find_if(m_errors.begin(), m_errors.end(), [](const LayerError& layer) { return layer.differs; });
    return found == m_errors.end() ? -1 : static_cast<int>(found - m_errors.begin());
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
    using Tone = ChartHeadline::Tone;
    const Tone tone = m_headline.tone;
    QColor Colours::*ink = tone == Tone::Bad     ? &Colours::red
                           : tone == Tone::Good  ? &Colours::green
                           : tone == Tone::Tried ? &Colours::blue
                                                 : &Colours::amber;
    const QString iconName = tone == Tone::Plain   ? QString()
                             : tone == Tone::Good  ? QStringLiteral("check")
                             : tone == Tone::Bad   ? QStringLiteral("flag")
                             : tone == Tone::Tried ? QStringLiteral("bolt")
                                                   : QStringLiteral("warn");
    m_icon->setVisible(!iconName.isEmpty());
    if (!iconName.isEmpty())
        m_icon->setPixmap(icon(iconName, ink).pixmap(QSize(px(16), px(16)), devicePixelRatioF()));
    m_metric->setVisible(tone != Tone::Bad || m_legend->isHidden()); // why they differ needs the room
    m_strong->setVisible(!m_headline.strong.isEmpty());
    m_strong->setText(m_headline.strong);
    m_rest->setText(m_headline.rest);
    m_rest->setToolTip(m_headline.rest.toHtmlEscaped());
    colour(m_strong, tone == Tone::Plain ? set.text : set.*ink);
    colour(m_rest, tone == Tone::Plain ? set.text2 : set.text);
    colour(m_metric, set.text2);
    setAccessibleDescription(QStringList{m_headline.strong, m_headline.rest}.join(u' ').trimmed());
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
    const QString what = layer.error     ? tr("up to here, both networks as they are: %1").arg(twoDigits(*layer.error))
                         : layer.differs ? tr("differs: %1").arg(layer.problem)
                                         : tr("not compared: %1").arg(layer.problem);
    QStringList lines{layer.name, what};
    if (layer.alone || layer.aloneDiffers)
        lines
            << tr("this layer alone, both sides on the same input: %1").arg(layer.alone ? twoDigits(*layer.alone) : tr("shapes disagree"));
    // Names come from files: never rich text.
    QToolTip::showText(at,
                       QStringLiteral("<p style='white-space:pre'>%1</p>")
                           .arg(lines.join(u'\n').toHtmlEscaped().replace(QLatin1Char('\n'), QLatin1String("<br>"))),
                       this);
}

void ErrorChart::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Left || event->key() == Qt::Key_Right)
        chooseAt(m_selected + (event->key() == Qt::Key_Right ? 1 : -1));
    else
        QWidget::keyPressEvent(event);
}

void ErrorChart::contextMenuEvent(QContextMenuEvent* event)
{
    if (event->reason() == QContextMenuEvent::Mouse)
        chooseAt(m_canvas->keyAt(m_canvas->mapFrom(this, event->pos())));
    if (m_selected >= 0)
        Q_EMIT menuRequested(event->globalPos());
}

void ErrorChart::paintEvent(QPaintEvent*)
{
    QPainter(this).fillRect(m_separator->geometry(), colours(palette()).hair);
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
    QString text = QStringLiteral("layer,error,alone,tolerance,differs\n");
    const auto number = [](std::optional<double> value) { return value ? QString::number(*value, 'g', 9) : QString(); };
    for (const auto& layer : m_errors) {
        QString name = layer.name;
        name.replace(u'"', QLatin1String("\"\""));
        text += u'"' + name + QLatin1String("\",") + number(layer.error) + u',' + number(layer.alone) + u',' +
                QString::number(m_tolerance, 'g', 9) + u',' + (layer.differs ? QLatin1String("true") : QLatin1String("false")) + u'\n';
    }
    return text;
}

}
