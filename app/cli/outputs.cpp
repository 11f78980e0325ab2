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

std::vector<core::NamedPath> outputsOf(const Options& options)
{
    return {{"-o", options.output}, {"--report", options.report}, {"--junit", options.junit}};
}

}

void checkArchitecture(const Options& options, const core::Model& model)
{
    core::checkOutputs({{"the architecture", model.origin.architecture}}, outputsOf(options));
}

void checkOutputs(const Options& options)
{
    std::vector<core::NamedPath> inputs{
        {"the first file", options.first},     {"the second file", options.second},    {"--like", options.like},
        {"--map", options.map.file},           {"--input", options.input.input},       {"--image", options.input.image},
        {"--config-left", options.configLeft}, {"--config-right", options.configRight}};
    if (!options.input.mnist.empty())
        addDigits(inputs, options.input.mnist);
    core::checkOutputs(inputs, outputsOf(options));
}

}
