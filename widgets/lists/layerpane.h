// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/lists/layermodel.h"

#include <QWidget>

class QStackedLayout;

namespace widgets {

class Banner;
class DropArea;
class LayerTree;
class PaneHead;

/// One side: head, place for a banner, and the list of layers or, without a file, a place to drop one on.
class LayerPane final : public QWidget
{
    Q_OBJECT

public:
    explicit LayerPane(QWidget* parent = nullptr);

    /// What an empty side asks for: the framework that is expected there, its endings (".pt") and the shortcut of its open action.
    void setExpected(core::Framework framework, const QStringList& patterns, const QString& shortcut);
    /// Shows a model; null empties the side. `values` as LayerModel takes them.
    void setModel(std::shared_ptr<const core::Model> model, const core::layers::Values& values = {});
    /// Replaces the framework's name in the head ("left", "right" where both sides hold the same one); empty goes back to it.
    void setTitle(const QString& title);
    /// A file that could not be read: its name stays in the head so that it can be reloaded. Explain with banner().
    void setFailed(const QString& path);
    void showFilter();

    LayerTree* tree() const { return m_tree; }
    LayerModel* layers() const { return m_layers; }
    Banner* banner() const { return m_banner; }

Q_SIGNALS:
    void openRequested();
    /// Notes, globals and other data of the file.
    void detailsRequested();
    void reloadRequested();
    void filesDropped(const QStringList& paths);
    void layerSelected(const QString& layer);
    /// Follows layerSelected when the row is a parameter's; empty on a layer's row.
    void parameterSelected(const QString& parameter);

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void describe();

    LayerModel* m_layers;
    LayerTree* m_tree;
    PaneHead* m_head;
    Banner* m_banner;
    DropArea* m_drop;
    QStackedLayout* m_stack;
    core::Framework m_expected = core::Framework::None;
    QStringList m_patterns;
    QString m_shortcut, m_title, m_failed;
};

}
