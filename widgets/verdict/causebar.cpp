// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/verdict/causebar.h"

#include "widgets/theme/icons.h"
#include "widgets/theme/type.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

namespace widgets {

CauseBar::CauseBar(QWidget* parent) : QWidget(parent), m_place(new QLabel(this))
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(px(4));
    const auto arrow = [&](const QString& name, const QString& tip, int by) {
        auto* made = new QToolButton(this);
        made->setIcon(icon(name));
        made->setToolTip(tip);
        made->setAccessibleName(tip);
        made->setAutoRaise(true);
        connect(made, &QToolButton::clicked, this, [this, by] { Q_EMIT stepped(by); });
        return made;
    };
    m_previous = arrow(QStringLiteral("left"), tr("Previous cause"), -1);
    m_next = arrow(QStringLiteral("right"), tr("Next cause"), 1);
    m_place->setTextFormat(Qt::PlainText);
    m_place->setFont(textFont(11));
    const auto button = [&](const QString& name, const QString& text) {
        auto* made = new QPushButton(icon(name, &Colours::text), text, this);
        made->setProperty("small", true);
        made->setFont(textFont());
        return made;
    };
    m_try = button(QStringLiteral("bolt"), tr("Try the fix"));
    m_stop = button(QStringLiteral("stop"), tr("Stop looking"));
    row->addWidget(m_previous);
    row->addWidget(m_place);
    row->addWidget(m_next);
    row->addWidget(m_try);
    row->addWidget(m_stop);
    connect(m_try, &QPushButton::clicked, this, &CauseBar::tryRequested);
    connect(m_stop, &QPushButton::clicked, this, &CauseBar::stopRequested);
    setCauses(0, 0);
    setFix(false);
    setSearching(false);
}

void CauseBar::setCauses(int count, int shown)
{
    m_place->setText(count > 1 ? tr("%1 of %2").arg(shown + 1).arg(count) : QString());
    for (QWidget* part : {static_cast<QWidget*>(m_previous), static_cast<QWidget*>(m_place), static_cast<QWidget*>(m_next)})
        part->setVisible(count > 1);
    m_previous->setEnabled(shown > 0);
    m_next->setEnabled(shown + 1 < count);
}

void CauseBar::setFix(bool possible, const QString& what)
{
    m_try->setVisible(possible);
    m_try->setToolTip(tr("Undoes it on the copy in memory and compares again; no file is written.\n%1").arg(what).trimmed());
}

void CauseBar::setSearching(bool searching)
{
    m_stop->setVisible(searching);
}

QString CauseBar::place() const
{
    return m_place->text();
}

}
