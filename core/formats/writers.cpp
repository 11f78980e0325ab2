// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/writers.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace core::formats {

namespace {

void writeStateDict(AtomicFile& file, const Model&, const NamedTensors& tensors)
{
    writeTorchStateDict(file, tensors);
}

const Writer kerasArchiveWriter{"keras", "Keras model, .keras", Framework::Keras, {".keras"}, true, writeKerasArchive};
const Writer kerasStoreWriter{"weights-h5", "Keras weights, .weights.h5", Framework::Keras, {".weights.h5"}, true, writeKerasStore};
/// Keras itself tells the two by their names.
const Writer kerasWeightsWriter{"weights-h5", "Keras weights, older .h5", Framework::Keras, {".h5", ".hdf5"}, true, writeKerasWeights};
/// What is no chain of torch.nn's own classes is refused.
const Writer moduleWriter{"module", "PyTorch module", Framework::Torch, {".pt", ".pth"}, true, writeTorchModule};

constexpr auto rows = std::to_array<const Writer*>({
    // Keras
    &kerasH5Writer,
    &kerasArchiveWriter,
    &kerasStoreWriter,
    &kerasWeightsWriter,
    // PyTorch
    &stateDictWriter,
    &moduleWriter,
});

/// The longest ending of the row that the name has, 0 when it has none.
std::size_t matched(const Writer& row, std::string_view path)
{
    std::size_t longest = 0;
    for (const std::string_view ending : row.endings)
        if (endsIn(path, ending))
            longest = std::max(longest, ending.size());
    return longest;
}

}

const Writer kerasH5Writer{"h5", "Keras model, HDF5", Framework::Keras, {".h5", ".hdf5"}, true, writeKerasH5};
const Writer stateDictWriter{"state-dict", "PyTorch state dict", Framework::Torch, {".pt", ".pth"}, false, writeStateDict, torchSource};

std::span<const Writer* const> writers()
{
    return rows;
}

const Writer* writer(std::string_view id, std::string_view path)
{
    const Writer* result = nullptr;
    std::size_t longest = 0;
    for (const Writer* row : rows) {
        const std::size_t length = row->id == id ? matched(*row, path) : 0;
        if (row->id == id && (!result || length > longest)) {
            result = row;
            longest = length;
        }
    }
    return result;
}

std::vector<const Writer*> writersPromisedBy(std::string_view path)
{
    std::size_t longest = 1;
    for (const Writer* row : rows)
        longest = std::max(longest, matched(*row, path));
    std::vector<const Writer*> result;
    std::copy_if(rows.begin(), rows.end(), std::back_inserter(result), [&](const Writer* row) { return matched(*row, path) == longest; });
    return result;
}

std::string parameterName(Framework framework, std::string_view layer, std::string_view role)
{
    return framework == Framework::Keras ? fmt::format("{}/{}:0", layer, role) : fmt::format("{}.{}", layer, role);
}

bool endsIn(std::string_view path, std::string_view ending)
{
    const auto lower = [](char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter; };
    return path.size() >= ending.size() && std::equal(ending.begin(), ending.end(), path.end() - static_cast<std::ptrdiff_t>(ending.size()),
                                                      [&](char wanted, char letter) { return wanted == lower(letter); });
}

}
