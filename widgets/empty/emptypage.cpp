// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/empty/emptypage.h"

#include "widgets/empty/droparea.h"
#include "widgets/empty/recentlist.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/paint.h"
#include "widgets/theme/type.h"

#include <QDragEnterEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMimeData>
#include <QPainter>
#include <QPushButton>

namespace widgets {

namespace {

/// A panel with rounded corners.
class Card final : public QWidget
{
public:
    using QWidget::QWidget;

protected:
    void paintEvent(QPaintEvent*) override
    {
        const Colours& set = colours(palette());
        QPainter painter(this);
        paint::box(painter, rect(), set.panel, set.hair, 8);
    }
};

QLabel* label(const QString& text, const QFont& font, QWidget* parent)
{
    auto* result = new QLabel(text, parent);
    result->setFont(font);
    result->setTextFormat(Qt::PlainText);
    return result;
}

QWidget* sampleCard(QLabel* digit, QPushButton* button, QWidget* parent)
{
    auto* card = new Card(parent);
    card->setFixedHeight(px(48));
    auto* row = new QHBoxLayout(card);
    row->setContentsMargins(px(16), 0, px(12), 0);
    row->setSpacing(px(12));
    digit->hide();
    row->addWidget(digit);
    row->addWidget(label(EmptyPage::tr("No files at hand? The sample is a small digit classifier in both formats."), textFont(), card), 1);
    row->addWidget(button);
    return card;
}

}

EmptyPage::EmptyPage(QWidget* parent)
    : QWidget(parent), m_left(new DropArea(this)), m_right(new DropArea(this)), m_digit(new QLabel(this)),
      m_recentTitle(label(tr("Recent pairs"), textFont(13, true), this)), m_recent(new RecentList(this))
{
    auto* title = label(tr("Do your two networks tie out?"), textFont(22), this);
    auto* text = label(tr("Open the same network as a PyTorch and as a Keras file. Dropping two files at once puts each on its own side."),
                       textFont(), this);
    text->setForegroundRole(QPalette::PlaceholderText);
    text->setWordWrap(true);
    auto* sample = new QPushButton(icon(QStringLiteral("play"), &Colours::onBlue), tr("Open the sample LeNet-5"), this);
    sample->setDefault(true);

    auto* areas = new QHBoxLayout;
    areas->setSpacing(px(16));
    for (DropArea* area : {m_left, m_right}) {
        area->setMinimumHeight(px(148)); // gives way to the recent pairs where the window is low
        area->setMaximumHeight(px(208));
        areas->addWidget(area, 1);
    }
    auto* content = new QWidget(this);
    content->setMaximumWidth(px(880));
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addItem(new QSpacerItem(0, px(48), QSizePolicy::Minimum, QSizePolicy::Maximum));
    column->addWidget(title);
    column->addSpacing(px(4));
    column->addWidget(text);
    column->addSpacing(px(20));
    column->addLayout(areas);
    column->addSpacing(px(16));
    column->addWidget(sampleCard(m_digit, sample, content));
    column->addSpacing(px(32));
    column->addWidget(m_recentTitle);
    column->addSpacing(px(4));
    column->addWidget(m_recent);
    column->addStretch(1);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(px(24), px(16), px(24), px(16));
    row->addStretch(1);
    row->addWidget(content, 1000);
    row->addStretch(1);
    setAcceptDrops(true);
    setRecentPairs({});
    invite();

    connect(m_left, &DropArea::openRequested, this, &EmptyPage::openLeftRequested);
    connect(m_right, &DropArea::openRequested, this, &EmptyPage::openRightRequested);
    connect(sample, &QPushButton::clicked, this, &EmptyPage::sampleRequested);
    connect(m_recent, &RecentList::chosen, this, &EmptyPage::recentChosen);
}

void EmptyPage::setPatterns(const QStringList& torch, const QStringList& keras)
{
    m_torchPatterns = torch;
    m_kerasPatterns = keras;
    invite();
}

void EmptyPage::setShortcuts(const QString& openLeft, const QString& openRight)
{
    m_leftKey = openLeft;
    m_rightKey = openRight;
    invite();
}

void EmptyPage::invite()
{
    const QString gap = QStringLiteral("  ");
    m_left->setInvitation(core::Framework::Torch, tr("Drop a PyTorch file here"), m_torchPatterns.join(gap), tr("Open PyTorch…"),
                          m_leftKey);
    m_right->setInvitation(core::Framework::Keras, tr("Drop a Keras file here"), m_kerasPatterns.join(gap), tr("Open Keras…"), m_rightKey);
}

void EmptyPage::setSamplePicture(const QImage& digit)
{
    const double ratio = devicePixelRatioF();
    QImage scaled = digit.scaled(QSize(px(28), px(28)) * ratio);
    scaled.setDevicePixelRatio(ratio);
    m_digit->setPixmap(QPixmap::fromImage(scaled));
    m_digit->setVisible(!digit.isNull());
}

void EmptyPage::setRecentPairs(const QList<RecentPair>& pairs)
{
    m_recent->setPairs(pairs);
    m_recent->setVisible(!pairs.isEmpty());
    m_recentTitle->setVisible(!pairs.isEmpty());
}

QStringList localPaths(const QMimeData* data)
{
    QStringList paths;
    for (const QUrl& url : data->urls())
        if (url.isLocalFile())
            paths << url.toLocalFile();
    return paths;
}

void EmptyPage::dragEnterEvent(QDragEnterEvent* event)
{
    if (!localPaths(event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void EmptyPage::dragMoveEvent(QDragMoveEvent* event)
{
    const bool both = localPaths(event->mimeData()).size() > 1;
    for (DropArea* area : {m_left, m_right})
        area->setTarget(both || area->rect().contains(area->mapFrom(this, event->position().toPoint())));
    event->acceptProposedAction();
}

void EmptyPage::dragLeaveEvent(QDragLeaveEvent*)
{
    m_left->setTarget(false);
    m_right->setTarget(false);
}

void EmptyPage::dropEvent(QDropEvent* event)
{
    dragLeaveEvent(nullptr);
    event->acceptProposedAction();
    Q_EMIT filesDropped(localPaths(event->mimeData()));
}

}
