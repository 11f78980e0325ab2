// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/resources.h"

#include "core/base/error.h"

#include <filesystem>

namespace app {

namespace fs = std::filesystem;

std::string samplesFolder()
{
    std::error_code ignored;
    const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
    const fs::path installed = program.parent_path().parent_path() / "share/tieout/samples";
    for (const fs::path& folder : {installed, fs::path(TIEOUT_SOURCE_SAMPLES)})
        if (fs::is_regular_file(folder / "digits-images-idx3-ubyte.gz", ignored))
            return folder.string();
    throw core::Error("samples-missing")
        .file(installed.string())
        .expected("the sample files that come with the program")
        .found("none")
        .advice("Install Tieout again.");
}

}
