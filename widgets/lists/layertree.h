// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSet>
#include <QTreeView>

namespace widgets {

class LayerFilter;
class LayerModel;

/// The view of a LayerModel: marks all rows of the chosen link, and tells where a layer's rows are, also outside the visible part.
class LayerTree final : public QTreeView
{
    Q_OBJECT

public:
    explicit LayerTree(LayerModel* model, QWidget* parent = nullptr);

    LayerModel* layers() const { return m_model; }
    LayerFilter* filter() const { return m_filter; }

    /// Layers of the chosen link: their rows and their parameters' are marked like selected ones.
    void setMarked(const QSet<QString>& layers);
    const QSet<QString>& marked() const { return m_marked; }
    /// Makes the layer's row the current one and scrolls to it; empty when it is filtered out. Nothing is signalled.
    void choose(const QString& layer);
    /// The same with a parameter's row, whose layer is opened.
    void chooseParameter(const QString& parameter);
    /// Parameters whose rows are in sight.
    QStringList visibleParameters() const;
    /// Layers of which a row, or a parameter's row, is in sight.
    QSet<QString> visibleLayers() const;
    QString currentLayer() const;

    /// From the layer's row to its last open child, in the viewport's coordinates; empty when filtered out.
    QRect layerRect(const QString& layer) const;
    /// The layer whose row, or whose parameter's row, is at this height of the viewport; empty when there is none.
    QString layerAt(int y) const;

    /// Column widths that suit the names and shapes of what is shown.
    void fitColumns();
    /// The same after the names' icons of these rows of the model changed; never narrower.
    void widen(const QList<int>& layers);
    QString visibleAsTsv() const;

Q_SIGNALS:
    /// The person chose a row; `parameter` is empty on a layer's row.
    void chosen(const QString& layer, const QString& parameter);
    /// Rows moved: scrolled, opened, sorted, filtered.
    void rowsMoved();

protected:
    void drawRow(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    int nameWidth(const QModelIndex& layer) const;
    void makeRoom();
    void showColumnMenu(const QPoint& position);
    void tell(const QModelIndex& current);

    LayerModel* m_model;
    LayerFilter* m_filter;
    QSet<QString> m_marked;
    QList<int> m_gaveWay; ///< columns that are hidden until there is room
    bool m_silent = false;
};

}
