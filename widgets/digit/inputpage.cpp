// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/digit/inputpage.h"

#include "widgets/digit/digitpages.h"
#include "widgets/digit/valuesview.h"
#include "widgets/sides/headerbar.h"
#include "widgets/theme/style.h"
#include "widgets/theme/type.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>

#include <limits>

namespace widgets {

InputPage::InputPage(QWidget* parent)
    : QWidget(parent), m_title(textLabel({}, this, 13, true)), m_why(textLabel({}, this, 11, false, true)), m_seed(new QSpinBox(this)),
      m_noise(new QPushButton(tr("Noise instead"), this)), m_file(new QPushButton(tr("Picture or .npy…"), this)),
      m_outputs(new OutputsBlock(this)), m_answers(new Answers(Answers::Form::Rows, this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(px(12), px(10), px(12), px(8));
    column->setSpacing(px(8));
    m_title->setWordWrap(true);
    m_title->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_why->setWordWrap(true);
    column->addWidget(m_title);
    column->addWidget(m_why);
    for (ValuesView*& view : m_values) {
        view = new ValuesView(this);
        column->addWidget(view);
    }
    m_seed->setRange(0, std::numeric_limits<int>::max());
    m_seed->setKeyboardTracking(false);
    m_seed->setAccessibleName(tr("Seed of the noise"));
    m_seed->setFixedWidth(px(84));
    for (QWidget* control : {static_cast<QWidget*>(m_seed), static_cast<QWidget*>(m_noise), static_cast<QWidget*>(m_file)})
        setSmall(control);
    auto* choice = new QHBoxLayout;
    choice->setSpacing(px(8));
    choice->addWidget(textLabel(tr("Seed"), this, 11, false, true));
    choice->addWidget(m_seed);
    choice->addStretch();
    choice->addWidget(m_file);
    column->addLayout(choice);
    column->addWidget(m_noise, 0, Qt::AlignRight);
    column->addWidget(m_outputs);
    column->addWidget(m_answers);
    column->addStretch(1);

    connect(m_seed, &QSpinBox::valueChanged, this, &InputPage::seedChosen);
    connect(m_noise, &QPushButton::clicked, this, [this] { Q_EMIT seedChosen(m_seed->value()); });
    connect(m_file, &QPushButton::clicked, this, &InputPage::fileWanted);
}

void InputPage::setInput(const std::array<SideName, 2>& sides, const GivenInput& input)
{
    m_title->setText(input.title);
    m_why->setText(input.noise ? tr("These networks take no 28 × 28 digit. Both receive the same normal noise.")
                               : tr("These networks take no 28 × 28 digit. Both receive what the file holds."));
    const QSignalBlocker quiet(m_seed);
    m_seed->setValue(input.seed);
    m_noise->setVisible(!input.noise);
    for (std::size_t side = 0; side < 2; ++side)
        m_values[side]->setValues(sides[side], input.values[side], input.problems[side]);
}

void InputPage::setOutputs(const std::array<SideName, 2>& sides, const DigitOutputs& outputs)
{
    m_outputs->setOutputs(sides, outputs);
    m_answers->setOutputs(sides, outputs);
}

QString InputPage::title() const
{
    return m_title->text();
}

}
