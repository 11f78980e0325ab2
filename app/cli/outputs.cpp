// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/outputs.h"

#include "core/files/outputs.h"

#include <algorithm>
#include <filesystem>

namespace app {

namespace {

namespace fs = std::filesystem;

/// What lies in a folder, too, down to `deepest` folders below it: it is read as it is found there.
void addPlace(std::vector<core::NamedPath>& inputs, const std::string& option, const std::string& place, int deepest)
{
    std::error_code ignored;
    inputs.push_back({option, place});
    for (fs::recursive_directory_iterator entry(place, ignored), end; entry != end; entry.increment(ignored)) {
        inputs.push_back({option, entry->path().string()});
        if (entry.depth() >= deepest)
            entry.disable_recursion_pending();
    }
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
    const auto outputs = outputsOf(options);
    const bool writes = std::any_of(outputs.begin(), outputs.end(), [](const core::NamedPath& output) { return !output.path.empty(); });
    if (writes && !options.input.mnist.empty())
        addPlace(inputs, "--mnist", options.input.mnist, 2); // MNIST/raw
    if (writes && !options.input.input.empty())
        addPlace(inputs, "--input", options.input.input, 32);
    core::checkOutputs(inputs, outputs);
}

}
