// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/lists/linkgutter.h"

#include "widgets/lists/layertree.h"
#include "widgets/lists/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/type.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace widgets {

LinkGutter::LinkGutter(LayerTree* left, LayerTree* right, QWidget* parent)
    : QWidget(parent), m_left(left), m_right(right), m_drag(new LinkDrag(left, right, this))
{
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Links between the layers of both sides"));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
    for (LayerTree* tree : {left, right}) {
        connect(tree, &LayerTree::rowsMoved, this, &LinkGutter::layOut);
        tree->installEventFilter(this);
        tree->viewport()->installEventFilter(this);
    }
    connect(m_drag, &LinkDrag::linkRequested, this, &LinkGutter::linkRequested);
}

void LinkGutter::setRibbons(const QList<Ribbon>& ribbons)
{
    m_ribbons = ribbons;
    m_hovered = -1;
    choose(m_layer, m_layerOnLeft);
    layOut();
}

void LinkGutter::setNote(const QString& note)
{
    m_note = note;
    update();
}

void LinkGutter::choose(const QString& layer, bool onLeft)
{
    m_layer = layer;
    m_layerOnLeft = onLeft;
    const auto found = std::find_if(m_ribbons.begin(), m_ribbons.end(),
                                    [&](const Ribbon& ribbon) { return !layer.isEmpty() && ribbon.joins(layer, onLeft); });
    m_chosen = found == m_ribbons.end() ? -1 : static_cast<int>(found - m_ribbons.begin());
    mark();
}

/// Brings both lists in line with what is chosen.
void LinkGutter::mark()
{
    const auto setOf = [](const QStringList& names) { return QSet<QString>(names.begin(), names.end()); };
    const QStringList none;
    const Ribbon* ribbon = m_chosen < 0 ? nullptr : &m_ribbons[m_chosen];
    const auto show = [&](LayerTree* tree, bool onLeft, const QStringList& names) {
        tree->setMarked(setOf(names));
        if (m_layerOnLeft == onLeft && !m_layer.isEmpty())
            tree->choose(m_layer);
        else if (!names.contains(tree->currentLayer()))
            tree->choose(names.isEmpty() ? QString() : names.constFirst());
    };
    show(m_left, true, ribbon ? ribbon->left : none);
    show(m_right, false, ribbon ? ribbon->right : none);
    layOut();
}

QRect LinkGutter::body() const
{
    return rect().adjusted(0, px(32 + 22), 0, 0);
}

std::optional<Ends::Span> LinkGutter::span(LayerTree* tree, const QStringList& layers) const
{
    QRect rows;
    for (const QString& layer : layers)
        rows |= tree->layerRect(layer);
    if (rows.isNull() || !tree->isVisible())
        return {};
    const int top = mapFromGlobal(tree->viewport()->mapToGlobal(rows.topLeft())).y();
    return Ends::Span{top + 2.5, top + rows.height() - 2.5};
}

void LinkGutter::layOut()
{
    m_shapes.reset();
    update();
}

const QList<RibbonShape>& LinkGutter::shapes() const
{
    if (!m_shapes)
        m_shapes = laidOut();
    return *m_shapes;
}

/// Where rows are is only asked of ribbons that have an end in sight.
QList<RibbonShape> LinkGutter::laidOut() const
{
    const QSet<QString> left = m_left->visibleLayers(), right = m_right->visibleLayers();
    const auto inSight = [](const QStringList& names, const QSet<QString>& visible) {
        return std::any_of(names.begin(), names.end(), [&](const QString& name) { return visible.contains(name); });
    };
    QList<RibbonShape> shapes;
    shapes.reserve(m_ribbons.size());
    for (const Ribbon& ribbon : m_ribbons) {
        RibbonShape shape;
        if (inSight(ribbon.left, left) || inSight(ribbon.right, right)) {
            const Ends ends{span(m_left, ribbon.left), span(m_right, ribbon.right)};
            // Rows that are filtered out leave no stub: only a dangling link has one end.
            if ((ends.left && ends.right) || ribbon.kind == Ribbon::Kind::Dangling)
                shape = shapeOf(ribbon, ends, width());
        }
        shapes << shape;
    }
    return shapes;
}

int LinkGutter::ribbonAt(const QPointF& position) const
{
    if (!body().contains(position.toPoint()))
        return -1;
    for (qsizetype i = 0; i < shapes().size(); ++i)
        if (shapes()[i].badge.contains(position))
            return static_cast<int>(i);
    for (qsizetype i = shapes().size() - 1; i >= 0; --i)
        if (shapes()[i].band.contains(position))
            return static_cast<int>(i);
    return -1;
}

