// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/outputs.h"

#include "core/files/outputs.h"

#include <filesystem>

namespace app {

namespace {

namespace fs = std::filesystem;

/// The digits' own files: a folder's are read as they are found there.
void addDigits(std::vector<core::NamedPath>& inputs, const std::string& place)
{
    std::error_code ignored;
    inputs.push_back({"--mnist", place});
    for (fs::directory_iterator entry(place, ignored), end; entry != end; entry.increment(ignored))
        inputs.push_back({"--mnist", entry->path().string()});
}

}

void checkOutputs(const Options& options)
{
    const std::vector<core::NamedPath> outputs{{"-o", options.output}, {"--report", options.report}, {"--junit", options.junit}};
    std::vector<core::NamedPath> inputs{{"the first file", options.first}, {"the second file", options.second},
                                        {"--like", options.like},          {"--map", options.map.file},
                                        {"--input", options.input.input},  {"--image", options.input.image}};
    if (!options.input.mnist.empty())
        addDigits(inputs, options.input.mnist);
    core::checkOutputs(inputs, outputs);
}

}
