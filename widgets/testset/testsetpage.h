// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/sides/sidelabel.h"
#include "widgets/testset/gallerymodel.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QStackedWidget;

namespace widgets {

class ConfusionView;
class ErrorHistogram;
class Gallery;
class LabelsView;
class SegmentedSwitch;
class TestSetFigures;

/// A whole test set through both networks: accuracies, agreement, errors, confusion matrices, and the digits on which the networks
/// disagree.
class TestSetPage final : public QWidget
{
    Q_OBJECT
public:
    explicit TestSetPage(QWidget* parent = nullptr);

    void setSides(const std::array<SideName, 2>& sides);
    /// How many digits there are to run; 0: the test set is to be found first. `problem`: why nothing can be run.
    void setAvailable(int digits, const QString& problem);
    /// Null: nothing was run.
    void setRun(std::shared_ptr<const TestSetRun> run);
    /// The run is of other networks, links or preprocessing than those that are open.
    void setStale(bool stale);
    /// Running: how many digits are done; none: not running.
    void setProgress(std::optional<int> done, double seconds = 0);

    const TestSetRun* run() const { return m_run.get(); }
    bool isStale() const { return m_stale; }
    TestSetFigures* figures() const { return m_figures; }
    Gallery* gallery() const { return m_gallery; }
    QString galleryTitle() const;
    ConfusionView* confusion(bool left) const { return m_confusion[left ? 0 : 1]; }
    QPushButton* runButton() const { return m_start; }
    QPushButton* cancelButton() const { return m_cancel; }
    QString told() const;

Q_SIGNALS:
    void runRequested();
    void cancelRequested();
    void folderWanted();
    void saveRequested();
    void digitOpened(int number);

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    QWidget* buildHead();
    QWidget* buildFigures();
    QWidget* buildGallery();
    void showRun();
    void showState();
    void setFilter(const GalleryFilter& filter);
    void chooseCell(bool left, int label, int answer);
    void fillLabels();

    std::array<SideName, 2> m_sides;
    std::shared_ptr<const TestSetRun> m_run;
    int m_available = 0;
    QString m_problem;
    std::optional<int> m_done;
    double m_seconds = 0;
    bool m_stale = false;
    QWidget* m_content;
    TestSetFigures* m_figures;
    std::array<SideLabel*, 2> m_titles;
    std::array<ConfusionView*, 2> m_confusion;
    SegmentedSwitch* m_lower;
    QStackedWidget* m_below;
    LabelsView* m_labels;
    ErrorHistogram* m_histogram;
    QLabel *m_count, *m_time, *m_told, *m_galleryTitle;
    QProgressBar* m_progress;
    QPushButton *m_start, *m_cancel, *m_save, *m_folder;
    QComboBox *m_kind, *m_label, *m_order;
    Gallery* m_gallery;
};

}
