// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/digit/answers.h"

#include "core/tensor/tensor.h"

class QLabel;
class QPushButton;
class QSpinBox;

namespace widgets {

class OutputsBlock;
class ValuesView;

/// What networks are given that take no digit, and in which words.
struct GivenInput
{
    QString title;          ///< "noise of shape [32]", "photo.png as [3,224,224]"
    bool noise = true;      ///< else a file's
    int seed = 0;           ///< of the noise
    core::Tensor values[2]; ///< as each side received them; null for one that did not run
    QString problems[2];    ///< why it received none
};

/// The input of networks that take no 28 x 28 digit: seeded noise, or an array or picture from a file, shown as it is received.
class InputPage final : public QWidget
{
    Q_OBJECT
public:
    explicit InputPage(QWidget* parent = nullptr);

    void setInput(const std::array<SideName, 2>& sides, const GivenInput& input);
    void setOutputs(const std::array<SideName, 2>& sides, const DigitOutputs& outputs);
    QString title() const;
    QSpinBox* seedBox() const { return m_seed; }
    ValuesView* values(std::size_t side) const { return m_values[side]; }

Q_SIGNALS:
    void seedChosen(int seed);
    void fileWanted();

private:
    QLabel *m_title, *m_why;
    std::array<ValuesView*, 2> m_values{};
    QSpinBox* m_seed;
    QPushButton *m_noise, *m_file;
    OutputsBlock* m_outputs;
    Answers* m_answers;
};

}
