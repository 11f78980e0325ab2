// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/digit/answers.h"
#include "widgets/digit/drawingpad.h"

#include "core/tensor/tensor.h"

class QComboBox;
class QLabel;
class QPushButton;
class QSlider;
class QToolButton;

namespace widgets {

class DigitGrid;
class OutputBars;
class PreprocessEdit;
class ReceivedView;

/// Heading, form and bars of the outputs: the same on both pages.
class OutputsBlock final : public QWidget
{
    Q_OBJECT
public:
    explicit OutputsBlock(QWidget* parent = nullptr);
    void setOutputs(const std::array<SideName, 2>& sides, const DigitOutputs& outputs);
    OutputBars* bars() const { return m_bars; }

private:
    QLabel* m_form;
    OutputBars* m_bars;
};

/// A digit of the test set or one of the samples: its picture, label, answers, and the grid to choose from.
class TestDigitPage final : public QWidget
{
    Q_OBJECT
public:
    explicit TestDigitPage(QWidget* parent = nullptr);

    void setDigits(std::shared_ptr<const core::digits::DigitSet> testSet, std::shared_ptr<const core::digits::DigitSet> samples);
    void setDigit(int number);
    void setSamplesShown(bool samples);
    bool showsSamples() const { return m_showsSamples; }
    const core::digits::DigitSet* shownDigits() const;
    void setOutputs(const std::array<SideName, 2>& sides, const DigitOutputs& outputs);
    void setReceives(const QString& text);
    DigitGrid* grid() const { return m_grid; }
    QComboBox* filter() const { return m_filter; }
    OutputsBlock* outputs() const { return m_outputs; }

Q_SIGNALS:
    void digitChosen(int number);
    void samplesShown(bool samples);
    void folderWanted();

private:
    void fillFilter();
    void applyFilter();

    std::shared_ptr<const core::digits::DigitSet> m_testSet, m_samples;
    bool m_showsSamples = true;
    QLabel *m_picture, *m_label, *m_receives;
    Answers* m_answers;
    OutputsBlock* m_outputs;
    QComboBox* m_filter;
    DigitGrid* m_grid;
    QPushButton* m_folder;
};

/// The pad with its tools, what each side receives of the drawing, and the answers.
class DrawPage final : public QWidget
{
    Q_OBJECT
public:
    explicit DrawPage(QWidget* parent = nullptr);

    void setSides(const std::array<SideName, 2>& sides);
    void setReceived(const core::Tensor& left, const core::Tensor& right);
    void setOutputs(const std::array<SideName, 2>& sides, const DigitOutputs& outputs);
    DrawingPad* pad() const { return m_pad; }
    PreprocessEdit* preprocessEdit(std::size_t side) const { return m_edits[side]; }
    ReceivedView* received(std::size_t side) const { return m_received[side]; }

private:
    QLayout* buildTools();

    std::array<SideName, 2> m_sides;
    DrawingPad* m_pad;
    QToolButton *m_pen, *m_eraser;
    QSlider* m_brush;
    QLabel* m_brushText;
    std::array<ReceivedView*, 2> m_received{};
    std::array<PreprocessEdit*, 2> m_edits{};
    OutputsBlock* m_outputs;
    Answers* m_answers;
};

}
