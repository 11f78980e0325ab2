// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/writers.h"
#include "widgets/convert/proofview.h"
#include "widgets/sides/sidelabel.h"

class QCheckBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QRadioButton;
class QSpinBox;
class QTableView;
class QVBoxLayout;

namespace widgets {

class ChangesModel;
class SegmentedSwitch;

/// One of the two open files as the page speaks of it.
struct ConvertSide
{
    core::Framework framework = core::Framework::None;
    QString fileName;        ///< empty: no file open
    bool isRepaired = false; ///< a fix is tried on it, so that it is worth writing anew
};

/// What the person has chosen.
struct ConvertChoice
{
    bool leftToRight = true; ///< the left one is the source
    bool like = true;        ///< in the architecture of the other side's file; else in one made from the source
    const core::formats::Writer* writer = &core::formats::kerasH5Writer;
    QString path;
    bool prove = true;
    int samples = 0; ///< on how many both are run; 0: on none
};

/// Weights of one side into the architecture of the other, or into one made from the side itself, alone or not: what to write and where,
/// what changes, and the proof.
class ConvertPage final : public QWidget
{
    Q_OBJECT
public:
    explicit ConvertPage(QWidget* parent = nullptr);

    void setSides(const ConvertSide& left, const ConvertSide& right);
    void setDirection(bool leftToRight);
    void setPath(const QString& path);
    /// On how many digits both can be run, or noises where the networks take no digit.
    void setSamplesAvailable(int count, bool areNoises = false);
    /// What would be written for the present choice; `problem` when nothing can be.
    void setPlan(const core::convert::Plan& plan);
    void setProblem(const QString& problem);
    QString problem() const; ///< why nothing can be written, or what the person should know of what would be
    /// It is being found out: nothing can be written, and what was proved is of another choice.
    void setPending();
    /// Null progress: idle. While it writes nothing can be chosen.
    void setProgress(std::optional<double> fraction);
    void setProof(const ProofFacts& facts);

    ConvertChoice choice() const;
    ChangesModel* changes() const { return m_changes; }
    ProofView* proof() const { return m_proof; }
    SegmentedSwitch* directionSwitch() const { return m_direction; }
    QPushButton* writeButton() const { return m_write; }
    /// What can be written, in the order in which it is offered.
    QList<QRadioButton*> targetButtons() const;

Q_SIGNALS:
    /// Direction or kind: a new plan is wanted.
    void choiceChanged();
    void browseRequested();
    void writeRequested();
    void cancelRequested();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* buildChoices();
    QWidget* buildTable();
    void addFileRow(QVBoxLayout* column);
    void addProofRows(QVBoxLayout* column);
    /// Something that can be written.
    struct Target
    {
        bool like = false;
        const core::formats::Writer* writer = nullptr;
        QRadioButton* button = nullptr;
        bool operator==(const Target& other) const { return like == other.like && writer == other.writer; }
    };

    void tellSides();
    void fillTargets();
    QWidget* targetRow(Target& target);
    QString titleOf(const Target& target) const;
    QString detailOf(const Target& target) const;
    void updateWrite();
    void fitColumns();
    const ConvertSide& source() const;
    const ConvertSide& target() const;

    std::array<ConvertSide, 2> m_sides;
    bool m_planned = false, m_busy = false;
    QWidget* m_settings; ///< all that is chosen
    SegmentedSwitch* m_direction;
    QLabel* m_sourceHeading;
    QLabel* m_sourceName; ///< in the switch's place where one file is alone
    QVBoxLayout* m_kinds;
    std::vector<Target> m_targets;
    QLabel *m_summary, *m_problem;
    QLineEdit* m_path;
    QCheckBox *m_reopen, *m_runBoth;
    QSpinBox* m_samples;
    QLabel* m_samplesUnit;
    bool m_areNoises = false;
    QPushButton *m_write, *m_cancel;
    QProgressBar* m_progress;
    ChangesModel* m_changes;
    QTableView* m_table;
    ProofView* m_proof;
};

}
