// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/digit/digitgrid.h"
#include "widgets/digit/digitpages.h"
#include "widgets/plots/outputbars.h"
#include "widgets/sides/headerbar.h"
#include "widgets/sides/text.h"
#include "widgets/theme/style.h"
#include "widgets/theme/type.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace widgets {
namespace {

constexpr int pictureZoom = 4, samplesEntry = -2, allEntry = -1;

}

OutputsBlock::OutputsBlock(QWidget* parent) : QWidget(parent), m_form(textLabel({}, this, 11, false, true)), m_bars(new OutputBars(this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(px(2));
    auto* head = new QHBoxLayout;
    head->addWidget(textLabel(tr("Outputs"), this, 12, true));
    head->addStretch();
    head->addWidget(m_form);
    column->addLayout(head);
    column->addWidget(m_bars);
}

void OutputsBlock::setOutputs(const std::array<SideName, 2>& sides, const DigitOutputs& outputs)
{
    m_form->setText(outputs.form);
    m_bars->setOutputs(sides, outputs.left, outputs.right);
}

TestDigitPage::TestDigitPage(QWidget* parent)
    : QWidget(parent), m_picture(new QLabel(this)), m_label(textLabel({}, this, 22)), m_receives(textLabel({}, this, 11, false, true)),
      m_answers(new Answers(Answers::Form::Rows, this)), m_outputs(new OutputsBlock(this)), m_filter(new QComboBox(this)),
      m_grid(new DigitGrid(this)), m_folder(new QPushButton(tr("MNIST test set: choose folder…"), this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(px(12), px(10), px(4), px(4));
    column->setSpacing(px(8));
    auto* top = new QHBoxLayout;
    top->setSpacing(px(12));
    top->setContentsMargins(0, 0, px(8), 0);
    m_picture->setFixedSize(28 * pictureZoom, 28 * pictureZoom);
    m_picture->setAccessibleName(tr("The chosen digit"));
    top->addWidget(m_picture, 0, Qt::AlignTop);
    auto* facts = new QVBoxLayout;
    facts->setSpacing(0);
    facts->addWidget(textLabel(tr("Label"), this, 12, false, true));
    facts->addWidget(m_label);
    facts->addSpacing(px(4));
    facts->addWidget(m_answers);
    facts->addSpacing(px(6));
    m_receives->setWordWrap(true);
    facts->addWidget(m_receives);
    facts->addStretch();
    top->addLayout(facts, 1);
    column->addLayout(top);
    auto* inset = new QHBoxLayout;
    inset->setContentsMargins(0, 0, px(8), 0);
    inset->addWidget(m_outputs);
    column->addLayout(inset);

    auto* filters = new QHBoxLayout;
    filters->setContentsMargins(0, 0, px(8), 0);
    setSmall(m_filter);
    m_filter->setAccessibleName(tr("Which digits the grid shows"));
    filters->addWidget(m_filter, 1);
    column->addLayout(filters);
    m_grid->setMinimumHeight(60);
    column->addWidget(m_grid, 1);
    setSmall(m_folder);
    column->addWidget(m_folder, 0, Qt::AlignLeft);

    connect(m_grid, &DigitGrid::digitChosen, this, [this](int number) {
        setDigit(number);
        Q_EMIT digitChosen(number);
    });
    connect(m_filter, &QComboBox::activated, this, &TestDigitPage::applyFilter);
    connect(m_folder, &QPushButton::clicked, this, &TestDigitPage::folderWanted);
}

const core::digits::DigitSet* TestDigitPage::shownDigits() const
{
    return m_showsSamples ? m_samples.get() : m_testSet.get();
}

void TestDigitPage::setDigits(std::shared_ptr<const core::digits::DigitSet> testSet, std::shared_ptr<const core::digits::DigitSet> samples)
{
    if (testSet == m_testSet && samples == m_samples)
        return; // keeps filter and scrolling
    m_testSet = std::move(testSet);
    m_samples = std::move(samples);
    fillFilter();
    setSamplesShown(!m_testSet);
}

void TestDigitPage::setSamplesShown(bool samples)
{
    m_showsSamples = samples || !m_testSet;
    m_grid->setDigits(m_showsSamples ? m_samples : m_testSet);
    m_filter->setCurrentIndex(m_filter->findData(m_showsSamples ? samplesEntry : allEntry));
    m_folder->setVisible(!m_testSet);
    setDigit(0);
}

void TestDigitPage::fillFilter()
{
    m_filter->clear();
    if (m_testSet)
        m_filter->addItem(tr("All %1 digits").arg(thousands(m_testSet->count())), allEntry);
    if (m_samples)
        m_filter->addItem(tr("The %1 sample digits").arg(thousands(m_samples->count())), samplesEntry);
    if (m_testSet && !m_testSet->labels.empty())
        for (int label = 0; label < 10; ++label)
            m_filter->addItem(tr("Only label %1").arg(label), label);
}

void TestDigitPage::applyFilter()
{
    const int entry = m_filter->currentData().toInt();
    const bool samples = entry == samplesEntry;
    if (samples != m_showsSamples) {
        const int index = m_filter->currentIndex();
        setSamplesShown(samples);
        m_filter->setCurrentIndex(index);
        Q_EMIT samplesShown(samples);
    }
    m_grid->setLabel(entry >= 0 ? std::optional<int>(entry) : std::nullopt);
}

void TestDigitPage::setDigit(int number)
{
    const auto* digits = shownDigits();
    if (!digits || number < 0 || number >= digits->count()) {
        m_picture->clear();
        m_label->clear();
        return;
    }
    const double ratio = devicePixelRatioF();
    QImage image = digitImage(*digits, number).scaled(m_picture->size() * ratio, Qt::IgnoreAspectRatio, Qt::FastTransformation);
    image.setDevicePixelRatio(ratio);
    m_picture->setPixmap(QPixmap::fromImage(image));
    const auto label = digits->label(number);
    m_label->setText(label ? QString::number(*label) : QStringLiteral("–"));
    m_grid->setCurrentDigit(number);
}

void TestDigitPage::setOutputs(const std::array<SideName, 2>& sides, const DigitOutputs& outputs)
{
    m_answers->setOutputs(sides, outputs);
    m_outputs->setOutputs(sides, outputs);
}

void TestDigitPage::setReceives(const QString& text)
{
    m_receives->setText(text);
}

}