QRectF LinkGutter::badgeRect(int ribbon) const
{
    return shapes()[ribbon].badge;
}

QSize LinkGutter::sizeHint() const
{
    return {px(120), px(200)};
}

bool LinkGutter::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        auto* help = static_cast<QHelpEvent*>(event);
        const int ribbon = ribbonAt(help->pos());
        QToolTip::showText(help->globalPos(), ribbon < 0 ? QString() : tipOf(m_ribbons[ribbon]), this);
        return true;
    }
    return QWidget::event(event);
}

bool LinkGutter::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Move || event->type() == QEvent::Resize || event->type() == QEvent::Show || event->type() == QEvent::Hide)
        layOut();
    if (event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Delete &&
        (watched == m_left || watched == m_right)) {
        const auto* tree = static_cast<LayerTree*>(watched);
        choose(tree->currentLayer(), watched == m_left);
        unlink(m_chosen);
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

void LinkGutter::resizeEvent(QResizeEvent*)
{
    layOut();
}

void LinkGutter::select(int ribbon)
{
    const Ribbon& link = m_ribbons[ribbon];
    const QString left = link.left.isEmpty() ? QString() : link.left.constFirst();
    const QString right = link.right.isEmpty() ? QString() : link.right.constFirst();
    m_layer = left.isEmpty() ? right : left;
    m_layerOnLeft = !left.isEmpty();
    m_chosen = ribbon;
    mark();
    Q_EMIT linkSelected(left, right);
}

void LinkGutter::unlink(int ribbon)
{
    if (ribbon < 0 || m_ribbons[ribbon].kind == Ribbon::Kind::Ambiguous)
        return;
    const Ribbon& link = m_ribbons[ribbon];
    if (!link.left.isEmpty())
        Q_EMIT unlinkRequested(link.left.constFirst(), true);
    else if (!link.right.isEmpty())
        Q_EMIT unlinkRequested(link.right.constFirst(), false);
}

void LinkGutter::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    if (const int ribbon = ribbonAt(event->position()); ribbon >= 0)
        select(ribbon);
    const bool onLeft = event->position().x() < width() / 2.0;
    LayerTree* tree = onLeft ? m_left : m_right;
    const QPoint global = event->globalPosition().toPoint();
    m_drag->press(tree->layerAt(tree->viewport()->mapFromGlobal(global).y()), onLeft, global);
}

void LinkGutter::mouseMoveEvent(QMouseEvent* event)
{
    if (event->buttons().testFlag(Qt::LeftButton) && m_drag->move(event->globalPosition().toPoint()))
        return;
    const int ribbon = ribbonAt(event->position());
    if (ribbon == m_hovered)
        return;
    m_hovered = ribbon;
    setCursor(ribbon < 0 ? Qt::ArrowCursor : Qt::PointingHandCursor);
    update();
}

void LinkGutter::mouseReleaseEvent(QMouseEvent* event)
{
    m_drag->release(event->globalPosition().toPoint());
}

void LinkGutter::mouseDoubleClickEvent(QMouseEvent* event)
{
    const int ribbon = ribbonAt(event->position());
    if (ribbon >= 0 && m_ribbons[ribbon].kind == Ribbon::Kind::Ambiguous)
        showCandidates(m_ribbons[ribbon], event->globalPosition().toPoint());
}

void LinkGutter::showCandidates(const Ribbon& ribbon, const QPoint& position)
{
    QMenu menu(this);
    const QString left = ribbon.left.constFirst();
    for (const QString& right : ribbon.candidatesRight) {
        QString text = tr("Link %1 with %2").arg(shown(left.toStdString()), shown(right.toStdString()));
        connect(menu.addAction(text.replace(QLatin1Char('&'), QLatin1String("&&"))), &QAction::triggered, this,
                [this, left, right] { Q_EMIT linkRequested(left, right); });
    }
    menu.exec(position);
}

void LinkGutter::leaveEvent(QEvent*)
{
    m_hovered = -1;
    update();
}

void LinkGutter::keyPressEvent(QKeyEvent* event)
{
    const int count = static_cast<int>(m_ribbons.size());
    if (event->key() == Qt::Key_Escape && m_drag->isActive())
        m_drag->cancel();
    else if (event->key() == Qt::Key_Delete)
        unlink(m_chosen);
    else if (event->key() == Qt::Key_Down && count > 0)
        select(qMin(count - 1, m_chosen + 1));
    else if (event->key() == Qt::Key_Up && count > 0)
        select(qMax(0, m_chosen - 1));
    else
        QWidget::keyPressEvent(event);
}

}
