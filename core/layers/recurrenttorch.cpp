// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/recurrent.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::layers {

namespace {

/// The setting, which must be one of those that the class computes with; the first where none is told.
std::string cellSetting(const Op& op, const char* name, const std::vector<std::string>& possible)
{
    const std::string told = op.attributes.string(name, possible.front());
    if (std::find(possible.begin(), possible.end(), told) == possible.end())
        throw Error("layer-no-twin").expected(fmt::format("{} as {}", possible.front(), name)).found(told).at(printable(op.name));
    return told;
}

}

TorchSpec recurrentToTorch(const Op& op, std::string_view className)
{
    const Attributes& settings = op.attributes;
    TorchSpec result{std::string(className), {}, {}};
    result.raw.set("hidden_size", settings.integer("units"));
    result.raw.set("bias", settings.boolean("bias", true));
    result.raw.set("batch_first", settings.integer("time", 1) == 1);
    if (className == "RNN") {
        result.raw.set("nonlinearity", cellSetting(op, "activation", {"tanh", "relu"}));
        return result;
    }
    cellSetting(op, "activation", {"tanh"});
    cellSetting(op, "recurrent_activation", {"sigmoid"});
    if (!settings.boolean("reset_after", true))
        throw Error("layer-no-twin").expected("a GRU with reset_after").found("reset_after=False").at(printable(op.name));
    return result;
}

}
