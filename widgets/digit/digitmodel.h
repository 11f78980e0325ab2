// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/digits/digits.h"

#include <QAbstractListModel>
#include <QImage>

#include <memory>
#include <optional>

namespace widgets {

/// The digits of a set as a list; rows are those that the filter leaves.
class DigitModel final : public QAbstractListModel
{
    Q_OBJECT
public:
    enum Role { NumberRole = Qt::UserRole + 1, LabelRole };

    using QAbstractListModel::QAbstractListModel;

    void setDigits(std::shared_ptr<const core::digits::DigitSet> digits);
    const core::digits::DigitSet* digits() const { return m_digits.get(); }
    /// Only digits with this label; none: all.
    void setLabel(std::optional<int> label);
    /// Row of a digit by its number in the set, -1 when the filter hides it.
    int rowOf(int number) const;
    int numberAt(int row) const { return m_rows[static_cast<std::size_t>(row)]; }

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

private:
    void refill();

    std::shared_ptr<const core::digits::DigitSet> m_digits;
    std::optional<int> m_label;
    std::vector<int> m_rows;
};

/// A digit's 28 x 28 bytes seen as a grey picture; valid as long as the set lives.
QImage digitImage(const core::digits::DigitSet& digits, int number);
/// A picture with values 0 to 255, as bytes.
QImage pictureImage(const core::digits::Picture& picture);

}
