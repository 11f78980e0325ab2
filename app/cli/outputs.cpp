// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/outputs.h"

#include "core/files/outputs.h"

#include <filesystem>

namespace app {

namespace {

namespace fs = std::filesystem;

/// A folder's own files, too: they are read as they are found there.
void addPlace(std::vector<core::NamedPath>& inputs, const std::string& option, const std::string& place)
{
    std::error_code ignored;
    inputs.push_back({option, place});
    for (fs::recursive_directory_iterator entry(place, ignored), end; entry != end; entry.increment(ignored))
        inputs.push_back({option, entry->path().string()});
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
    std::vector<core::NamedPath> inputs{{"the first file", options.first},
                                        {"the second file", options.second},
                                        {"--like", options.like},
                                        {"--map", options.map.file},
                                        {"--image", options.input.image},
                                        {"--config-left", options.configLeft},
                                        {"--config-right", options.configRight}};
    for (const std::string& shard : options.shards)
        inputs.push_back({"a shard", shard});
    for (const auto& [option, place] : {std::pair("--mnist", &options.input.mnist), std::pair("--input", &options.input.input)})
        if (!place->empty())
            addPlace(inputs, option, *place);
    core::checkOutputs(inputs, outputsOf(options));
}

}
