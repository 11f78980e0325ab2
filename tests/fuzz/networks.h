// SPDX-License-Identifier: GPL-3.0-or-later
// Networks out of any bytes: each record of eight bytes is a layer, and then what is wrong with it. Every input is a network that the
// readers might have made, so that what is behind them is reached; mutations change, add, drop and move layers (mutated()).
#pragma once

#include "core/session/session.h"
#include "modelbuilder.h"
#include "tests/fuzz/input.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <random>

namespace fuzz {

constexpr std::size_t recordSize = 8, mostLayers = 24;
constexpr std::uint64_t mostMemory = std::uint64_t{64} << 20; ///< of a run: checkRoom refuses the rest

struct Record
{
    std::array<std::uint8_t, recordSize> bytes{};
    std::uint8_t operator[](std::size_t i) const { return bytes[i]; }
};

/// The first byte of an input says what differs between its two networks; the rest are layers.
struct Script
{
    std::uint8_t how = 0;
    std::vector<Record> layers;

    Script(const std::uint8_t* data, std::size_t size) : how(size > 0 ? data[0] : 0)
    {
        for (std::size_t at = 1; at + recordSize <= size && layers.size() < mostLayers; at += recordSize)
            std::copy_n(data + at, recordSize, layers.emplace_back().bytes.begin());
    }
};

/// Sizes that files have, and sizes that they should not have.
inline std::int64_t oddSize(std::uint8_t byte)
{
    constexpr std::array<std::int64_t, 16> sizes{
        0, 1, 2, 3, 5, 7, 16, 28, -1, -2, 255, 65'536, std::int64_t{1} << 31, std::int64_t{1} << 33, INT64_MAX, INT64_MIN};
    return sizes[byte % sizes.size()];
}

inline float oddNumber(std::uint8_t byte)
{
    constexpr float inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
    constexpr std::array<float, 8> numbers{0, -0.0f, 1, -1, nan, inf, -inf, 3e38f};
    return numbers[byte % numbers.size()];
}

inline core::Attribute oddAttribute(std::uint8_t sort, std::uint8_t value)
{
    switch (sort % 6) {
    case 0:
        return oddSize(value);
    case 1:
        return core::Ints(value % 5, oddSize(static_cast<std::uint8_t>(value / 5)));
    case 2:
        return static_cast<double>(oddNumber(value));
    case 3:
        return value % 2 == 0;
    case 4:
        return std::string(value % 3 == 0 ? "same" : value % 3 == 1 ? "valid" : "causal");
    default:
        return core::Ints{1, oddSize(value), 1};
    }
}

/// A setting of the newest op is another one, or of another type, or gone.
inline void spoilSetting(core::Model& model, const Record& record)
{
    core::Attributes& attributes = model.ops.back().attributes;
    constexpr std::array<const char*, 12> names{"kernel", "stride", "padding", "dilation", "groups", "filters",
                                                "units",  "axis",   "axes",    "epsilon",  "slope",  "size"};
    const auto count = static_cast<std::size_t>(std::distance(attributes.begin(), attributes.end()));
    std::string name = names[record[5] % names.size()];
    if (count > 0 && record[5] % 3 != 0)
        name = std::next(attributes.begin(), record[5] % static_cast<std::ptrdiff_t>(count))->first;
    if (record[6] % 8 == 7)
        attributes.remove(name);
    else
        attributes.set(name, oddAttribute(record[6], record[7]));
}

/// A weight has one odd number, or another shape than the layer takes.
inline void spoilWeight(core::Model& model, const Record& record)
{
    if (model.parameters.empty())
        return;
    core::Parameter& parameter = model.parameters[record[6] % model.parameters.size()];
    std::vector<float> values = valuesOf(model, parameter.name);
    if (record[5] % 2 == 0 && !values.empty()) {
        values[record[7] % values.size()] = oddNumber(record[5]);
        parameter.source = sourceOf(parameter.source.shape, values);
        return;
    }
    core::Shape shape = parameter.source.shape;
    if (record[5] % 4 == 1)
        shape.push_back(record[7] % 4);
    else if (!shape.empty())
        shape[record[7] % shape.size()] = record[7] % 9;
    values.resize(static_cast<std::size_t>(core::elementCount(shape)));
    parameter.source = sourceOf(std::move(shape), values);
}

/// Layer by layer, with what suits what came before where nothing is spoilt.
class Network
{
public:
    Network(core::Framework framework, const Script& script)
        : m_builder(framework, inputShape(framework, script)), m_channels(1 + script.how % 3), m_side(4 + script.how % 5)
    {
        for (const Record& record : script.layers)
            add(record);
    }

    core::Model model(const Script& script, bool spoilt) const
    {
        core::Model model = m_builder.model();
        for (const Record& record : script.layers)
            if (spoilt && record[4] % 4 == 1)
                spoilSetting(model, record);
            else if (spoilt && record[4] % 4 == 2)
                spoilWeight(model, record);
        model.indexNames();
        return model;
    }
    core::Model stateDict() const { return m_builder.stateDict(); }

private:
    static core::Shape inputShape(core::Framework framework, const Script& script)
    {
        const std::int64_t side = 4 + script.how % 5, channels = 1 + script.how % 3;
        return framework == core::Framework::Keras ? core::Shape{side, side, channels} : core::Shape{channels, side, side};
    }

    std::string nextName(const char* stem) { return stem + std::to_string(m_count++); }

    void add(const Record& record)
    {
        const std::int64_t out = 1 + record[1] % 6, kernel = 1 + record[2] % 3;
        const auto kinds = core::layers::kinds();
        const float seed = static_cast<float>(record[3]) / 16;
        switch (record[0] % 8) {
        case 0:
        case 1:
            if (!m_flat) {
                m_builder.conv(nextName("conv"), m_channels, out, kernel, record[2] & 128 ? "relu" : "", {}, seed, record[1] % 2 == 0);
                m_channels = out;
                m_side -= kernel - 1;
                break;
            }
            [[fallthrough]];
        case 2:
            flatten();
            m_builder.linear(nextName("dense"), m_features, out, record[2] & 128 ? "tanh" : "", seed);
            m_features = out;
            break;
        case 3:
            m_builder.batchNorm(nextName("norm"), m_flat ? m_features : m_channels, 1e-3);
            break;
        case 4:
            if (!m_flat) {
                m_builder.pool(nextName("pool"), record[1] % 2 == 0 ? "maxpool2d" : "avgpool2d", 2);
                m_side /= 2;
            }
            break;
        case 5:
            m_builder.unknown(nextName("own"), record[1] % 2 == 0 ? "Lambda" : "Custom");
            break;
        default: // any kind that there is, with settings or without
            m_builder.plain(nextName("layer"), std::string(kinds[record[1] % kinds.size()]->id),
                            record[2] % 2 == 0 ? core::Attributes() : core::Attributes{{"axis", std::int64_t{-1}}});
            break;
        }
    }

    void flatten()
    {
        if (std::exchange(m_flat, true))
            return;
        m_builder.plain(nextName("flatten"), "flatten");
        m_features = std::max<std::int64_t>(1, m_side * m_side * m_channels);
    }

    ModelBuilder m_builder;
    std::int64_t m_channels, m_side, m_features = 1;
    bool m_flat = false;
    int m_count = 0;
};

/// A record more, less, twice or elsewhere; bytes are left to libFuzzer.
inline std::size_t mutated(std::uint8_t* data, std::size_t size, std::size_t most, unsigned seed)
{
    std::mt19937 random(seed);
    Script script(data, size);
    auto& layers = script.layers;
    const auto place = [&] { return layers.begin() + static_cast<std::ptrdiff_t>(random() % layers.size()); };
    switch (layers.empty() ? 0 : random() % 4) {
    case 0: {
        Record record;
        std::generate(record.bytes.begin(), record.bytes.end(), [&] { return static_cast<std::uint8_t>(random()); });
        layers.insert(layers.empty() ? layers.begin() : place(), record);
        break;
    }
    case 1:
        layers.erase(place());
        break;
    case 2:
        layers.push_back(*place());
        break;
    default:
        std::iter_swap(place(), place());
        break;
    }
    std::size_t length = 0;
    if (most == 0)
        return 0;
    data[length++] = script.how;
    for (const Record& record : layers)
        if (length + recordSize <= most) {
            std::copy(record.bytes.begin(), record.bytes.end(), data + length);
            length += recordSize;
        }
    return length;
}

}
