// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/convert/changesmodel.h"

#include "core/rules/rules.h"
#include "widgets/sides/text.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/icons.h"

#include <QApplication>

namespace widgets {
namespace {

QString joined(const std::vector<std::string>& names)
{
    QStringList list;
    for (const auto& name : names)
        list += QString::fromStdString(name);
    return list.join(QLatin1String(" + "));
}

QString joined(const std::vector<core::Shape>& shapes)
{
    QStringList list;
    for (const auto& shape : shapes)
        list += QString::fromStdString(core::text(shape));
    return list.join(QLatin1String(" + "));
}

/// Layers without weights show their own names.
const std::vector<std::string>& namesOf(const std::vector<std::string>& parameters, const std::vector<std::string>& layers)
{
    return parameters.empty() ? layers : parameters;
}

bool isWeightless(const core::convert::Change& change)
{
    return change.to.empty();
}

}

void ChangesModel::setChanges(std::vector<core::convert::Change> changes, const QString& fromTitle, const QString& toTitle)
{
    beginResetModel();
    m_changes = std::move(changes);
    m_fromTitle = fromTitle;
    m_toTitle = toTitle;
    m_proof.clear();
    endResetModel();
}

void ChangesModel::setProof(std::map<std::string, bool> tensors)
{
    m_proof = std::move(tensors);
    if (!m_changes.empty())
        Q_EMIT dataChanged(index(0, Proof), index(rowCount() - 1, Proof));
}

int ChangesModel::tensorCount() const
{
    std::size_t count = 0;
    for (const auto& change : m_changes)
        count += change.to.size();
    return static_cast<int>(count);
}

std::uint64_t ChangesModel::byteCount() const
{
    std::uint64_t bytes = 0;
    for (const auto& change : m_changes)
        bytes += change.bytes;
    return bytes;
}

std::optional<bool> ChangesModel::proved(const core::convert::Change& change) const
{
    std::optional<bool> result;
    for (const auto& name : change.to)
        if (const auto found = m_proof.find(name); found != m_proof.end())
            result = result.value_or(true) && found->second;
    return result;
}

int ChangesModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_changes.size());
}

int ChangesModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString ChangesModel::text(const core::convert::Change& change, int column) const
{
    switch (column) {
    case From:
        return joined(namesOf(change.from, change.fromLayers));
    case FromShape:
        return joined(change.fromShapes);
    case Rule:
        return change.rule.empty() ? tr("no weights") : QString::fromStdString(core::rules::ruleTitle(change.rule));
    case To:
        return joined(namesOf(change.to, change.toLayers));
    case ToShape:
        return joined(change.toShapes);
    case Bytes:
        return isWeightless(change) ? QString() : thousands(static_cast<std::int64_t>(change.bytes));
    default:
        break;
    }
    const auto holds = proved(change);
    return !holds ? QString() : *holds ? tr("bit for bit") : tr("differs");
}

QVariant ChangesModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto& change = m_changes[static_cast<std::size_t>(index.row())];
    const auto holds = proved(change);
    const Colours& set = colours(QApplication::palette());
    switch (role) {
    case Qt::DisplayRole:
        return text(change, index.column()).replace(QLatin1String("->"), QStringLiteral("→"));
    case Qt::ToolTipRole:
        return text(change, index.column()).toHtmlEscaped();
    case Qt::TextAlignmentRole:
        return QVariant((index.column() == Bytes ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::DecorationRole:
        if (index.column() == Proof && holds)
            return icon(*holds ? QStringLiteral("check") : QStringLiteral("cross"), *holds ? &Colours::green : &Colours::red);
        return {};
    case Qt::ForegroundRole:
        if (index.column() == Proof && holds)
            return *holds ? set.green : set.red;
        return isWeightless(change) || index.column() == FromShape || index.column() == ToShape ? set.text2 : set.text;
    case NoWeightsRole:
        return isWeightless(change);
    case ProvedRole:
        return holds ? QVariant(*holds) : QVariant();
    default:
        return {};
    }
}

QVariant ChangesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant((section == Bytes ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const QString titles[ColumnCount] = {m_fromTitle, tr("Shape"), tr("Rule"), m_toTitle, tr("Shape"), tr("Bytes"), tr("Proof")};
    return titles[section];
}

}
