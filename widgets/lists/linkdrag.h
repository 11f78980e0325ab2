// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPoint>
#include <QPointer>

#include <functional>

class QMouseEvent;

namespace widgets {

class DragOverlay;
class LayerTree;

/// Dragging from a layer's row to its mate on the other side, with mouse events of our own: a band follows the pointer over
/// both lists, the cursor and a line of text say where it cannot land.
class LinkDrag final : public QObject
{
    Q_OBJECT

public:
    /// Why two layers cannot be linked; an empty text when they can.
    using WhyNot = std::function<QString(const QString& left, const QString& right)>;

    /// `gutter` lies between the two lists.
    LinkDrag(LayerTree* left, LayerTree* right, QWidget* gutter);
    ~LinkDrag() override;

    void setWhyNot(WhyNot whyNot) { m_whyNot = std::move(whyNot); }
    bool isActive() const { return m_active; }
    /// Beneath the pointer now; empty when it may land.
    QString reason() const { return m_reason; }

    /// A press that may become a drag, then what the pointer does; true when the event was used. Positions are global.
    void press(const QString& layer, bool onLeft, const QPoint& position);
    bool move(const QPoint& position);
    bool release(const QPoint& position);
    void cancel();

Q_SIGNALS:
    void linkRequested(const QString& left, const QString& right);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    bool viewportEvent(LayerTree* tree, bool onLeft, const QMouseEvent& event);
    void begin();
    void follow(const QPoint& position);
    LayerTree* source() const { return m_onLeft ? m_left : m_right; }
    LayerTree* target() const { return m_onLeft ? m_right : m_left; }

    LayerTree *m_left, *m_right;
    QWidget* m_gutter;
    QPointer<DragOverlay> m_overlay;
    WhyNot m_whyNot;
    QString m_layer, m_mate, m_reason;
    QPoint m_pressed;
    bool m_onLeft = true;
    bool m_active = false;
};

}
