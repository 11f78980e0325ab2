// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/formats/hdf5/h5file.h"

#include <optional>

/// Opens what may be broken and reads all that is offered: either works or throws Error.
inline std::optional<core::Error> survives(const std::string& path)
{
    try {
        const auto file = core::File::open(path);
        const auto contents = core::formats::listH5(file);
        for (const auto& dataset : contents.datasets)
            if (dataset.problem.empty() && core::elementCount(dataset.source.shape) < 1'000'000)
                core::read(dataset.source);
    } catch (const core::Error& error) {
        return error;
    }
    return {};
}
