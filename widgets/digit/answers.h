// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/sides/sidelabel.h"

#include <vector>

namespace widgets {

/// What both networks answered to one input.
struct DigitOutputs
{
    std::vector<float> left, right;    ///< one value for each class; empty for a side that gave none
    bool probabilities = true;         ///< shown in percent
    QString form;                      ///< "softmax, 0 … 1"
    QString leftProblem, rightProblem; ///< "no model", where there is no output
};

/// Each side's choice and how sure it is, as two rows or in one line.
class Answers final : public QWidget
{
    Q_OBJECT
public:
    enum class Form { Rows, Line };
    explicit Answers(Form form, QWidget* parent = nullptr);

    void setOutputs(const std::array<SideName, 2>& sides, const DigitOutputs& outputs);
    /// "7", "99.90 %" of a side; the problem in place of the second where there is no answer.
    std::pair<QString, QString> answer(std::size_t side) const;
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Form m_form;
    std::array<SideName, 2> m_sides;
    DigitOutputs m_outputs;
};

}
