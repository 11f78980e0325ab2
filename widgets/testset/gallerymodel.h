// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/testset/testsetrun.h"

#include <QAbstractListModel>

namespace widgets {

/// Which samples of a run the gallery shows.
struct GalleryFilter
{
    enum class Kind { Disagreeing, Over, All };
    Kind kind = Kind::Disagreeing;
    std::optional<int> label;
    std::optional<int> left, right; ///< only with this answer of a side
    bool worstFirst = false;        ///< else in the set's order
    bool operator==(const GalleryFilter&) const = default;
};

/// The samples of a run that a filter leaves, as a list.
class GalleryModel final : public QAbstractListModel
{
    Q_OBJECT
public:
    using QAbstractListModel::QAbstractListModel;

    void setRun(std::shared_ptr<const TestSetRun> run);
    void setFilter(const GalleryFilter& filter);
    const GalleryFilter& filter() const { return m_filter; }
    const core::sweep::SampleResult& sampleAt(int row) const { return m_run->samples[m_rows[static_cast<std::size_t>(row)]]; }

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

private:
    void refill();

    std::shared_ptr<const TestSetRun> m_run;
    GalleryFilter m_filter;
    std::vector<std::size_t> m_rows;
};

/// "digit 168: label 3, PyTorch 3, Keras 8, max |d| 1.0"
QString sampleText(const core::sweep::SampleResult& sample);

}
