// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tensor/valuesmodel.h"

#include "widgets/sides/text.h"

#include <limits>

namespace widgets {

void ValuesModel::setTensors(const core::Tensor& left, const core::Tensor& right, std::array<QString, 2> names)
{
    beginResetModel();
    m_tensors = {left, right};
    m_names = std::move(names);
    endResetModel();
}

int ValuesModel::rowCount(const QModelIndex& parent) const
{
    if (parent.isValid())
        return 0;
    std::int64_t count = 0;
    for (const auto& tensor : m_tensors)
        if (!tensor.isNull())
            count = std::max(count, tensor.count());
    return static_cast<int>(std::min<std::int64_t>(count, std::numeric_limits<int>::max()));
}

int ValuesModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString ValuesModel::indexText(std::int64_t row) const
{
    const auto& shape = m_tensors[m_tensors[0].isNull() ? 1 : 0].shape();
    const auto strides = core::denseStrides(shape);
    QStringList places;
    // The batch of one says nothing.
    for (std::size_t d = shape.size() > 1 && shape[0] == 1 ? 1 : 0; d < shape.size(); ++d)
        places += QString::number(row / strides[d] % shape[d]);
    return places.join(u',');
}

QVariant ValuesModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(index.column() == Index ? Qt::AlignLeft | Qt::AlignVCenter : Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const auto row = static_cast<std::size_t>(index.row());
    const auto has = [&](std::size_t side) { return !m_tensors[side].isNull() && row < m_tensors[side].floats().size(); };
    const auto value = [&](std::size_t side) { return static_cast<double>(m_tensors[side].floats()[row]); };
    switch (index.column()) {
    case Index:
        return indexText(index.row());
    case Left:
    case Right: {
        const std::size_t side = index.column() == Left ? 0 : 1;
        return has(side) ? fixedNumber(value(side), 6) : QStringLiteral("–");
    }
    default:
        return has(0) && has(1) ? twoDigits(value(0) - value(1)) : QStringLiteral("–");
    }
}

QVariant ValuesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(section == Index ? Qt::AlignLeft | Qt::AlignVCenter : Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Index:
        return tr("index");
    case Left:
        return m_names[0];
    case Right:
        return m_names[1];
    default:
        return QStringLiteral("d");
    }
}

}
