// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/digit/answers.h"
#include "widgets/digit/drawingpad.h"

#include "core/tensor/tensor.h"

class QLabel;
class QSpinBox;
class QStackedWidget;
class QToolButton;

namespace widgets {

class DrawPage;
class InputPage;
struct GivenInput;
class SegmentedSwitch;
class TestDigitPage;

/// What both networks are given: a digit of the MNIST test set, a sample digit, or a drawing; and what they say to it.
class DigitPanel final : public QWidget
{
    Q_OBJECT
public:
    explicit DigitPanel(QWidget* parent = nullptr);

    void setSides(core::Framework left, core::Framework right);
    /// Either may be null. Without a test set the samples are shown, and a button asks for its folder.
    void setDigits(std::shared_ptr<const core::digits::DigitSet> testSet, std::shared_ptr<const core::digits::DigitSet> samples);
    /// Shows a digit as chosen, without a signal.
    void setDigit(int number, bool sample);
    void setDrawing(bool drawing);
    void setStrokes(DrawingPad::Strokes strokes);
    void setPreprocess(const core::digits::Preprocess& left, const core::digits::Preprocess& right);
    /// Whether a side's network runs, and so receives anything.
    void setRuns(bool left, bool right);
    void setGuesses(core::digits::Scale left, core::digits::Scale right);
    void setOutputs(const DigitOutputs& outputs);
    /// The inputs as the networks got them, for the drawing page.
    void setReceived(const core::Tensor& left, const core::Tensor& right);

    /// Shows what networks get that take no digit, in place of the digits.
    void setGiven(const GivenInput& input);
    /// Shows the digits again.
    void setTakesDigit();
    bool showsDigits() const;

    bool isDrawing() const;
    int digit() const;
    bool showsSamples() const;
    TestDigitPage* testPage() const { return m_test; }
    DrawPage* drawPage() const { return m_draw; }
    InputPage* inputPage() const { return m_given; }
    QSpinBox* numberBox() const { return m_number; }
    SegmentedSwitch* modeSwitch() const { return m_switch; }

Q_SIGNALS:
    /// `sample`: of the sample digits, not of the test set.
    void digitChosen(int number, bool sample);
    void modeChanged(bool drawing);
    /// After every move of the pen; `done` when it was lifted.
    void drawingChanged(const widgets::DrawingPad::Strokes& strokes, bool done);
    void preprocessChanged(const core::digits::Preprocess& left, const core::digits::Preprocess& right);
    void folderWanted();
    void seedChosen(int seed);
    void inputFileWanted();

private:
    void buildHeader();
    void showMode(int index);
    void choose(int number);
    void followDigits();
    void tellReceives();

    std::array<SideName, 2> m_sides;
    SegmentedSwitch* m_switch;
    QStackedWidget* m_pages;
    TestDigitPage* m_test;
    DrawPage* m_draw;
    InputPage* m_given;
    QLabel* m_title = nullptr;
    std::array<bool, 2> m_runs{true, true};
    QSpinBox* m_number;
    QToolButton *m_previous, *m_next, *m_undo, *m_clear;
};

}
