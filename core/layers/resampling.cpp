// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/resampling.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace core::layers {

namespace {

/// From one element of the result to the next: how far it is in the input, and where the first one's middle lies.
struct Steps
{
    float step;
    bool isAligned; ///< the first and last elements lie on each other, rather than the edges of both

    float placeOf(std::int64_t place) const
    {
        const auto x = static_cast<float>(place);
        return isAligned ? step * x : step * (x + 0.5F) - 0.5F;
    }
};

class Writer
{
public:
    explicit Writer(std::int64_t size) : m_last(size - 1) {}

    /// Beyond the edges stands what is at them.
    void add(std::int64_t from, float weight)
    {
        m_result.from.push_back(std::clamp<std::int64_t>(from, 0, m_last));
        m_result.weights.push_back(weight);
    }
    void end() { m_result.first.push_back(static_cast<std::int64_t>(m_result.from.size())); }
    Mixing result() { return std::move(m_result); }

private:
    std::int64_t m_last;
    Mixing m_result;
};

void addLinear(Writer& writer, float place, std::int64_t size)
{
    const float inside = std::max(place, 0.0F);
    const std::int64_t from = std::min(static_cast<std::int64_t>(inside), size - 1);
    const float behind = std::clamp(inside - static_cast<float>(from), 0.0F, 1.0F);
    writer.add(from, 1 - behind);
    writer.add(from + 1, behind);
}

/// Keys' cubic convolution with a = -0.75.
void addCubic(Writer& writer, float place)
{
    constexpr float a = -0.75F;
    const float floor = std::floor(place), t = place - floor;
    const auto near = [](float x) { return ((a + 2) * x - (a + 3)) * x * x + 1; };
    const auto far = [](float x) { return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a; };
    const auto from = static_cast<std::int64_t>(floor);
    writer.add(from - 1, far(t + 1));
    writer.add(from, near(t));
    writer.add(from + 1, near(1 - t));
    writer.add(from + 2, far(2 - t));
}

/// What the op says of dimension `d`; a single number stands for all.
template <typename List>
auto told(const List& list, std::size_t d)
{
    return list.size() == 1 ? list.front() : list[d];
}

Mixing along(const std::string& mode, const Steps& steps, std::int64_t size, std::int64_t count)
{
    Writer writer(size);
    for (std::int64_t k = 0; k < count; ++k) {
        if (mode == "linear")
            addLinear(writer, steps.placeOf(k), size);
        else if (mode == "cubic")
            addCubic(writer, steps.placeOf(k));
        else
            writer.add(static_cast<std::int64_t>(std::floor((static_cast<float>(k) + (mode == "nearest" ? 0.0F : 0.5F)) * steps.step)), 1);
        writer.end();
    }
    return writer.result();
}

}

Mixing evenWindows(std::int64_t size, std::int64_t count)
{
    Writer writer(size);
    for (std::int64_t k = 0; k < count; ++k) {
        const std::int64_t begin = k * size / count, end = ((k + 1) * size + count - 1) / count;
        for (std::int64_t from = begin; from < end; ++from)
            writer.add(from, 1 / static_cast<float>(end - begin));
        writer.end();
    }
    return writer.result();
}

Ints resampledSizes(const Op& op, const Ints& sizes)
{
    constexpr double largest = 1 << 20;
    const Ints wanted = op.attributes.integers("sizes", Ints{});
    const Reals factors = op.attributes.reals("factors", Reals{});
    const std::size_t given = std::max(wanted.size(), factors.size());
    if (given != 1 && given != sizes.size())
        throw Error("shape-resize")
            .expected(fmt::format("an image of {} dimensions", given))
            .found(std::to_string(sizes.size()))
            .at(printable(op.name));
    Ints result;
    for (std::size_t d = 0; d < sizes.size(); ++d) {
        const double size = wanted.empty() ? static_cast<double>(sizes[d]) * told(factors, d) : static_cast<double>(told(wanted, d));
        if (!(size >= 1 && size <= largest))
            throw Error("shape-resize")
                .expected(fmt::format("a size between 1 and {}", largest))
                .found(fmt::format("{}", size))
                .at(printable(op.name));
        result.push_back(static_cast<std::int64_t>(size));
    }
    return result;
}

std::vector<Mixing> resamplingOf(const Op& op, const Ints& sizes)
{
    const Ints counts = resampledSizes(op, sizes);
    const std::string mode = op.attributes.string("mode");
    const Reals factors = op.attributes.reals("factors", Reals{});
    const bool byFactor = !factors.empty() && !op.attributes.boolean("by_sizes", false), isAligned = op.attributes.boolean("align", false);
    std::vector<Mixing> result;
    for (std::size_t d = 0; d < sizes.size(); ++d) {
        const auto size = static_cast<float>(sizes[d]), count = static_cast<float>(counts[d]);
        const float aligned = counts[d] > 1 ? (size - 1) / (count - 1) : 0.0F;
        const float free = byFactor ? static_cast<float>(1 / told(factors, d)) : size / count;
        result.push_back(mode == "area" ? evenWindows(sizes[d], counts[d])
                                        : along(mode, {isAligned ? aligned : free, isAligned}, sizes[d], counts[d]));
    }
    return result;
}

}
