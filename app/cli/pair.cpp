// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/pair.h"

#include "app/cli/outputs.h"
#include "core/files/atomicfile.h"
#include "core/files/file.h"
#include "core/files/sha256.h"
#include "core/formats/format.h"
#include "core/json/json.h"

#include <chrono>
#include <fmt/format.h>

namespace app {

using core::Framework;
using core::Model;

namespace {

/// Files that are larger are hashed when it is asked for: reading a terabyte of nothing takes half an hour.
constexpr std::uint64_t mostHashed = std::uint64_t{16} << 30;

void hash(Model& model, const Options& options)
{
    const auto file = core::File::open(model.origin.path);
    if (file->size() <= mostHashed || options.checksum)
        model.origin.sha256 = core::sha256(*file, options.console.progress("checksum"));
    else
        model.origin.unhashed = fmt::format("it has {} bytes; --checksum computes it", file->size());
}

/// `architecture`: of a Keras file that has weights alone; may be empty.
Model openFile(const std::string& path, const std::string& architecture, const Options& options)
{
    const auto start = std::chrono::steady_clock::now();
    Model model = core::formats::openModel(path, options.console.progress("reading"), architecture);
    checkArchitecture(options, model);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    options.console.log(fmt::format("opened {}: {}, {}, {} layers, {} parameters, {:.1f} ms", path, model.origin.format,
                                    model.origin.content, model.layers.size(), model.parameters.size(), took.count()));
    return model;
}

}

Model openFirst(const Options& options)
{
    Model model = openFile(options.first, options.configLeft.empty() ? options.configRight : options.configLeft, options);
    if (options.checksum)
        model.origin.sha256 = core::sha256(*core::File::open(options.first), options.console.progress("checksum"));
    return model;
}

OpenPair openPair(const std::string& first, const std::string& second, const Options& options, const core::session::ArraysInput* arrays,
                  bool willRun)
{
    const auto opened = [&](const std::string& path) {
        Model model = openFile(path, "", options);
        if (willRun && model.framework == Framework::Torch)
            core::engines::prestartTorch();
        return model;
    };
    Model one = opened(first), two = opened(second); // what cannot be read is told before anything is hashed
    OpenPair result;
    result.swapped = core::session::swapsSides(one, two);
    if (result.swapped)
        std::swap(one, two);
    for (const auto& [model, architecture] : {std::pair(&one, options.configLeft), std::pair(&two, options.configRight)}) {
        if (!architecture.empty())
            *model = openFile(std::string(model->origin.path), architecture, options);
        hash(*model, options);
    }
    auto left = std::make_shared<const Model>(std::move(one)), right = std::make_shared<const Model>(std::move(two));
    if (arrays) {
        const auto shaped = [arrays](const Model& model, const Model& other) {
            return std::make_shared<const Model>(core::session::withShapesOf(*arrays, model, &other));
        };
        const auto originalLeft = left;
        left = shaped(*left, *right);
        right = shaped(*right, *originalLeft);
    }
    const core::Progress progress = options.console.progress("comparing parameters");
    result.pair = core::session::makePair(left, right, progress);
    if (!options.map.file.empty()) {
        const core::Json json = core::parseJson(readText(options.map.file, 256u << 20), options.map.file);
        result.pair = core::session::makePair(
            left, right, core::mapping::fromJson(json, *result.pair.left, *result.pair.right, options.map.anyway, options.map.file),
            &result.pair, progress);
    }
    options.console.log(
        fmt::format("mapped: {} links, {} ambiguous", result.pair.mapping.links.size(), result.pair.mapping.ambiguous.size()));
    return result;
}

std::string readText(const std::string& path, std::uint64_t limit)
{
    const auto file = core::File::open(path);
    if (file->size() > limit)
        throw core::Error("file-large").file(path).expected(fmt::format("at most {} bytes", limit)).found(fmt::format("{}", file->size()));
    const auto bytes = file->read(0, file->size());
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void writeText(const std::string& path, std::string_view text)
{
    core::AtomicFile file(path);
    file.write(text);
    file.commit();
}

}
