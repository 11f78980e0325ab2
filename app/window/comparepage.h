// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workspace/workspace.h"

#include <QWidget>

class QSplitter;

namespace widgets {
class DigitPanel;
class ErrorChart;
class HeatmapPanel;
class TensorPanel;
}

namespace app {

class ListsPart;

enum class Metric { ScaledMax, MaxAbs, MeanAbs, Cosine };

/// Lists and links, errors by layer, feature maps, and at the right the digit and the chosen tensor. A layer that is chosen anywhere is
/// chosen everywhere.
class ComparePage final : public QWidget
{
    Q_OBJECT

public:
    explicit ComparePage(Workspace& workspace, QWidget* parent = nullptr);

    ListsPart* lists() const { return m_lists; }
    widgets::HeatmapPanel* heatmaps() const { return m_heatmaps; }
    widgets::DigitPanel* digits() const { return m_digits; }
    widgets::ErrorChart* chart() const { return m_chart; }
    void setMetric(Metric metric);
    /// Chooses the first differing layer, or the next or previous one from the chosen one on.
    void chooseDifference(int direction);
    QString chosenLayer() const { return m_layer; }
    bool chosenOnLeft() const { return m_onLeft; }
    QByteArray saveState() const;
    void restoreState(const QByteArray& state);

Q_SIGNALS:
    void openRequested(app::Side side);
    void mnistFolderWanted();
    void savePictureRequested();

private:
    void choose(const QString& layer, bool onLeft);
    void showSides();
    void showResult();
    void showChart();
    void showValues();
    void showDigit();
    void showOutputs();
    void showTensor();
    void connectDigits();
    int chosenResult() const; ///< index in the report's layers, or -1

    Workspace& m_workspace;
    ListsPart* m_lists;
    widgets::ErrorChart* m_chart;
    widgets::HeatmapPanel* m_heatmaps;
    widgets::DigitPanel* m_digits;
    widgets::TensorPanel* m_tensor;
    QSplitter *m_columns, *m_rows;
    QString m_layer;
    bool m_onLeft = false;
    Metric m_metric = Metric::ScaledMax;
};

}
