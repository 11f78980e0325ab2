// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torch/torchnormalised.h"

#include "core/model/constants.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <numeric>

namespace core::formats {

namespace {

using Numbers = std::vector<double>;

/// Whether g has one number for each place along some dimensions of v, and size 1 in the others; a single number for all too.
bool isNormOf(const Shape& g, const Shape& v)
{
    if (g.empty())
        return true;
    bool fits = g.size() == v.size();
    for (std::size_t d = 0; fits && d < g.size(); ++d)
        fits = g[d] == 1 || g[d] == v[d];
    return fits;
}

/// For each element of `shape` its place in what has the sizes `g`, of which those of 1 are stretched.
std::vector<std::size_t> placesIn(const Shape& g, const Shape& shape)
{
    std::vector<std::size_t> result(static_cast<std::size_t>(elementCount(shape)));
    Shape at(shape.size());
    for (std::size_t& place : result) {
        std::int64_t index = 0;
        for (std::size_t d = 0; d < g.size(); ++d)
            index = index * g[d] + (g[d] == 1 ? 0 : at[d]);
        place = static_cast<std::size_t>(index);
        for (std::size_t d = shape.size(); d-- > 0 && ++at[d] == shape[d];)
            at[d] = 0;
    }
    return result;
}

SharedBytes bytesOf(const std::vector<float>& values)
{
    auto result = std::make_shared<std::vector<std::byte>>(values.size() * sizeof(float));
    if (!values.empty())
        std::memcpy(result->data(), values.data(), result->size());
    return result;
}

SharedBytes weightNormed(const TensorSource& v, const TensorSource& g)
{
    const Tensor direction = read(v).toFloat32(), length = read(g).toFloat32();
    const std::vector<std::size_t> places = placesIn(g.shape, v.shape);
    Numbers squares(static_cast<std::size_t>(elementCount(g.shape)));
    for (std::size_t i = 0; i < places.size(); ++i)
        squares[places[i]] += static_cast<double>(direction.floats()[i]) * static_cast<double>(direction.floats()[i]);
    std::vector<float> result(places.size());
    for (std::size_t i = 0; i < result.size(); ++i)
        result[i] = static_cast<float>(static_cast<double>(direction.floats()[i]) *
                                       (static_cast<double>(length.floats()[places[i]]) / std::sqrt(squares[places[i]])));
    return bytesOf(result);
}

/// What u and v say of a weight seen as a matrix of (dimension `dim`, the others).
struct Singular
{
    double sigma = 0;  ///< u W v
    double cosine = 0; ///< of u and W v: near 1 where u and v were found by power iterations on this matrix
};

Singular singular(const Tensor& weight, std::size_t dim, const Tensor& u, const Tensor& v)
{
    const Shape& shape = weight.shape();
    const auto before = static_cast<std::size_t>(elementCount(Shape(shape.begin(), shape.begin() + static_cast<std::ptrdiff_t>(dim))));
    const auto rows = static_cast<std::size_t>(shape[dim]), after = weight.floats().size() / (before * rows);
    Numbers product(rows);
    for (std::size_t b = 0; b < before; ++b)
        for (std::size_t row = 0; row < rows; ++row)
            for (std::size_t a = 0; a < after; ++a)
                product[row] +=
                    static_cast<double>(weight.floats()[(b * rows + row) * after + a]) * static_cast<double>(v.floats()[b * after + a]);
    Singular result;
    double lengthOfProduct = 0, lengthOfU = 0;
    for (std::size_t row = 0; row < rows; ++row) {
        const double of = static_cast<double>(u.floats()[row]);
        result.sigma += of * product[row];
        lengthOfProduct += product[row] * product[row];
        lengthOfU += of * of;
    }
    result.cosine = result.sigma / std::sqrt(lengthOfProduct * lengthOfU);
    return result;
}

/// The dimensions that u and v may have been made along, by their sizes.
std::vector<std::size_t> possibleDims(const Shape& weight, const Shape& u, const Shape& v)
{
    std::vector<std::size_t> result;
    const std::int64_t count = elementCount(weight);
    for (std::size_t d = 0; d < weight.size() && count > 0 && u.size() == 1 && v.size() == 1; ++d)
        if (weight[d] == u[0] && count == u[0] * v[0])
            result.push_back(d);
    return result;
}

/// weight / (u W v). The file does not tell along which dimension; where sizes leave several, u and v themselves tell theirs.
SharedBytes spectralNormed(const TensorSource& original, const TensorSource& ofU, const TensorSource& ofV)
{
    constexpr double sure = 0.99, unlike = 0.9;
    const Tensor weight = read(original).toFloat32(), u = read(ofU).toFloat32(), v = read(ofV).toFloat32();
    std::vector<Singular> found;
    for (const std::size_t dim : possibleDims(original.shape, ofU.shape, ofV.shape))
        found.push_back(singular(weight, dim, u, v));
    std::sort(found.begin(), found.end(), [](const Singular& a, const Singular& b) { return a.cosine > b.cosine; });
    const bool isTold = found.size() == 1 || (found.size() > 1 && found[0].cosine > sure && found[1].cosine < unlike);
    if (!isTold)
        throw Error("torch-normalised")
            .expected("u and v that tell along which dimension spectral_norm took its matrix")
            .found("a weight for which several are possible");
    std::vector<float> result(weight.floats().begin(), weight.floats().end());
    for (float& value : result)
        value = static_cast<float>(static_cast<double>(value) / found[0].sigma);
    return bytesOf(result);
}

Parameter computed(const Parameter& like, const std::string& name, const std::string& from, std::function<SharedBytes()> values)
{
    Parameter result;
    result.name = name;
    result.layer = like.layer;
    result.trainable = false;
    result.detail = fmt::format("{}{}", computedDetail, from);
    result.source = {DType::Float32, like.source.shape, WorkerDataset{name, std::move(values)}};
    return result;
}

}

std::optional<Parameter> weightNorm(const Parameter& v, const Parameter& g, const std::string& name)
{
    if (!isNormOf(g.source.shape, v.source.shape))
        return {};
    return computed(v, name, fmt::format("{} and {} (weight_norm)", printable(g.name), printable(v.name)),
                    [v = v.source, g = g.source] { return weightNormed(v, g); });
}

std::optional<Parameter> normalisedWeight(const std::map<std::string, const Parameter*>& own, const std::string& name)
{
    const auto all = [&](std::initializer_list<const char*> names) {
        std::vector<const Parameter*> result;
        for (const char* one : names)
            if (const auto found = own.find(one);
                found != own.end() && found->second->problem.empty() && isFloating(found->second->source.dtype))
                result.push_back(found->second);
        return result.size() == names.size() ? result : std::vector<const Parameter*>();
    };
    const auto starts = [](const auto& entry) { return entry.first.starts_with("parametrizations.weight.1."); };
    if (own.contains("weight") || std::any_of(own.begin(), own.end(), starts)) // a second parametrization behind the first
        return {};
    for (const auto& parts :
         {all({"weight_v", "weight_g"}), all({"parametrizations.weight.original1", "parametrizations.weight.original0"})})
        if (!parts.empty())
            return weightNorm(*parts[0], *parts[1], name);
    for (const auto& parts : {all({"weight_orig", "weight_u", "weight_v"}),
                              all({"parametrizations.weight.original", "parametrizations.weight.0._u", "parametrizations.weight.0._v"})})
        if (!parts.empty() && !possibleDims(parts[0]->source.shape, parts[1]->source.shape, parts[2]->source.shape).empty())
            return computed(*parts[0], name,
                            fmt::format("{}, {} and {} (spectral_norm)", printable(parts[0]->name), printable(parts[1]->name),
                                        printable(parts[2]->name)),
                            [w = parts[0]->source, u = parts[1]->source, v = parts[2]->source] { return spectralNormed(w, u, v); });
    return {};
}

}
