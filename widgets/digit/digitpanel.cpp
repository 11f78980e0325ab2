// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/digit/digitpanel.h"

#include "widgets/digit/digitgrid.h"
#include "widgets/digit/digitpages.h"
#include "widgets/digit/inputpage.h"
#include "widgets/digit/preprocessedit.h"
#include "widgets/sides/headerbar.h"
#include "widgets/theme/segmentedswitch.h"
#include "widgets/theme/style.h"
#include "widgets/theme/type.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace widgets {

namespace {

enum Mode { TestMode, DrawMode, GivenMode }; // the order of the pages

}

DigitPanel::DigitPanel(QWidget* parent)
    : QWidget(parent), m_sides(sideNames(core::Framework::None, core::Framework::None)), m_switch(new SegmentedSwitch(true, this)),
      m_pages(new QStackedWidget(this)), m_test(new TestDigitPage(this)), m_draw(new DrawPage(this)), m_given(new InputPage(this)),
      m_number(new QSpinBox(this))
{
    groundAsPanel(this);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    buildHeader();
    m_pages->addWidget(m_test);
    m_pages->addWidget(m_draw);
    m_pages->addWidget(m_given);
    column->addWidget(m_pages, 1);
    m_draw->setSides(m_sides);
    showMode(0);

    connect(m_switch, &SegmentedSwitch::currentChanged, this, [this](int index) {
        showMode(index);
        Q_EMIT modeChanged(index == 1);
    });
    connect(m_number, &QSpinBox::valueChanged, this, &DigitPanel::choose);
    connect(m_previous, &QToolButton::clicked, m_number, &QSpinBox::stepDown);
    connect(m_next, &QToolButton::clicked, m_number, &QSpinBox::stepUp);
    connect(m_undo, &QToolButton::clicked, m_draw->pad(), &DrawingPad::undo);
    connect(m_clear, &QToolButton::clicked, m_draw->pad(), &DrawingPad::clear);
    connect(m_test, &TestDigitPage::digitChosen, m_number, &QSpinBox::setValue);
    connect(m_test, &TestDigitPage::samplesShown, this, [this] {
        followDigits();
        Q_EMIT digitChosen(digit(), showsSamples());
    });
    connect(m_given, &InputPage::seedChosen, this, &DigitPanel::seedChosen);
    connect(m_given, &InputPage::fileWanted, this, &DigitPanel::inputFileWanted);
    connect(m_test, &TestDigitPage::folderWanted, this, &DigitPanel::folderWanted);
    connect(m_draw->pad(), &DrawingPad::drawingChanged, this, &DigitPanel::drawingChanged);
    for (std::size_t side = 0; side < 2; ++side)
        connect(m_draw->preprocessEdit(side), &PreprocessEdit::changed, this, [this] {
            tellReceives();
            Q_EMIT preprocessChanged(m_draw->preprocessEdit(0)->preprocess(), m_draw->preprocessEdit(1)->preprocess());
        });
    tellReceives();
}

void DigitPanel::buildHeader()
{
    auto* header = new HeaderBar(this);
    header->row()->setContentsMargins(px(8), 0, px(6), 0);
    header->row()->setSpacing(px(4));
    m_switch->add(tr("Test digit"));
    m_switch->add(tr("Draw"));
    header->row()->addWidget(m_switch);
    m_title = textLabel(tr("Input"), header, 12, true);
    header->row()->addSpacing(px(4));
    header->row()->addWidget(m_title);
    header->row()->addStretch();
    m_previous = iconButton(QStringLiteral("left"), tr("Previous digit"), header);
    m_next = iconButton(QStringLiteral("right"), tr("Next digit"), header);
    for (auto* button : {m_previous, m_next})
        button->setAutoRepeat(true);
    setSmall(m_number);
    m_number->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_number->setAlignment(Qt::AlignCenter);
    m_number->setFixedWidth(px(58));
    m_number->setKeyboardTracking(false);
    m_number->setAccessibleName(tr("Number of the digit"));
    header->row()->addWidget(m_previous);
    header->row()->addWidget(m_number);
    header->row()->addWidget(m_next);
    m_undo = iconButton(QStringLiteral("undo"), tr("Undo the last stroke (Ctrl+Z)"), header);
    m_clear = iconButton(QStringLiteral("clear"), tr("Clear the pad (Del)"), header);
    header->row()->addWidget(m_undo);
    header->row()->addWidget(m_clear);
    layout()->addWidget(header);
    followDigits();
}

