// SPDX-License-Identifier: GPL-3.0-or-later
// What a person can do with the panel by key, button and menu, and what leaves it as picture or text.
#include "widgets/heatmap/heatmappanel.h"

#include "widgets/heatmap/heatmapview.h"
#include "widgets/heatmap/stripview.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/type.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHBoxLayout>
#include <QMenu>
#include <QPainter>
#include <QToolButton>

namespace widgets {

QAction* HeatmapPanel::addViewAction(const QString& text, const QString& iconName, const QKeySequence& key)
{
    auto* action = new QAction(text, this);
    if (!iconName.isEmpty())
        action->setIcon(icon(iconName));
    if (!key.isEmpty())
        action->setShortcut(key);
    action->setToolTip(key.isEmpty() ? text : tr("%1 (%2)").arg(text, key.toString(QKeySequence::NativeText)));
    addAction(action);
    return action;
}

void HeatmapPanel::buildActions()
{
    m_actions.brighter = addViewAction(tr("More exposure"), QStringLiteral("exposure"), Qt::Key_Plus);
    m_actions.darker = addViewAction(tr("Less exposure"), {}, Qt::Key_Minus);
    m_actions.fit = addViewAction(tr("Stretch the difference's scale to the data"), QStringLiteral("fit"), Qt::Key_N);
    m_actions.fit->setCheckable(true);
    m_actions.reset = addViewAction(tr("Reset the view"), {}, Qt::Key_R);
    m_actions.save = addViewAction(tr("Save the picture…"), QStringLiteral("save"), {});
    m_actions.copyPicture = addViewAction(tr("Copy the picture"), QStringLiteral("copy"), {});
    m_actions.copyValues = addViewAction(tr("Copy the values"), {}, {});
    connect(m_actions.brighter, &QAction::triggered, this, [this] { m_state->setExposure(m_state->exposure() + 1); });
    connect(m_actions.darker, &QAction::triggered, this, [this] { m_state->setExposure(m_state->exposure() - 1); });
    connect(m_actions.fit, &QAction::toggled, m_state, &ViewState::setFitted);
    connect(m_actions.reset, &QAction::triggered, m_state, &ViewState::reset);
    connect(m_actions.save, &QAction::triggered, this, &HeatmapPanel::saveRequested);
    connect(m_actions.copyPicture, &QAction::triggered, this, [this] { QApplication::clipboard()->setImage(picture()); });
    connect(m_actions.copyValues, &QAction::triggered, this, [this] { QApplication::clipboard()->setText(valuesAsText()); });
}

void HeatmapPanel::buildButtons()
{
    m_buttons = new QWidget(this);
    auto* row = new QHBoxLayout(m_buttons);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    const auto add = [&](QToolButton* button) {
        button->setFixedSize(px(24), px(24));
        button->setIconSize(QSize(px(16), px(16)));
        button->setFocusPolicy(Qt::TabFocus);
        row->addWidget(button);
        return button;
    };
    const auto forAction = [&](QAction* action) {
        auto* button = new QToolButton(m_buttons);
        button->setDefaultAction(action);
        return add(button);
    };
    auto* exposure = forAction(m_actions.brighter);
    exposure->setToolTip(tr("Exposure of the pictures (+ and -)"));
    forAction(m_actions.fit);
    auto* flicker = add(new QToolButton(m_buttons));
    flicker->setIcon(icon(QStringLiteral("flicker")));
    flicker->setToolTip(tr("Hold to swap the two frameworks (Space)"));
    flicker->setAccessibleName(tr("Swap the two frameworks while held"));
    connect(flicker, &QToolButton::pressed, this, [this] { m_state->setSwapped(true); });
    connect(flicker, &QToolButton::released, this, [this] { m_state->setSwapped(false); });
    forAction(m_actions.save);
}

void HeatmapPanel::contextMenuEvent(QContextMenuEvent* event)
{
    QMenu menu(this);
    menu.addActions({m_actions.copyPicture, m_actions.copyValues, m_actions.save});
    menu.addSeparator();
    menu.addActions({m_actions.brighter, m_actions.darker, m_actions.fit, m_actions.reset});
    menu.exec(event->globalPos());
}

QImage HeatmapPanel::picture(double scale) const
{
    QImage image(size() * scale, QImage::Format_RGB32);
    image.setDevicePixelRatio(scale);
    const Colours& set = lightColours();
    image.fill(set.panel);
    QPainter painter(&image);
    const auto panes = contents(true);
    if (showsStrips()) {
        m_strips->renderTo(painter, size(), panes, set, scale);
        return image;
    }
    for (std::size_t i = 0; i < 3; ++i) {
        painter.save();
        painter.translate(m_views[i]->pos());
        m_views[i]->renderTo(painter, m_views[i]->size(), panes[i], set, scale);
        painter.restore();
    }
    return image;
}

QString HeatmapPanel::valuesAsText() const
{
    QString text = QStringLiteral("channel\ty\tx\t%1\t%2\td\n").arg(m_values.left.shortName, m_values.right.shortName);
    const auto& some = m_left.isEmpty() ? m_right : m_left;
    const auto cell = [](const FeatureMaps& maps, int c, int y, int x) {
        return maps.isEmpty() ? QString() : QString::number(static_cast<double>(maps.at(c, y, x)), 'g', 9);
    };
    for (int c = 0; c < some.channels; ++c)
        for (int y = 0; y < some.height; ++y)
            for (int x = 0; x < some.width; ++x)
                text += QStringLiteral("%1\t%2\t%3\t").arg(c).arg(y).arg(x) + cell(m_left, c, y, x) + u'\t' +
                        (m_right.channels == some.channels ? cell(m_right, c, y, x) : QString()) + u'\t' + cell(m_difference, c, y, x) +
                        u'\n';
    return text;
}

}
