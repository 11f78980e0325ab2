// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "core/base/error.h"
#include "core/engines/engine.h"
#include "core/json/json.h"

#include <QtGlobal>
#include <fmt/format.h>
#include <zlib.h>

namespace app {

namespace {

std::string torchVersion()
{
    try {
        return core::engines::torchVersion();
    } catch (const core::Error& error) {
        return fmt::format("not available ({})", error.what());
    }
}

}

std::string versionText()
{
    return fmt::format("tieout {}\nQt {}\nLibTorch {}\nHDF5 {}\nEigen {}\nnlohmann-json {}.{}.{}\nzlib {}\nfmt {}\n", TIEOUT_VERSION,
                       qVersion(), torchVersion(), TIEOUT_HDF5_VERSION, TIEOUT_EIGEN_VERSION, NLOHMANN_JSON_VERSION_MAJOR,
                       NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH, zlibVersion(),
                       fmt::format("{}.{}.{}", FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100));
}

}
