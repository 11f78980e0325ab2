// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/heatmap/hovertip.h"
#include "widgets/heatmap/panecontent.h"
#include "widgets/heatmap/viewstate.h"

#include <QPointer>
#include <QWidget>

#include <array>

class QAction;

namespace widgets {

class HeatmapView;
class StripView;

/// The chosen layer pair's values of both frameworks and their difference, side by side as tiles or below each other as strips.
/// + and - change the exposure, N stretches the difference's scale to the data, R resets, Space held swaps the frameworks,
/// the wheel zooms, dragging scrolls, Shift pins the tooltip.
class HeatmapPanel final : public QWidget
{
    Q_OBJECT
public:
    explicit HeatmapPanel(QWidget* parent = nullptr);
    ~HeatmapPanel() override;

    void setValues(const HeatmapValues& values);
    const HeatmapValues& values() const { return m_values; }
    ViewState* state() const { return m_state; }
    HeatmapView* view(int place) const { return m_views[static_cast<std::size_t>(place)]; }
    StripView* strips() const { return m_strips; }
    HoverTip* tip() const { return m_tip; }
    bool showsStrips() const;

    /// For menus and the status bar; all have shortcuts but flicker, which is a held key.
    struct Actions
    {
        QAction *brighter, *darker, *fit, *reset, *save, *copyPicture, *copyValues;
    };
    const Actions& actions() const { return m_actions; }

    /// All three panes as now shown, on white with the light difference map.
    QImage picture(double scale = 2) const;
    /// Tab separated: channel, y, x, both values and their difference.
    QString valuesAsText() const;

Q_SIGNALS:
    /// The person wants picture() in a file.
    void saveRequested();

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QAction* addViewAction(const QString& text, const QString& iconName, const QKeySequence& key);
    void buildActions();
    void buildButtons();
    std::array<PaneContent, 3> contents(bool forPaper) const;
    void refresh();
    void updateTip();
    void placeTip(QPoint globalPosition);
    QString rangeText() const;

    ViewState* m_state;
    std::array<HeatmapView*, 3> m_views{};
    StripView* m_strips;
    QPointer<HoverTip> m_tip;
    QWidget* m_buttons;
    Actions m_actions{};
    HeatmapValues m_values;
    FeatureMaps m_left, m_right, m_difference;
    double m_largest = 0;
};

}
