// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/format.h"
#include "opened.h"

#include <cstring>
#include <functional>
#include <vector>

namespace opened {

/// A copy of a sample .h5 with other values of a parameter; empty when that went wrong. HDF5 keeps its data uncompressed there.
inline QString editedCopy(const char* file, const QString& target, const char* parameter,
                          const std::function<void(std::vector<float>& values)>& edit)
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
    std::vector<float> edited(values.floats().begin(), values.floats().end());
    edit(edited);
    std::memcpy(bytes.data() + at, edited.data(), edited.size() * sizeof(float));
    return to.write(bytes) == bytes.size() ? target : QString();
}

/// The same with one value that is another.
inline QString patchedCopy(const char* file, const QString& target, const char* parameter, std::size_t index, float value)
{
    return editedCopy(file, target, parameter, [&](std::vector<float>& values) { values[index] = value; });
}

inline float valueOf(const char* file, const char* parameter, std::size_t index)
{
    const core::Model model = core::formats::openModel(sample(file).toStdString());
    const core::Tensor values = core::read(model.parameter(parameter)->source);
    return values.floats()[index];
}

}
