// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json/json.h"
#include "core/layers/kind.h"

namespace core::layers {

/// A Keras layer: class name and its "config" object, the fused activation left in.
struct KerasSpec
{
    std::string className;
    Json config;
    std::string version = {};            ///< of Keras, as the file tells it: "2.15.0"; may be empty
    std::vector<KerasSpec> wrapped = {}; ///< what a wrapper holds: one layer, or Bidirectional's two
};

/// Reading Keras configs; all throw Error("attribute") naming the key when it has another type.
Ints kerasInts(const Json& config, const char* key, std::size_t n, const Ints& fallback);
std::int64_t kerasInt(const Json& config, const char* key, std::int64_t fallback);
/// As many integers as there are; a single one is a list of one. Throws Error("attribute") when there are none.
Ints kerasList(const Json& config, const char* key);
/// The only axis, a number or a list of one, the last where none is told. Throws Error("layer-unsupported") for others.
std::int64_t kerasAxis(const Json& config, const char* key);
double kerasReal(const Json& config, const char* key, double fallback);
/// A number, or a list of numbers; lists of one list are taken for it.
Reals kerasReals(const Json& config, const char* key);
bool kerasBool(const Json& config, const char* key, bool fallback);
std::string kerasText(const Json& config, const char* key, const std::string& fallback);
/// Whether the file was written by Keras 3. Throws Error("layer-unsupported") when it does not tell its version: `what` differs.
bool isOfKeras3(const KerasSpec& spec, std::string_view what);
/// Throws Error("layer-unsupported") when data_format is channels_first.
void requireChannelsLast(const Json& config);

/// Throws Error("layer-unsupported"): what the layer asks for, what can be run.
[[noreturn]] void unsupported(std::string_view asked, std::string_view possible);

/// Index of the dimension that the op's attribute "axis" (default -1, the last) names. Throws Error("shape-axis") unless it is one of the
/// input's, `least` or above (1: the batch is none).
std::size_t axisIn(const Op& op, const Value& input, std::int64_t least = 0);

/// A parameter under both frameworks' names, with a letter for each of its dimensions; a framework in which it has no name lacks it.
struct RoleRow
{
    std::string_view role, torchName, kerasName, torchAxes, kerasAxes;
    bool isPresent = true;
    bool buffer = false;
};
/// The rows as one framework has them; `axes` tells of the letters what is known of them.
std::vector<Role> rolesFrom(Framework framework, const std::vector<RoleAxis>& axes, std::initializer_list<RoleRow> rows);

/// For kinds with nothing to tell.
Attributes noTorchSettings(const TorchSpec&);
Attributes noKerasSettings(const KerasSpec&);
Json noKerasConfig(const Op&);
std::vector<Value> sameValue(const Call& call);
/// The same where the attribute "axis" names a dimension behind the batch.
std::vector<Value> sameBehindBatch(const Call& call);
/// The size of the first input along the attribute "axis", 0 where it is not known.
std::int64_t sizeAlong(const Attributes& settings, std::span<const Value> inputs);
std::string noDifference(const Call&, const Call&);

/// "<what> <a> against <b>" when they differ, else empty.
std::string differs(std::string_view what, const Attribute& a, const Attribute& b);
/// Whether the attribute "axis" of two ops names dimensions of other meaning, as far as labels tell: dim 1 of N,C,H,W is axis -1 of
/// N,H,W,C.
std::string axisDiffers(const Call& a, const Call& b);
/// Kind::inputAxes of what PyTorch computes along dimension 1: a series has its features there.
std::string_view featuresFirst(const Op& op, Framework framework, std::size_t rank);
/// The first that is not empty.
std::string firstOf(std::initializer_list<std::string> differences);

}
