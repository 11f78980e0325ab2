// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/lists/panehead.h"

#include "widgets/theme/icons.h"
#include "widgets/theme/style.h"
#include "widgets/theme/type.h"

#include <QHBoxLayout>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPainter>
#include <QToolButton>
#include <QToolTip>

namespace widgets {

namespace {

QToolButton* iconButton(const QString& name, const QString& what, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setIcon(icon(name));
    button->setToolTip(what);
    button->setAccessibleName(what);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAutoRaise(true);
    return button;
}

}

PaneHead::PaneHead(QWidget* parent) : QWidget(parent), m_filter(new QLineEdit(this))
{
    m_summary = iconButton(QStringLiteral("file"), tr("About this file"), this);
    m_summary->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_summary->setFont(textFont(11));
    setSmall(m_summary);
    m_search = iconButton(QStringLiteral("search"), tr("Filter layers"), this);
    m_search->setCheckable(true);
    m_reload = iconButton(QStringLiteral("reload"), tr("Read the file again"), this);
    m_open = iconButton(QStringLiteral("open"), tr("Open a file on this side"), this);
    setSmall(m_filter);
    m_filter->setFixedHeight(px(22));
    m_filter->setPlaceholderText(tr("name, f32 or 3,3"));
    m_filter->setAccessibleName(tr("Filter layers by name, dtype or shape"));
    m_filter->setClearButtonEnabled(true);
    m_filter->hide();
    m_filter->installEventFilter(this);

    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, px(6), 1);
    row->setSpacing(0);
    row->addStretch();
    for (QToolButton* button : {m_summary, m_search, m_reload, m_open})
        row->addWidget(button);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setButtons(false, false);

    connect(m_search, &QToolButton::toggled, this, &PaneHead::showFilter);
    connect(m_filter, &QLineEdit::textChanged, this, &PaneHead::filterChanged);
    connect(m_summary, &QToolButton::clicked, this, &PaneHead::detailsRequested);
    connect(m_reload, &QToolButton::clicked, this, &PaneHead::reloadRequested);
    connect(m_open, &QToolButton::clicked, this, &PaneHead::openRequested);
}

void PaneHead::setFramework(core::Framework framework, const QString& title)
{
    m_framework = framework;
    m_title = title;
    resizeEvent(nullptr);
    update();
}

void PaneHead::setFile(const QString& name, const QString& details, const QString& path)
{
    m_file = name;
    m_details = details;
    m_path = path;
    resizeEvent(nullptr);
    update();
}

void PaneHead::setSummary(const QString& text, core::Note::Severity severity, const QString& details)
{
    using Severity = core::Note::Severity;
    const bool error = severity == Severity::Error, warning = severity == Severity::Warning;
    m_summary->setIcon(error     ? icon(QStringLiteral("error"), &Colours::red)
                       : warning ? icon(QStringLiteral("warn"), &Colours::amber)
                                 : icon(QStringLiteral("file")));
    m_summary->setText(text);
    m_summary->setToolButtonStyle(text.isEmpty() ? Qt::ToolButtonIconOnly : Qt::ToolButtonTextBesideIcon);
    const QString what = tr("About this file: notes, code asked for, other data");
    m_summary->setAccessibleName(text.isEmpty() ? what : text + QStringLiteral(". ") + what);
    m_summary->setToolTip((details.isEmpty() ? what : what + u'\n' + details).toHtmlEscaped().replace(u'\n', QLatin1String("<br>")));
    resizeEvent(nullptr);
    update();
}

void PaneHead::setButtons(bool search, bool reload)
{
    m_summary->setVisible(search);
    if (!search)
        m_search->setChecked(false);
    m_search->setVisible(search);
    m_reload->setVisible(reload);
}

void PaneHead::showFilter(bool on)
{
    m_search->setChecked(on);
    m_filter->setVisible(on);
    if (on) {
        resizeEvent(nullptr);
        m_filter->setFocus(Qt::ShortcutFocusReason);
        m_filter->selectAll();
    } else {
        m_filter->clear();
    }
    update();
}

QString PaneHead::filter() const
{
    return m_filter->text();
}

int PaneHead::textLeft() const
{
    const int mark = m_framework == core::Framework::None ? 0 : px(18);
    return px(12) + mark + QFontMetrics(textFont(12, true)).horizontalAdvance(m_title) + (m_title.isEmpty() ? 0 : px(8));
}

int PaneHead::textRight() const
{
    for (const QToolButton* button : {m_summary, m_search, m_reload})
        if (button->isVisible())
            return button->x() - px(4);
    return m_open->x() - px(4);
}

void PaneHead::paintEvent(QPaintEvent*)
{
    const Colours& set = colours(palette());
    QPainter painter(this);
    painter.fillRect(rect(), set.win);
    painter.fillRect(QRect(0, height() - 1, width(), 1), set.hair);
    paintMark(painter, QRectF(px(12), (height() - 1 - px(10)) / 2, px(10), px(10)), m_framework, set);

    const int titleLeft = px(12) + (m_framework == core::Framework::None ? 0 : px(18));
    const int right = m_filter->isVisible() ? m_filter->x() - px(8) : textRight();
    const auto draw = [&](int left, const QString& text, const QFont& font, const QColor& colour) {
        painter.setFont(font);
        painter.setPen(colour);
        const QString elided = painter.fontMetrics().elidedText(text, Qt::ElideMiddle, right - left);
        if (right > left)
            painter.drawText(QRect(left, 0, right - left, height() - 1), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, elided);
        return left + painter.fontMetrics().horizontalAdvance(elided);
    };
    draw(titleLeft, m_title, textFont(12, true), set.text);
    const int afterFile = draw(textLeft(), m_file, textFont(), set.text);
    if (right - afterFile > px(40))
        draw(afterFile + px(8), m_details, textFont(11), set.text2);
}

bool PaneHead::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const QString text = m_path.isEmpty() ? QString() : (m_path + QLatin1Char('\n') + m_details).toHtmlEscaped();
        QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(), QString(text).replace(QLatin1Char('\n'), QLatin1String("<br>")),
                           this);
        return true;
    }
    return QWidget::event(event);
}

void PaneHead::resizeEvent(QResizeEvent*)
{
    const int right = width() - px(6) - 3 * px(24) - (m_summary->isHidden() ? 0 : m_summary->sizeHint().width()) - px(4);
    const int name = QFontMetrics(textFont()).horizontalAdvance(m_file);
    const int left = qMin(textLeft() + name + px(8), qMax(textLeft(), right - px(150)));
    m_filter->setGeometry(left, (height() - 1 - m_filter->height()) / 2, qMax(px(60), right - left), m_filter->height());
}

bool PaneHead::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_filter && event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        showFilter(false);
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

QSize PaneHead::sizeHint() const
{
    return {px(300), px(32)};
}

QSize PaneHead::minimumSizeHint() const
{
    return {px(200), px(32)};
}

}
