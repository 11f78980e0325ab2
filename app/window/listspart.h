// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workspace/workspace.h"
#include "widgets/lists/layerrows.h"

#include <QSplitter>

namespace widgets {
class LayerPane;
class LinkGutter;
}

namespace app {

/// Both lists with the links between them, fed by the workspace.
class ListsPart final : public QSplitter
{
    Q_OBJECT

public:
    explicit ListsPart(Workspace& workspace, QWidget* parent = nullptr);

    /// Marks a layer, its link and mates everywhere in the lists; nothing is signalled.
    void choose(const QString& layer, bool onLeft);
    /// Opens the layer's parameters, here and at its mates.
    void expandChosen();
    /// Why layers differ, by their names.
    void setCauses(const QHash<QString, QString>& left, const QHash<QString, QString>& right);
    void setFirstDivergence(const QString& leftLayer, const QString& rightLayer);
    /// Makes a layer's or a parameter's row the current one; nothing is signalled. False when the side has no such one.
    bool chooseRow(const QString& name, Side side);
    void showStatistics(Side side, const QList<ParameterStatistics>& statistics);
    widgets::LayerPane* pane(Side side) const { return m_panes[side == Side::Left ? 0 : 1]; }
    widgets::LinkGutter* gutter() const { return m_gutter; }

Q_SIGNALS:
    void layerChosen(const QString& layer, bool onLeft);
    void parameterChosen(const QString& parameter, bool onLeft);
    void openRequested(app::Side side);
    void detailsRequested(app::Side side);

private:
    void connectPane(Side side);
    void showSides();
    void showPair();
    void showModel(Side side);
    void showLinks();
    void showMarks();
    void showBanner(Side side);
    void wantStatistics(Side side);

    /// What a pane holds.
    struct Shown
    {
        std::shared_ptr<const core::Model> file, model; ///< as opened, and with what its mate told
        std::shared_ptr<const core::Model> copy;        ///< of which the statistics are
        QList<ParameterStatistics> statistics;
        bool dismissed = false; ///< the person closed its notes
    };

    Workspace& m_workspace;
    std::array<widgets::LayerPane*, 2> m_panes;
    widgets::LinkGutter* m_gutter;
    std::array<Shown, 2> m_shown;
    QHash<QString, widgets::ParameterMark> m_leftMarks;
    double m_markedTolerance = 0;
};

}