void DigitPanel::showMode(int index)
{
    m_pages->setCurrentIndex(index);
    for (QWidget* widget : {static_cast<QWidget*>(m_previous), static_cast<QWidget*>(m_number), static_cast<QWidget*>(m_next)})
        widget->setVisible(index == TestMode);
    m_undo->setVisible(index == DrawMode);
    m_clear->setVisible(index == DrawMode);
    m_switch->setVisible(index != GivenMode);
    m_title->setVisible(index == GivenMode);
}

void DigitPanel::choose(int number)
{
    m_test->setDigit(number);
    Q_EMIT digitChosen(number, showsSamples());
}

void DigitPanel::followDigits()
{
    const QSignalBlocker quiet(m_number);
    const auto* digits = m_test->shownDigits();
    m_number->setRange(0, digits ? qMax(0, digits->count() - 1) : 0);
    m_number->setValue(qMax(0, m_test->grid()->currentDigit()));
    for (QWidget* widget : {static_cast<QWidget*>(m_previous), static_cast<QWidget*>(m_number), static_cast<QWidget*>(m_next)})
        widget->setEnabled(digits != nullptr);
}

void DigitPanel::setSides(core::Framework left, core::Framework right)
{
    m_sides = sideNames(left, right);
    m_draw->setSides(m_sides);
    tellReceives();
}

void DigitPanel::setDigits(std::shared_ptr<const core::digits::DigitSet> testSet, std::shared_ptr<const core::digits::DigitSet> samples)
{
    m_test->setDigits(std::move(testSet), std::move(samples));
    followDigits();
}

void DigitPanel::setDigit(int number, bool sample)
{
    if (sample != showsSamples())
        m_test->setSamplesShown(sample);
    m_test->setDigit(number);
    followDigits();
}

void DigitPanel::setDrawing(bool drawing)
{
    const QSignalBlocker quiet(m_switch);
    m_switch->setCurrent(drawing ? DrawMode : TestMode);
    if (showsDigits())
        showMode(drawing ? DrawMode : TestMode);
}

void DigitPanel::setGiven(const GivenInput& input)
{
    m_given->setInput(m_sides, input);
    showMode(GivenMode);
}

void DigitPanel::setTakesDigit()
{
    if (!showsDigits())
        showMode(m_switch->current());
}

bool DigitPanel::showsDigits() const
{
    return m_pages->currentIndex() != GivenMode;
}

void DigitPanel::setStrokes(DrawingPad::Strokes strokes)
{
    m_draw->pad()->setStrokes(std::move(strokes));
}

void DigitPanel::setPreprocess(const core::digits::Preprocess& left, const core::digits::Preprocess& right)
{
    m_draw->preprocessEdit(0)->setPreprocess(left);
    m_draw->preprocessEdit(1)->setPreprocess(right);
    tellReceives();
}

void DigitPanel::setRuns(bool left, bool right)
{
    m_runs = {left, right};
    tellReceives();
}

void DigitPanel::setGuesses(core::digits::Scale left, core::digits::Scale right)
{
    m_draw->preprocessEdit(0)->setGuess(left);
    m_draw->preprocessEdit(1)->setGuess(right);
}

void DigitPanel::setOutputs(const DigitOutputs& outputs)
{
    m_test->setOutputs(m_sides, outputs);
    m_draw->setOutputs(m_sides, outputs);
    m_given->setOutputs(m_sides, outputs);
}

void DigitPanel::setReceived(const core::Tensor& left, const core::Tensor& right)
{
    m_draw->setReceived(left, right);
}

void DigitPanel::tellReceives()
{
    const QString left = preprocessText(m_draw->preprocessEdit(0)->preprocess());
    const QString right = preprocessText(m_draw->preprocessEdit(1)->preprocess());
    if (!m_runs[0] || !m_runs[1]) {
        const std::size_t one = m_runs[0] ? 0 : 1;
        m_test->setReceives(m_runs[one] ? tr("%1 alone receives %2").arg(m_sides[one].title, one == 0 ? left : right)
                                        : tr("No network runs on it"));
        return;
    }
    m_test->setReceives(left == right ? tr("Both receive %1").arg(left)
                                      : tr("%1 receives %2\n%3 receives %4").arg(m_sides[0].title, left, m_sides[1].title, right));
}

bool DigitPanel::isDrawing() const
{
    return m_pages->currentIndex() == DrawMode;
}

int DigitPanel::digit() const
{
    return m_number->value();
}

bool DigitPanel::showsSamples() const
{
    return m_test->showsSamples();
}

}
