// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/slicing.h"

#include <QWidget>

class QComboBox;
class QHBoxLayout;
class QSpinBox;

namespace widgets {

/// Chooses the plane of a tensor: which axis goes down, which to the right, and the place on each other one.
class SlicingBar final : public QWidget
{
    Q_OBJECT

public:
    explicit SlicingBar(QWidget* parent = nullptr);

    /// Nothing is signalled.
    void setSlicing(const core::Slicing& slicing);
    const core::Slicing& slicing() const { return m_slicing; }
    QComboBox* rows() const { return m_rows; }
    QComboBox* columns() const { return m_columns; }
    /// The place on an axis; null for rows, columns and axes of size 1.
    QSpinBox* place(int axis) const;

Q_SIGNALS:
    void slicingChanged(const core::Slicing& slicing);

private:
    void build();
    void addPlace(int axis);
    void change(const core::Slicing& slicing);

    core::Slicing m_slicing;
    QHBoxLayout* m_row;
    QWidget* m_axes = nullptr; ///< all of the places, made anew with the tensor's rank
    QComboBox *m_rows, *m_columns;
};

}
