// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/segmentedswitch.h"

#include "widgets/theme/paint.h"
#include "widgets/theme/style.h"
#include "widgets/theme/type.h"

#include <QAction>
#include <QActionGroup>
#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>
#include <QToolButton>

namespace widgets {

SegmentedSwitch::SegmentedSwitch(bool small, QWidget* parent) : QWidget(parent), m_group(new QActionGroup(this)), m_small(small)
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(m_group, &QActionGroup::triggered, this,
            [this](QAction* action) { Q_EMIT currentChanged(int(m_group->actions().indexOf(action))); });
}

void SegmentedSwitch::add(QAction* action)
{
    action->setCheckable(true);
    m_group->addAction(action);
    auto* button = new QToolButton(this);
    button->setDefaultAction(action);
    button->setToolButtonStyle(Qt::ToolButtonTextOnly);
    button->setFocusPolicy(Qt::TabFocus);
    if (m_small)
        setSmall(button);
    const auto embolden = [button, action, size = m_small ? 11 : 12] { button->setFont(textFont(size, action->isChecked())); };
    connect(action, &QAction::toggled, button, embolden);
    layout()->addWidget(button);
    const auto count = layout()->count();
    for (int i = 0; i < count; ++i)
        layout()->itemAt(i)->widget()->setProperty("segment", count == 1 ? "only" : i == 0 ? "first" : i == count - 1 ? "last" : "middle");
    if (count == 1)
        action->setChecked(true);
    embolden();
}

QAction* SegmentedSwitch::add(const QString& text)
{
    auto* action = new QAction(text, this);
    add(action);
    return action;
}

int SegmentedSwitch::current() const
{
    return int(m_group->actions().indexOf(m_group->checkedAction()));
}

void SegmentedSwitch::setCurrent(int index)
{
    m_group->actions().at(index)->setChecked(true);
}

void SegmentedSwitch::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    if (!isEnabled())
        painter.setOpacity(disabledOpacity);
    const Colours& set = colours(palette());
    paint::box(painter, rect(), set.raise, set.ctl);
}

void SegmentedSwitch::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::EnabledChange || event->type() == QEvent::PaletteChange)
        update();
    QWidget::changeEvent(event);
}

}
