// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/digit/digitmodel.h"

#include <algorithm>

namespace widgets {

void DigitModel::setDigits(std::shared_ptr<const core::digits::DigitSet> digits)
{
    beginResetModel();
    m_digits = std::move(digits);
    m_label.reset();
    refill();
    endResetModel();
}

void DigitModel::setLabel(std::optional<int> label)
{
    beginResetModel();
    m_label = label;
    refill();
    endResetModel();
}

void DigitModel::refill()
{
    m_rows.clear();
    for (int number = 0; m_digits && number < m_digits->count(); ++number)
        if (!m_label || m_digits->label(number) == m_label)
            m_rows.push_back(number);
}

int DigitModel::rowOf(int number) const
{
    const auto found = std::lower_bound(m_rows.begin(), m_rows.end(), number);
    return found != m_rows.end() && *found == number ? static_cast<int>(found - m_rows.begin()) : -1;
}

int DigitModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant DigitModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const int number = numberAt(index.row());
    const auto label = m_digits->label(number);
    switch (role) {
    case NumberRole:
        return number;
    case LabelRole:
        return label ? QVariant(*label) : QVariant();
    case Qt::DecorationRole:
        return digitImage(*m_digits, number);
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole:
        return label ? tr("digit %1, label %2").arg(number).arg(*label) : tr("digit %1").arg(number);
    default:
        return {};
    }
}

QImage digitImage(const core::digits::DigitSet& digits, int number)
{
    return QImage(digits.pixels.data() + static_cast<std::size_t>(number) * 784, 28, 28, 28, QImage::Format_Grayscale8);
}

QImage pictureImage(const core::digits::Picture& picture)
{
    QImage image(28, 28, QImage::Format_Grayscale8);
    for (int y = 0; y < 28; ++y) {
        uchar* line = image.scanLine(y);
        for (int x = 0; x < 28; ++x)
            line[x] = static_cast<uchar>(std::clamp(picture[static_cast<std::size_t>(y * 28 + x)] + 0.5F, 0.0F, 255.0F));
    }
    return image;
}

}
