// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/heatmap/heatmappanel.h"

#include "widgets/heatmap/heatmapview.h"
#include "widgets/heatmap/hovertip.h"
#include "widgets/heatmap/stripview.h"
#include "widgets/sides/text.h"
#include "widgets/theme/type.h"

#include <QAbstractButton>
#include <QAbstractSpinBox>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QKeyEvent>
#include <QLineEdit>

#include <cmath>

namespace widgets {
namespace {

bool takesSpace(QWidget* focus)
{
    return qobject_cast<QLineEdit*>(focus) || qobject_cast<QAbstractSpinBox*>(focus) || qobject_cast<QAbstractButton*>(focus) ||
           qobject_cast<QComboBox*>(focus);
}

Range narrowed(Range range, double factor)
{
    const double middle = (range.low + range.high) / 2, half = (range.high - range.low) / 2 * factor;
    return {middle - half, middle + half};
}

}

HeatmapPanel::HeatmapPanel(QWidget* parent) : QWidget(parent), m_state(new ViewState(this))
{
    for (int place = 0; place < 3; ++place) {
        auto* view = new HeatmapView(m_state, place, this);
        connect(view, &HeatmapView::pointed, this, &HeatmapPanel::placeTip);
        m_views[static_cast<std::size_t>(place)] = view;
    }
    m_strips = new StripView(m_state, this);
    m_strips->hide();
    connect(m_strips, &StripView::pointed, this, &HeatmapPanel::placeTip);
    connect(m_state, &ViewState::changed, this, &HeatmapPanel::refresh);
    connect(m_state, &ViewState::hoveredChanged, this, &HeatmapPanel::updateTip);
    buildActions();
    buildButtons();
    setFocusPolicy(Qt::ClickFocus);
    setMinimumHeight(px(120));
    setAccessibleName(tr("Feature maps"));
    qApp->installEventFilter(this);
}

HeatmapPanel::~HeatmapPanel()
{
    delete m_tip;
}

bool HeatmapPanel::showsStrips() const
{
    const auto& some = m_left.isEmpty() ? m_right : m_left;
    return !some.isEmpty() && some.isStrip();
}

void HeatmapPanel::setValues(const HeatmapValues& values)
{
    m_values = values;
    m_left = featureMaps(values.leftValue);
    m_right = featureMaps(values.rightValue);
    m_difference = differenceOf(m_left, m_right);
    m_largest = largest(m_difference.values);
    refresh();
}

std::array<PaneContent, 3> HeatmapPanel::contents(bool forPaper) const
{
    const double factor = m_state->exposureFactor();
    Range range = rangeOf(m_left, m_right);
    if (range.low == range.high && !(m_left.isEmpty() && m_right.isEmpty()))
        range = {range.low - 0.5, range.high + 0.5};
    PaneContent left, right, difference;
    left.framework = m_values.left.framework;
    left.title = m_values.left.title;
    left.detail = m_values.leftDetail;
    left.maps = m_left;
    left.problem = m_values.leftProblem;
    right.framework = m_values.right.framework;
    right.title = m_values.right.title;
    right.detail = m_values.rightDetail;
    right.maps = m_right;
    right.problem = m_values.rightProblem;
    left.range = right.range = narrowed(range, factor);
    if (m_state->isSwapped())
        std::swap(left, right);

    const bool dark = !forPaper && colours(palette()).dark;
    const double most = std::isfinite(m_largest) ? m_largest : 1.0;
    const double limit = m_state->isFitted() && most > 0 ? most : std::max(m_values.tolerance, most);
    difference.title = tr("Difference");
    difference.detail = tr("%1 - %2").arg(m_values.left.shortName, m_values.right.shortName);
    if (!m_difference.isEmpty()) {
        const bool within = limit <= m_values.tolerance && !m_state->isFitted();
        if (!showsStrips())
            difference.detail += within ? tr(", ± tolerance") : tr(", max %1").arg(twoDigits(m_largest));
        difference.range = {-limit * factor, limit * factor};
    }
    difference.maps = m_difference;
    difference.problem = m_values.differenceProblem;
    difference.map = dark ? core::report::ColorMap::DifferenceDark : core::report::ColorMap::DifferenceLight;
    difference.isDifference = true;
    return {left, right, difference};
}

QString HeatmapPanel::rangeText() const
{
    const Range range = rangeOf(m_left, m_right);
    return fixedNumber(range.low, 2) + QStringLiteral(" … ") + fixedNumber(range.high, 2);
}

void HeatmapPanel::refresh()
{
    const bool strips = showsStrips();
    auto panes = contents(false);
    m_strips->setVisible(strips);
    for (std::size_t i = 0; i < 3; ++i)
        m_views[i]->setVisible(!strips);
    if (strips) {
        const int units = std::max(m_left.channels, m_right.channels);
        m_strips->setContent(m_values.layer, tr("%1 units, drawn as strips; one colour scale for both, %2").arg(units).arg(rangeText()),
                             std::move(panes));
    } else {
        for (std::size_t i = 0; i < 3; ++i)
            m_views[i]->setContent(std::move(panes[i]));
    }
    m_actions.fit->setChecked(m_state->isFitted());
    const bool any = !m_left.isEmpty() || !m_right.isEmpty();
    for (QAction* action : {m_actions.save, m_actions.copyPicture, m_actions.copyValues})
        action->setEnabled(any);
    m_buttons->raise();
    updateTip();
}

void HeatmapPanel::updateTip()
{
    const auto cell = m_state->hovered();
    const auto inside = [&](const FeatureMaps& maps) {
        return cell && cell->channel < maps.channels && cell->y < maps.height && cell->x < maps.width;
    };
    if (!inside(m_left) && !inside(m_right)) {
        if (m_tip)
            m_tip->hide();
        return;
    }
    if (!m_tip)
        m_tip = new HoverTip(window());
    const auto text = [&](const FeatureMaps& maps) {
        return inside(maps) ? fixedNumber(static_cast<double>(maps.at(cell->channel, cell->y, cell->x)), 6) : QStringLiteral("–");
    };
    HoverTip::Rows rows = {{m_values.left.shortName, text(m_left)}, {m_values.right.shortName, text(m_right)}};
    if (inside(m_difference))
        rows.emplace_back(tr("d"), precise(static_cast<double>(m_difference.at(cell->channel, cell->y, cell->x))));
    m_tip->setRows(showsStrips() ? tr("unit %1").arg(cell->channel)
                                 : tr("channel %1, y %2, x %3").arg(cell->channel).arg(cell->y).arg(cell->x),
                   std::move(rows));
}

void HeatmapPanel::placeTip(QPoint globalPosition)
{
    if (m_tip && m_state->hovered())
        m_tip->showAt(m_tip->parentWidget()->mapFromGlobal(globalPosition));
}

void HeatmapPanel::resizeEvent(QResizeEvent* event)
{
    const auto widths = paneWidths(width());
    int left = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        m_views[i]->setGeometry(left, 0, widths[i], height());
        left += widths[i];
    }
    m_strips->setGeometry(rect());
    m_buttons->adjustSize();
    m_buttons->move(width() - m_buttons->width() - 4, 2);
    QWidget::resizeEvent(event);
}

void HeatmapPanel::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange)
        refresh();
    QWidget::changeEvent(event);
}

void HeatmapPanel::hideEvent(QHideEvent* event)
{
    m_state->setHovered({});
    m_state->setSwapped(false);
    QWidget::hideEvent(event);
}

bool HeatmapPanel::eventFilter(QObject* watched, QEvent* event)
{
    const bool key = event->type() == QEvent::KeyPress || event->type() == QEvent::KeyRelease;
    if (!key || !watched->isWidgetType() || !isVisible())
        return false;
    auto* focus = static_cast<QWidget*>(watched);
    const auto* pressed = static_cast<QKeyEvent*>(event);
    if (pressed->key() != Qt::Key_Space || pressed->modifiers() || focus->window() != window() || takesSpace(focus))
        return false;
    if (!pressed->isAutoRepeat())
        m_state->setSwapped(event->type() == QEvent::KeyPress);
    return true;
}

}
