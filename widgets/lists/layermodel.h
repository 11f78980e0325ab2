// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/lists/layerrows.h"

#include <QAbstractItemModel>
#include <QHash>

#include <memory>

namespace widgets {

/// The layers of one file, and under each its parameters.
class LayerModel final : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum Column { LayerColumn, TypeColumn, ShapeColumn, CountColumn, HistogramColumn, DTypeColumn, BytesColumn, RangeColumn, ColumnCount };
    enum Role {
        NameRole = Qt::UserRole, ///< full name of the row's layer or parameter
        LayerRole,               ///< name of the layer that the row belongs to
        KindRole,                ///< first part of the type
        AttributesRole,          ///< its second part
        BinsRole,                ///< QList<double>, counts of the histogram
        FirstDivergenceRole,     ///< the first layer over tolerance
        MarkRole,                ///< int of ParameterMark::Kind, of a layer the one that matters most
        NanRole,                 ///< it holds NaN
        CauseRole,               ///< why it differs, empty where that is not known
        UnsupportedRole,         ///< it cannot be run
        SortRole,
        SearchRole, ///< what the text filter looks at
        DTypeRole,  ///< "float32" and "f32", of a layer those of its parameters
        ShapesRole, ///< "6,1,5,5", of a layer those of its parameters too
        CopyRole    ///< what a copied cell holds: full names, plain numbers
    };

    using QAbstractItemModel::QAbstractItemModel;

    /// Shows another file; null shows nothing. `values` are core::layers::inferValues' for the column of shapes.
    void setModel(std::shared_ptr<const core::Model> model, const core::layers::Values& values = {});
    const std::shared_ptr<const core::Model>& model() const { return m_model; }
    /// Range and histogram of a parameter, when its values were read.
    void setStatistics(const QString& parameter, const core::Statistics& statistics, std::vector<std::int64_t> bins);
    /// How parameters stand to their mates, by name; those that are not named have no mark. The rows of layers of which
    /// any changed.
    QList<int> setMarks(const QHash<QString, ParameterMark>& marks);
    /// Why layers differ, or what is tried on them, one sentence a layer; those that are not named have none.
    void setCauses(const QHash<QString, QString>& causes);
    /// Flags a layer; an empty name flags none.
    void setFirstDivergence(const QString& layer);

    QModelIndex layerIndex(const QString& layer) const;
    QModelIndex parameterIndex(const QString& parameter) const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& index) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    const LayerRow& layerOf(const QModelIndex& index) const;
    const ParameterRow* parameterOf(const QModelIndex& index) const; ///< null for a layer's row
    QVariant layerData(const LayerRow& layer, int column, int role) const;
    QVariant parameterData(const ParameterRow& parameter, int column, int role) const;

    std::shared_ptr<const core::Model> m_model;
    LayerRows m_rows;
    ParameterMark markOf(const LayerRow& layer) const;

    QString m_firstDivergence;
    QHash<QString, ParameterMark> m_marks;
    QHash<QString, QString> m_causes;
};

}
