// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/lists/linkdrag.h"
#include "widgets/lists/ribbonpainter.h"

#include <QWidget>

namespace widgets {

/// The links between two lists, drawn as bands that follow their rows. Choosing a layer or a link here marks it and its
/// mate in both lists; dragging from row to row asks for a link, Delete for its removal.
class LinkGutter final : public QWidget
{
    Q_OBJECT

public:
    LinkGutter(LayerTree* left, LayerTree* right, QWidget* parent = nullptr);

    void setRibbons(const QList<Ribbon>& ribbons);
    const QList<Ribbon>& ribbons() const { return m_ribbons; }
    /// Shown instead of links while a side is empty ("Links appear when both sides are open").
    void setNote(const QString& note);
    void setWhyNot(LinkDrag::WhyNot whyNot) { m_drag->setWhyNot(std::move(whyNot)); }

    /// Marks the layer, its link and the mates in both lists; nothing is signalled. A layer without mate says so in the gutter.
    void choose(const QString& layer, bool onLeft);
    int chosenRibbon() const { return m_chosen; }
    /// The ribbon whose badge or band is there, or -1.
    int ribbonAt(const QPointF& position) const;
    QRectF badgeRect(int ribbon) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

Q_SIGNALS:
    void linkRequested(const QString& left, const QString& right);
    void unlinkRequested(const QString& layer, bool onLeft);
    /// The person chose a link: its first layers, of which one is empty when it dangles.
    void linkSelected(const QString& left, const QString& right);

protected:
    bool event(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QRect body() const;
    void layOut(); ///< when it is next asked for: rows move several times before anything is drawn
    const QList<RibbonShape>& shapes() const;
    QList<RibbonShape> laidOut() const;
    std::optional<Ends::Span> span(LayerTree* tree, const QStringList& layers) const;
    void select(int ribbon);
    void unlink(int ribbon);
    void mark();
    void showCandidates(const Ribbon& ribbon, const QPoint& position);
    void paintHead(QPainter& painter, const Colours& set) const;
    void paintLinks(QPainter& painter, const Colours& set) const;
    void paintMateless(QPainter& painter, const Colours& set) const;

    LayerTree *m_left, *m_right;
    LinkDrag* m_drag;
    QList<Ribbon> m_ribbons;
    mutable std::optional<QList<RibbonShape>> m_shapes; ///< none until they are asked for
    QString m_note, m_layer;                            ///< the chosen layer
    bool m_layerOnLeft = true;
    int m_chosen = -1, m_hovered = -1;
};

}
