// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/testset/gallerymodel.h"

#include "widgets/digit/digitmodel.h"
#include "widgets/sides/text.h"

#include <algorithm>
#include <cmath>

namespace widgets {

void GalleryModel::setRun(std::shared_ptr<const TestSetRun> run)
{
    beginResetModel();
    m_run = std::move(run);
    refill();
    endResetModel();
}

void GalleryModel::setFilter(const GalleryFilter& filter)
{
    beginResetModel();
    m_filter = filter;
    refill();
    endResetModel();
}

void GalleryModel::refill()
{
    m_rows.clear();
    if (!m_run)
        return;
    const auto passes = [&](const core::sweep::SampleResult& sample) {
        const bool kind = m_filter.kind == GalleryFilter::Kind::All ||
                          (m_filter.kind == GalleryFilter::Kind::Over ? sample.over : m_run->sweep.classes > 0 && !sample.agrees());
        return kind && (!m_filter.label || sample.label == m_filter.label) && (!m_filter.left || sample.left == m_filter.left) &&
               (!m_filter.right || sample.right == m_filter.right);
    };
    for (std::size_t i = 0; i < m_run->samples.size(); ++i)
        if (passes(m_run->samples[i]))
            m_rows.push_back(i);
    if (m_filter.worstFirst) {
        const auto rank = [&](std::size_t i) {
            const auto& error = m_run->samples[i].maxAbs;
            return !error ? -1 : std::isnan(*error) ? HUGE_VAL : *error;
        };
        std::stable_sort(m_rows.begin(), m_rows.end(), [&](std::size_t a, std::size_t b) { return rank(a) > rank(b); });
    }
}

int GalleryModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant GalleryModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const core::sweep::SampleResult& sample = sampleAt(index.row());
    switch (role) {
    case Qt::DecorationRole:
        return digitImage(*m_run->digits, static_cast<int>(sample.index));
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole:
        return sampleText(sample);
    default:
        return {};
    }
}

QString sampleText(const core::sweep::SampleResult& sample)
{
    const auto number = [](const std::optional<int>& value) { return value ? QString::number(*value) : QStringLiteral("–"); };
    QString text = GalleryModel::tr("digit %1: label %2, left %3, right %4")
                       .arg(QString::number(sample.index), number(sample.label), number(sample.left), number(sample.right));
    if (sample.maxAbs)
        text += GalleryModel::tr(", max |d| %1").arg(twoDigits(*sample.maxAbs));
    return sample.problem.empty() ? text : text + QStringLiteral("\n") + QString::fromStdString(sample.problem);
}

}
