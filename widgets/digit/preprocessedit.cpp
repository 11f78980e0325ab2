// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/digit/preprocessedit.h"

#include "widgets/sides/text.h"
#include "widgets/theme/style.h"
#include "widgets/theme/type.h"

#include <QCheckBox>
#include <QComboBox>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace widgets {
namespace {

using core::digits::Scale;

QString scaleName(Scale scale, const core::digits::Preprocess& value)
{
    switch (scale) {
    case Scale::Unit:
        return QStringLiteral("/255");
    case Scale::Byte:
        return QObject::tr("0 … 255");
    case Scale::Symmetric:
        return QObject::tr("-1 … 1");
    case Scale::Standard:
        break;
    }
    return QObject::tr("mean %1, std %2").arg(roundNumber(value.mean), roundNumber(value.deviation));
}

}

QString preprocessText(const core::digits::Preprocess& preprocess)
{
    QString text = preprocess.scale == Scale::Unit ? QStringLiteral("/255 → 0…1") : scaleName(preprocess.scale, preprocess);
    if (preprocess.center)
        text += QObject::tr(", centred");
    if (preprocess.invert)
        text += QObject::tr(", inverted");
    return text;
}

PreprocessEdit::PreprocessEdit(QWidget* parent)
    : QWidget(parent), m_scale(new QComboBox(this)), m_center(new QCheckBox(tr("Centre by mass"), this)),
      m_invert(new QCheckBox(tr("Invert"), this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(px(5));
    setSmall(m_scale);
    m_scale->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_scale->setMinimumContentsLength(8);
    m_scale->setAccessibleName(tr("Scale of the pixels"));
    for (const Scale scale : {Scale::Unit, Scale::Byte, Scale::Symmetric, Scale::Standard})
        m_scale->addItem(scaleName(scale, m_value), static_cast<int>(scale));
    column->addWidget(m_scale);
    column->addWidget(m_center);
    column->addWidget(m_invert);
    const auto tell = [this] {
        m_value = preprocess();
        Q_EMIT changed();
    };
    connect(m_scale, &QComboBox::activated, this, tell);
    connect(m_center, &QCheckBox::clicked, this, tell);
    connect(m_invert, &QCheckBox::clicked, this, tell);
}

core::digits::Preprocess PreprocessEdit::preprocess() const
{
    auto result = m_value;
    result.scale = static_cast<Scale>(m_scale->currentData().toInt());
    result.center = m_center->isChecked();
    result.invert = m_invert->isChecked();
    return result;
}

void PreprocessEdit::setPreprocess(const core::digits::Preprocess& preprocess)
{
    m_value = preprocess;
    m_scale->setItemText(m_scale->findData(static_cast<int>(Scale::Standard)), scaleName(Scale::Standard, preprocess));
    m_scale->setCurrentIndex(m_scale->findData(static_cast<int>(preprocess.scale)));
    m_center->setChecked(preprocess.center);
    m_invert->setChecked(preprocess.invert);
}

void PreprocessEdit::setGuess(Scale guess)
{
    for (int i = 0; i < m_scale->count(); ++i) {
        const auto scale = static_cast<Scale>(m_scale->itemData(i).toInt());
        m_scale->setItemText(i, scaleName(scale, m_value) + (scale == guess ? tr("  default") : QString()));
    }
}

}
