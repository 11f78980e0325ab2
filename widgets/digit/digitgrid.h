// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/digit/digitmodel.h"

#include <QListView>

namespace widgets {

/// Thumbnails of a set of digits, painted straight from its bytes.
class DigitGrid final : public QListView
{
    Q_OBJECT
public:
    explicit DigitGrid(QWidget* parent = nullptr);

    void setDigits(std::shared_ptr<const core::digits::DigitSet> digits);
    void setLabel(std::optional<int> label);
    /// Shows a digit as chosen, without a signal.
    void setCurrentDigit(int number);
    int currentDigit() const { return m_current; }
    DigitModel* digitModel() const { return m_model; }

Q_SIGNALS:
    void digitChosen(int number);

protected:
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

private:
    DigitModel* m_model;
    int m_current = -1;
    bool m_quiet = false;
};

}
