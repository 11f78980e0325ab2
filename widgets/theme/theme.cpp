// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/theme.h"

#include "widgets/theme/style.h"
#include "widgets/theme/type.h"

#include <QAbstractButton>
#include <QAbstractSpinBox>
#include <QApplication>
#include <QComboBox>
#include <QEvent>
#include <QLineEdit>
#include <QScopedValueRollback>
#include <QSlider>
#include <QToolTip>

namespace widgets {

Theme::Theme(QObject* parent) : QObject(parent)
{
    QApplication::setStyle(new Style);
    apply();
    qApp->installEventFilter(this);
    connect(qApp, &QApplication::focusChanged, this, [this](QWidget*, QWidget* now) { showFocus(now); });
}

Theme::~Theme()
{
    delete m_ring;
}

void Theme::setChoice(Choice choice)
{
    m_choice = choice;
    apply();
}

void Theme::apply()
{
    const QScopedValueRollback guard(m_applying, true);
    const bool was = m_dark;
    if (m_choice == Choice::System) {
        QApplication::setPalette(QPalette()); // Qt 6.4 has no other public way to the desktop's own palette
        m_dark = widgets::isDark(QApplication::palette());
    } else {
        m_dark = m_choice == Choice::Dark;
    }
    const QPalette palette = paletteOf(m_dark ? darkColours() : lightColours());
    QApplication::setPalette(palette);
    QToolTip::setPalette(palette);
    QToolTip::setFont(textFont());
    if (was != m_dark)
        Q_EMIT changed();
}

bool Theme::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::ThemeChange && m_choice == Choice::System && !m_applying)
        apply();
    return QObject::eventFilter(watched, event);
}

void Theme::showFocus(QWidget* widget)
{
    const bool control =
        widget && (qobject_cast<QAbstractButton*>(widget) || qobject_cast<QLineEdit*>(widget) || qobject_cast<QComboBox*>(widget) ||
                   qobject_cast<QAbstractSpinBox*>(widget) || qobject_cast<QSlider*>(widget));
    const bool byKey = control && (widget->window()->testAttribute(Qt::WA_KeyboardFocusChange) || qobject_cast<QLineEdit*>(widget));
    if (!byKey) {
        if (m_ring)
            m_ring->setWidget(nullptr);
        return;
    }
    if (!m_ring)
        m_ring = new QFocusFrame;
    QWidget* target = widget;
    if (qobject_cast<QAbstractSpinBox*>(widget->parentWidget()) || qobject_cast<QComboBox*>(widget->parentWidget()))
        target = widget->parentWidget();
    m_ring->setWidget(target);
}

}
