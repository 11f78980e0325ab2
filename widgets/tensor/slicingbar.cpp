// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tensor/slicingbar.h"

#include "widgets/sides/headerbar.h"
#include "widgets/theme/style.h"
#include "widgets/theme/type.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSlider>
#include <QSpinBox>

#include <limits>

namespace widgets {

namespace {

constexpr int mostSliders = 2; // more of them would not fit; the boxes are there for every axis

QString nameOf(const core::Slicing& slicing, int axis)
{
    return QString::fromStdString(core::axisName(slicing, axis));
}

}

SlicingBar::SlicingBar(QWidget* parent)
    : QWidget(parent), m_row(new QHBoxLayout(this)), m_rows(new QComboBox(this)), m_columns(new QComboBox(this))
{
    m_row->setContentsMargins(px(12), px(3), px(12), px(3));
    m_row->setSpacing(px(6));
    const auto add = [this](const QString& text, QComboBox* box, const QString& what) {
        m_row->addWidget(textLabel(text, this, 11, false, true));
        setSmall(box);
        box->setAccessibleName(what);
        box->setToolTip(what);
        box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
        m_row->addWidget(box);
    };
    add(tr("Rows"), m_rows, tr("Axis that goes down"));
    add(tr("Columns"), m_columns, tr("Axis that goes to the right"));
    m_row->addStretch(1);
    connect(m_rows, &QComboBox::activated, this, [this](int axis) { change(core::withRows(m_slicing, axis)); });
    connect(m_columns, &QComboBox::activated, this, [this](int axis) { change(core::withColumns(m_slicing, axis)); });
}

void SlicingBar::setSlicing(const core::Slicing& slicing)
{
    m_slicing = slicing;
    build();
}

void SlicingBar::change(const core::Slicing& slicing)
{
    if (slicing == m_slicing)
        return;
    m_slicing = slicing;
    build();
    Q_EMIT slicingChanged(m_slicing);
}

void SlicingBar::build()
{
    const int rank = static_cast<int>(m_slicing.shape.size());
    for (QComboBox* box : {m_rows, m_columns}) {
        box->clear();
        for (int axis = 0; axis < rank; ++axis)
            box->addItem(tr("%1 (%2)").arg(nameOf(m_slicing, axis)).arg(m_slicing.shape[static_cast<std::size_t>(axis)]));
        box->setCurrentIndex(box == m_rows ? m_slicing.rows : m_slicing.columns);
        box->setEnabled(rank > 1);
    }
    if (m_axes) {
        m_axes->hide();
        m_axes->deleteLater(); // one of its own boxes may be telling of a change
    }
    m_axes = new QWidget(this);
    auto* row = new QHBoxLayout(m_axes);
    row->setContentsMargins(px(6), 0, 0, 0);
    row->setSpacing(px(6));
    for (int axis = 0; axis < rank; ++axis)
        if (axis != m_slicing.rows && axis != m_slicing.columns && m_slicing.shape[static_cast<std::size_t>(axis)] > 1)
            addPlace(axis);
    m_row->insertWidget(m_row->count() - 1, m_axes);
}

void SlicingBar::addPlace(int axis)
{
    const auto d = static_cast<std::size_t>(axis);
    const QString name = nameOf(m_slicing, axis);
    const int last = static_cast<int>(std::min<std::int64_t>(m_slicing.shape[d] - 1, std::numeric_limits<int>::max()));
    auto* box = new QSpinBox(m_axes);
    box->setObjectName(QString::number(axis));
    box->setRange(0, last);
    box->setValue(static_cast<int>(m_slicing.at[d]));
    box->setAccelerated(true);
    box->setSuffix(tr(" of %1").arg(m_slicing.shape[d]));
    box->setToolTip(tr("Place on %1").arg(name));
    box->setAccessibleName(box->toolTip());
    setSmall(box);
    auto* slider = new QSlider(Qt::Horizontal, m_axes);
    slider->setRange(0, last);
    slider->setValue(box->value());
    slider->setFixedWidth(px(72));
    slider->setAccessibleName(box->toolTip());
    slider->setVisible(m_axes->findChildren<QSlider*>().size() <= mostSliders);
    m_axes->layout()->addWidget(textLabel(name, m_axes, 11, false, true));
    m_axes->layout()->addWidget(box);
    m_axes->layout()->addWidget(slider);
    connect(slider, &QSlider::valueChanged, box, &QSpinBox::setValue);
    connect(box, &QSpinBox::valueChanged, this, [this, d, slider](int value) {
        slider->setValue(value);
        m_slicing.at[d] = value;
        Q_EMIT slicingChanged(m_slicing);
    });
}

QSpinBox* SlicingBar::place(int axis) const
{
    return m_axes ? m_axes->findChild<QSpinBox*>(QString::number(axis)) : nullptr;
}

}
