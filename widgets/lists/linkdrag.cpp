// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/lists/linkdrag.h"

#include "widgets/lists/dragoverlay.h"
#include "widgets/lists/layertree.h"

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>

namespace widgets {

namespace {

QRect mapped(const QRect& rect, const QWidget* from, const QWidget* to)
{
    return {to->mapFromGlobal(from->mapToGlobal(rect.topLeft())), rect.size()};
}

}

LinkDrag::LinkDrag(LayerTree* left, LayerTree* right, QWidget* gutter) : QObject(gutter), m_left(left), m_right(right), m_gutter(gutter)
{
    for (LayerTree* tree : {left, right}) {
        tree->viewport()->installEventFilter(this);
        tree->installEventFilter(this);
    }
}

LinkDrag::~LinkDrag()
{
    cancel();
}

bool LinkDrag::eventFilter(QObject* watched, QEvent* event)
{
    const bool mouse =
        event->type() == QEvent::MouseButtonPress || event->type() == QEvent::MouseMove || event->type() == QEvent::MouseButtonRelease;
    if (!mouse && event->type() != QEvent::KeyPress)
        return false; // while a window closes, one tree may be gone when the other hides
    for (LayerTree* tree : {m_left, m_right}) {
        if (mouse && watched == tree->viewport())
            return viewportEvent(tree, tree == m_left, *static_cast<QMouseEvent*>(event));
        if (watched == tree && m_active && !mouse && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
            cancel();
            return true;
        }
    }
    return false;
}

bool LinkDrag::viewportEvent(LayerTree* tree, bool onLeft, const QMouseEvent& event)
{
    const QPoint position = event.globalPosition().toPoint();
    if (event.type() == QEvent::MouseButtonPress) {
        if (event.button() == Qt::LeftButton)
            press(tree->layerAt(event.position().toPoint().y()), onLeft, position);
        return false;
    }
    if (event.type() == QEvent::MouseMove)
        return event.buttons().testFlag(Qt::LeftButton) && move(position);
    return event.button() == Qt::LeftButton && release(position);
}

void LinkDrag::press(const QString& layer, bool onLeft, const QPoint& position)
{
    cancel();
    m_layer = layer;
    m_onLeft = onLeft;
    m_pressed = position;
}

bool LinkDrag::move(const QPoint& position)
{
    if (m_layer.isEmpty())
        return false;
    if (!m_active) {
        if ((position - m_pressed).manhattanLength() < QApplication::startDragDistance())
            return false;
        begin();
    }
    follow(position);
    return true;
}

bool LinkDrag::release(const QPoint& position)
{
    if (!m_active) {
        m_layer.clear();
        return false;
    }
    follow(position);
    const bool lands = !m_mate.isEmpty() && m_reason.isEmpty();
    const QString left = m_onLeft ? m_layer : m_mate;
    const QString right = m_onLeft ? m_mate : m_layer;
    cancel();
    if (lands)
        Q_EMIT linkRequested(left, right);
    return true;
}

void LinkDrag::cancel()
{
    m_layer.clear();
    m_mate.clear();
    m_reason.clear();
    if (!std::exchange(m_active, false))
        return;
    QApplication::restoreOverrideCursor();
    delete m_overlay;
}

void LinkDrag::begin()
{
    m_active = true;
    QWidget* window = m_gutter->window();
    QRect area = mapped(m_gutter->rect(), m_gutter, window);
    for (LayerTree* tree : {m_left, m_right})
        area |= mapped(tree->viewport()->rect(), tree->viewport(), window);
    m_overlay = new DragOverlay(window, area);
    QApplication::setOverrideCursor(Qt::ClosedHandCursor);
}

void LinkDrag::follow(const QPoint& position)
{
    QWidget* viewport = target()->viewport();
    const QPoint inTarget = viewport->mapFromGlobal(position);
    const bool over = viewport->rect().contains(inTarget);
    m_mate = over ? target()->layerAt(inTarget.y()) : QString();
    m_reason = m_mate.isEmpty() || !m_whyNot ? QString() : m_onLeft ? m_whyNot(m_layer, m_mate) : m_whyNot(m_mate, m_layer);
    const bool possible = !m_mate.isEmpty() && m_reason.isEmpty();
    QApplication::changeOverrideCursor(possible ? Qt::DragLinkCursor : over ? Qt::ForbiddenCursor : Qt::ClosedHandCursor);
    const QRect mate = m_mate.isEmpty() ? QRect() : mapped(target()->layerRect(m_mate), viewport, m_overlay);
    const QRect row = mapped(source()->layerRect(m_layer), source()->viewport(), m_overlay);
    m_overlay->follow(row, m_onLeft, m_overlay->mapFromGlobal(position), mate, m_reason, possible);
}

}
