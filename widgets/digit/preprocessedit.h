// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/digits/digits.h"

#include <QWidget>

class QCheckBox;
class QComboBox;

namespace widgets {

/// How one side's pixels become numbers: scale, centring, inversion.
class PreprocessEdit final : public QWidget
{
    Q_OBJECT
public:
    explicit PreprocessEdit(QWidget* parent = nullptr);

    core::digits::Preprocess preprocess() const;
    /// Shows a choice, without a signal.
    void setPreprocess(const core::digits::Preprocess& preprocess);
    /// The one that was guessed is called the default.
    void setGuess(core::digits::Scale scale);

Q_SIGNALS:
    void changed();

private:
    QComboBox* m_scale;
    QCheckBox *m_center, *m_invert;
    core::digits::Preprocess m_value;
};

/// "/255 → 0…1", "/255 → 0…1, inverted".
QString preprocessText(const core::digits::Preprocess& preprocess);

}
