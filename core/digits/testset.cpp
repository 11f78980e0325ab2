// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/digits/digits.h"
#include "core/formats/numpy/npy.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>

namespace core::digits {

namespace fs = std::filesystem;

namespace {

bool isFile(const fs::path& path)
{
    std::error_code ignored;
    return fs::is_regular_file(path, ignored);
}

/// The first of the names under which torchvision, the original pages and mirrors keep one IDX file; empty when none is there.
std::string idxFile(const fs::path& folder, std::string_view part, std::string_view kind)
{
    for (const char* joint : {"-", "."})
        for (const char* suffix : {"", ".gz"})
            if (const fs::path path = folder / fmt::format("{}{}{}{}", part, joint, kind, suffix); isFile(path))
                return path.string();
    return {};
}

struct Place
{
    std::string images, labels, npz;
    bool found() const { return !images.empty() || !npz.empty(); }
};

Place placeIn(const fs::path& folder)
{
    Place place{idxFile(folder, "t10k-images", "idx3-ubyte"), idxFile(folder, "t10k-labels", "idx1-ubyte"), {}};
    if (place.images.empty() || place.labels.empty())
        place = {};
    if (!place.found() && isFile(folder / "mnist.npz"))
        place.npz = (folder / "mnist.npz").string();
    return place;
}

/// x_test (uint8, count x 28 x 28) and y_test of Keras' mnist.npz.
DigitSet readNpz(const std::string& path)
{
    const std::vector<std::string> names{"x_test", "y_test"};
    const auto tensors = formats::readNpyOrNpz(path, names);
    const auto tensor = [&](const std::string& name) -> const Tensor& {
        const auto it = std::find_if(tensors.begin(), tensors.end(), [&](const auto& entry) { return entry.first == name; });
        if (it == tensors.end())
            throw Error("mnist-npz").file(path).expected(fmt::format("an array {}", name)).found("none of that name");
        if (it->second.dtype() != DType::UInt8)
            throw Error("mnist-npz")
                .file(path)
                .expected(fmt::format("{} as uint8", name))
                .found(std::string(core::name(it->second.dtype())));
        return it->second;
    };
    const Tensor& images = tensor("x_test");
    const Tensor& labels = tensor("y_test");
    if (images.shape().size() != 3 || images.shape()[0] == 0 || images.shape()[1] != 28 || images.shape()[2] != 28)
        throw Error("mnist-npz").file(path).expected("x_test of shape [n,28,28]").found(core::text(images.shape()));
    if (labels.shape() != Shape{images.shape()[0]})
        throw Error("mnist-npz")
            .file(path)
            .expected(fmt::format("y_test of shape [{}]", images.shape()[0]))
            .found(core::text(labels.shape()));
    const auto bytes = [](const Tensor& values) {
        const auto* first = reinterpret_cast<const std::uint8_t*>(values.bytes().data());
        return std::vector<std::uint8_t>(first, first + values.bytes().size());
    };
    DigitSet set{bytes(images), bytes(labels)};
    if (std::any_of(set.labels.begin(), set.labels.end(), [](std::uint8_t label) { return label > 9; }))
        throw Error("idx-label").file(path).expected("labels 0 to 9").found("a larger one");
    return set;
}

}

Picture DigitSet::picture(int index) const
{
    Picture picture{};
    const auto* first = pixels.data() + static_cast<std::size_t>(index) * picture.size();
    std::copy(first, first + picture.size(), picture.begin());
    return picture;
}

std::optional<int> DigitSet::label(int index) const
{
    if (labels.empty())
        return {};
    return labels[static_cast<std::size_t>(index)];
}

DigitSet readTestSet(const std::string& path)
{
    if (isFile(path))
        return readNpz(path);
    for (const char* below : {"", "raw", "MNIST/raw"})
        if (const Place place = placeIn(fs::path(path) / below); place.found())
            return place.npz.empty() ? readIdx(place.images, place.labels) : readNpz(place.npz);
    std::error_code ignored;
    throw Error("mnist-missing")
        .file(path)
        .expected("t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte (plain or .gz) or mnist.npz")
        .found(fs::exists(path, ignored) ? "none of them" : "no such folder");
}

std::string findTestSet()
{
    const auto variable = [](const char* name) {
        const char* value = std::getenv(name);
        return std::string(value ? value : "");
    };
    const fs::path home = variable("HOME");
    const fs::path data = variable("XDG_DATA_HOME").empty() ? home / ".local/share" : fs::path(variable("XDG_DATA_HOME"));
    const fs::path keras = variable("KERAS_HOME").empty() ? home / ".keras" : fs::path(variable("KERAS_HOME"));
    const std::array places{data / "tieout/mnist",   fs::path("data/MNIST/raw"), fs::path("MNIST/raw"),
                            home / "data/MNIST/raw", home / "MNIST/raw",         keras / "datasets"};
    const auto it = std::find_if(places.begin(), places.end(), [](const fs::path& place) { return placeIn(place).found(); });
    return it == places.end() ? std::string() : it->string();
}

DigitSet readSamples(const std::string& folder)
{
    const fs::path place(folder);
    return readIdx((place / "digits-images-idx3-ubyte.gz").string(), (place / "digits-labels-idx1-ubyte.gz").string());
}

}
