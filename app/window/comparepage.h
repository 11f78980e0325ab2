// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workspace/workspace.h"

#include <QWidget>

class QAction;
class QLabel;
class QSplitter;
class QStackedWidget;

namespace widgets {
class CauseBar;
class DigitPanel;
class ErrorChart;
class FilePanel;
class HeatmapPanel;
class SegmentedSwitch;
class TensorPanel;
}

namespace app {

class FilePart;
class ListsPart;
class TensorPair;

enum class Metric { ScaledMax, MaxAbs, MeanAbs, Cosine };

/// Lists and links; below them errors by layer, and feature maps, or a linked parameter's values, or what else a file tells; at the right
/// the input and the chosen layer's output. A layer that is chosen anywhere is chosen everywhere.
class ComparePage final : public QWidget
{
    Q_OBJECT

public:
    /// What stands below the lists.
    enum class Lower { Outputs, Tensor, File };

    explicit ComparePage(Workspace& workspace, QWidget* parent = nullptr);

    ListsPart* lists() const { return m_lists; }
    widgets::HeatmapPanel* heatmaps() const { return m_heatmaps; }
    widgets::DigitPanel* digits() const { return m_digits; }
    widgets::ErrorChart* chart() const { return m_chart; }
    TensorPair* parameters() const { return m_parameters; }
    widgets::FilePanel* filePanel() const { return m_filePanel; }
    Lower lower() const;
    widgets::SegmentedSwitch* lowerSwitch() const { return m_lowerSwitch; }
    void showLower(Lower lower);
    /// Notes, globals and other data of a side's file.
    void showFile(Side side);
    /// Values of a parameter; of the chosen layer's first one without a name. False when there is none.
    bool showParameter(Side side, const QString& parameter);
    bool showChosenParameter();
    void setMetric(Metric metric);
    /// Shows the chosen pair of layers by itself, both sides on the same input, in place of the whole run; Esc goes back.
    void setAlone(bool on);
    bool showsAlone() const { return m_alone; }
    widgets::CauseBar* causes() const { return m_causeBar; }
    /// Repairs the copy in memory by the cause that is told, and compares again.
    void tryFix();
    /// What a layer's menu offers, in lists and chart.
    void setLayerActions(const QList<QAction*>& actions) { m_layerActions = actions; }
    /// Chooses the first differing layer, or the next or previous one from the chosen one on.
    void chooseDifference(int direction);
    QString chosenLayer() const { return m_layer; }
    bool chosenOnLeft() const { return m_onLeft; }
    QByteArray saveState() const;
    void restoreState(const QByteArray& state);

Q_SIGNALS:
    void openRequested(app::Side side);
    void mnistFolderWanted();
    void inputFileWanted();
    void savePictureRequested();
    void failed(const core::Error& error);
    void told(const QString& text);
    void aloneChanged(bool on);
    void fixPossible(bool possible);

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void choose(const QString& layer, bool onLeft);
    void showSides();
    void showResult();
    void showChart();
    void showValues();
    void showDigit();
    void showOutputs();
    void showGiven();
    void showTensor();
    void connectDigits();
    void connectInspector();
    void connectMenus();
    void connectCauses();
    void showCause(int cause);
    void tellCause();
    void showMenu(const QPoint& globalPosition);
    QWidget* buildAloneLine();
    void wantAlone();
    void tellAlone();
    void showFiles();
    QWidget* buildLower();
    void tellLower();
    void rowChosen(Side side, const QString& parameter);
    int chosenResult() const; ///< index in the report's layers, or -1

    Workspace& m_workspace;
    ListsPart* m_lists;
    widgets::ErrorChart* m_chart;
    widgets::CauseBar* m_causeBar = nullptr;
    int m_cause = 0; ///< which of the known ones is told
    widgets::HeatmapPanel* m_heatmaps;
    widgets::DigitPanel* m_digits;
    widgets::TensorPanel* m_tensor;
    TensorPair* m_parameters;
    widgets::FilePanel* m_filePanel;
    FilePart* m_filePart;
    QSplitter *m_columns, *m_rows, *m_outputs, *m_right;
    QStackedWidget* m_lower;
    widgets::SegmentedSwitch* m_lowerSwitch; ///< stands above it once there is a choice
    QWidget* m_aloneLine = nullptr;
    QLabel* m_aloneText = nullptr;
    QList<QAction*> m_layerActions;
    std::array<std::shared_ptr<const core::Model>, 2> m_files;
    QString m_layer;
    bool m_onLeft = false, m_alone = false;
    Metric m_metric = Metric::ScaledMax;
};

}
