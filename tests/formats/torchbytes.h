// SPDX-License-Identifier: GPL-3.0-or-later
// PyTorch files made byte by byte: pickles spelled out, records chosen freely.
#pragma once

#include "bytes.h"

namespace torchbytes {

inline std::string text(const std::string& value)
{
    return "X" + bytes::little(value.size(), 4) + value;
}

inline std::string integer(std::int64_t value)
{
    return "\x8A\x08" + bytes::little(static_cast<std::uint64_t>(value), 8);
}

inline std::string tuple(const std::vector<std::int64_t>& values)
{
    std::string out = "(";
    for (const std::int64_t value : values)
        out += integer(value);
    return out + "t";
}

inline const std::string orderedDict = "ccollections\nOrderedDict\n)R";

struct Tensor
{
    std::string key = "0";
    std::vector<std::int64_t> shape = {2, 3};
    std::vector<std::int64_t> strides = {3, 1};
    std::int64_t offset = 0;
    std::int64_t numel = 6;
    std::string storage = "torch\nFloatStorage";
    std::string location = "cpu";
    std::string function = "_rebuild_tensor_v2";
    std::string rest = "\x89" + orderedDict; ///< arguments behind the strides
};

inline std::string storage(const Tensor& t)
{
    return "(" + text("storage") + "c" + t.storage + "\n" + text(t.key) + text(t.location) + integer(t.numel) + "tQ";
}

inline std::string tensor(const Tensor& t)
{
    return "ctorch._utils\n" + t.function + "\n(" + storage(t) + integer(t.offset) + tuple(t.shape) + tuple(t.strides) + t.rest + "tR";
}

inline std::string parameter(const Tensor& t, bool trainable = true)
{
    return "ctorch._utils\n_rebuild_parameter\n(" + tensor(t) + (trainable ? "\x88" : "\x89") + orderedDict + "tR";
}

using Items = std::vector<std::pair<std::string, std::string>>;

/// A dict of names and pickled values.
inline std::string dict(const Items& items)
{
    std::string out = "}(";
    for (const auto& [name, value] : items)
        out += text(name) + value;
    return out + "u";
}

/// An object of `type` ("torch.nn.modules.linear\nLinear") with modules, parameters, buffers and plain attributes.
inline std::string module(const std::string& type, const Items& modules, const Items& parameters = {}, const Items& attributes = {},
                          const Items& buffers = {})
{
    Items state = {{"training", "\x89"}, {"_parameters", dict(parameters)}, {"_buffers", dict(buffers)}, {"_modules", dict(modules)}};
    state.insert(state.end(), attributes.begin(), attributes.end());
    return "c" + type + "\n)\x81" + dict(state) + "b";
}

inline std::string linear(const Tensor& weight, std::int64_t in, std::int64_t out)
{
    return module("torch.nn.modules.linear\nLinear", {}, {{"weight", parameter(weight)}, {"bias", "N"}},
                  {{"in_features", integer(in)}, {"out_features", integer(out)}});
}

inline std::string pickle(const std::string& value)
{
    return "\x80\x02" + value + ".";
}

inline std::string floats(const std::vector<float>& values)
{
    return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

/// A container of a pickled value and records by key.
inline std::string file(const std::string& value, const Items& records, const std::vector<bytes::Entry>& more = {})
{
    std::vector<bytes::Entry> entries = {{"m/data.pkl", pickle(value)}, {"m/byteorder", "little"}};
    for (const auto& [key, data] : records)
        entries.push_back({"m/data/" + key, data});
    entries.push_back({"m/version", "3\n"});
    entries.insert(entries.end(), more.begin(), more.end());
    return bytes::zip(entries);
}

}
