// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/format.h"
#include "opened.h"

#include <cstring>

namespace opened {

/// A copy of a sample .h5 in which one value of a parameter is another; empty when that went wrong. HDF5 keeps its data uncompressed there.
inline QString patchedCopy(const char* file, const QString& target, const char* parameter, std::size_t index, float value)
{
    QFile from(sample(file)), to(target);
    if (!from.open(QIODevice::ReadOnly) || !to.open(QIODevice::WriteOnly))
        return {};
    QByteArray bytes = from.readAll();
    const core::Model model = core::formats::openModel(sample(file).toStdString());
    const core::Parameter* found = model.parameter(parameter);
    if (!found)
        return {};
    const core::Tensor values = core::read(found->source);
    const auto raw = values.bytes();
    const auto at = bytes.indexOf(QByteArray(reinterpret_cast<const char*>(raw.data()), static_cast<qsizetype>(raw.size())));
    if (at < 0)
        return {};
    std::memcpy(bytes.data() + at + static_cast<qsizetype>(index * sizeof(float)), &value, sizeof value);
    return to.write(bytes) == bytes.size() ? target : QString();
}

inline float valueOf(const char* file, const char* parameter, std::size_t index)
{
    const core::Model model = core::formats::openModel(sample(file).toStdString());
    const core::Tensor values = core::read(model.parameter(parameter)->source);
    return values.floats()[index];
}

}
