// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/verdict/banner.h"

#include "widgets/theme/icons.h"
#include "widgets/theme/style.h"
#include "widgets/theme/type.h"

#include <QAction>
#include <QClipboard>
#include <QGridLayout>
#include <QGuiApplication>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>

namespace widgets {

namespace {

struct Look
{
    QColor Colours::*text;
    QColor Colours::*edge;
    QColor Colours::*ground;
    const char* icon;
};

Look lookOf(Banner::Kind kind)
{
    switch (kind) {
    case Banner::Kind::Warning:
        return {&Colours::amber, &Colours::amberMark, &Colours::amberGround, "warn"};
    case Banner::Kind::Done:
        return {&Colours::green, &Colours::green, &Colours::greenGround, "check"};
    case Banner::Kind::Tried:
        return {&Colours::blue, &Colours::blue, &Colours::sel, "bolt"};
    case Banner::Kind::Error:
        break;
    }
    return {&Colours::red, &Colours::red, &Colours::redGround, "error"};
}

QLabel* plainLabel(const QString& text, QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setText(text);
    label->setFont(textFont());
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

}

Banner::Banner(QWidget* parent) : QFrame(parent), m_title(plainLabel({}, this)), m_grid(new QGridLayout), m_buttons(new QHBoxLayout)
{
    m_title->setFont(textFont(12, true));
    m_close = new QToolButton(this);
    m_close->setIcon(icon(QStringLiteral("cross")));
    m_close->setToolTip(tr("Close"));
    m_close->setAccessibleName(tr("Close the message"));
    m_close->setAutoRaise(true);
    m_grid->setHorizontalSpacing(px(12));
    m_grid->setVerticalSpacing(px(2));
    m_grid->setColumnStretch(1, 1);
    m_buttons->setSpacing(px(8));
    m_buttons->setContentsMargins(0, px(6), 0, 0);

    auto* column = new QVBoxLayout;
    column->setSpacing(px(2));
    column->addWidget(m_title);
    column->addLayout(m_grid);
    column->addLayout(m_buttons);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(px(3 + 12 + 16 + 8), px(9), px(8 + 24 + 8), px(9));
    row->addLayout(column, 1);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    hide();

    connect(m_close, &QToolButton::clicked, this, [this] {
        hide();
        Q_EMIT closed();
    });
}

void Banner::present(Kind kind, const QString& title, const QList<Row>& rows, const QList<QAction*>& actions)
{
    clear();
    m_kind = kind;
    m_rows = rows;
    m_title->setText(title);
    setAccessibleName(details());
    for (int i = 0; i < rows.size(); ++i) {
        if (!rows[i].label.isEmpty()) {
            QLabel* label = plainLabel(rows[i].label, this);
            label->setWordWrap(false);
            label->setForegroundRole(QPalette::PlaceholderText);
            m_grid->addWidget(label, i, 0, Qt::AlignTop);
        }
        const bool whole = rows[i].label.isEmpty();
        m_grid->addWidget(plainLabel(rows[i].text, this), i, whole ? 0 : 1, 1, whole ? 2 : 1);
    }
    const auto addButton = [this](const QString& text, const QIcon& picture, auto&& act) {
        auto* button = new QPushButton(picture, text, this);
        button->setProperty("small", true);
        button->setFont(textFont());
        connect(button, &QPushButton::clicked, this, act);
        m_buttons->addWidget(button);
    };
    for (QAction* action : actions)
        addButton(action->text(), action->icon(), [action] { action->trigger(); });
    if (kind == Kind::Error)
        addButton(tr("Copy details"), icon(QStringLiteral("copy"), &Colours::text),
                  [this] { QGuiApplication::clipboard()->setText(details()); });
    m_buttons->addStretch();
    m_buttons->setContentsMargins(0, m_buttons->count() > 1 ? px(6) : 0, 0, 0);
    show();
    update();
}

void Banner::clear()
{
    for (QLayout* layout : {static_cast<QLayout*>(m_grid), static_cast<QLayout*>(m_buttons)})
        while (QLayoutItem* item = layout->takeAt(0)) {
            if (QWidget* widget = item->widget()) {
                widget->hide();
                widget->deleteLater();
            }
            delete item;
        }
}

QList<Banner::Row> Banner::rowsOf(const core::Error& error)
{
    QList<Row> rows;
    const auto add = [&](const QString& label, const std::string& text) {
        if (!text.empty())
            rows.append({label, QString::fromStdString(text)});
    };
    add(tr("Expected"), error.expected());
    add(tr("Found"), error.found());
    add(tr("Where"), error.at());
    add(tr("What to do"), error.advice());
    return rows;
}

QString Banner::details() const
{
    QString text = m_title->text();
    for (const Row& row : m_rows)
        text += QLatin1Char('\n') + (row.label.isEmpty() ? row.text : row.label + QStringLiteral(": ") + row.text);
    return text;
}

void Banner::resizeEvent(QResizeEvent*)
{
    const QSize size(px(24), px(24));
    m_close->setGeometry(QRect(QPoint(width() - px(8) - size.width(), px(5)), size));
}

void Banner::paintEvent(QPaintEvent*)
{
    const Colours& set = colours(palette());
    const Look look = lookOf(m_kind);
    QPainter painter(this);
    painter.fillRect(rect(), set.*look.ground);
    painter.fillRect(QRect(0, 0, px(3), height()), set.*look.edge);
    const QRect title = m_title->geometry();
    const double size = px(16);
    const double line = qMin(title.height(), QFontMetrics(m_title->font()).height());
    paintIcon(painter, QRectF(px(3 + 12), title.top() + (line - size) / 2, size, size), QLatin1String(look.icon), set.*look.text);
}

}
