// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/keras/graph/nodes.h"

#include "core/base/error.h"

namespace core::formats {

namespace {

// ["conv2d", 0, 0] or, with keyword arguments, ["conv2d", 0, 0, {}].
bool isHistory(const Json& json)
{
    return json.is_array() && json.size() >= 3 && json[0].is_string() && json[1].is_number_unsigned() && json[2].is_number_unsigned();
}

KerasTensor fromHistory(const Json& json)
{
    return {json[0].get<std::string>(), json[1].get<std::size_t>(), json[2].get<std::size_t>()};
}

}

void collectKerasTensors(const Json& json, std::vector<KerasTensor>& tensors)
{
    if (isHistory(json)) {
        tensors.push_back(fromHistory(json));
        if (json.size() > 3 && json[3].is_object())
            collectKerasTensors(json[3], tensors);
        return;
    }
    if (textIn(json, "class_name") == "__keras_tensor__") {
        const Json* config = memberOf(json, "config");
        const Json* history = config ? memberOf(*config, "keras_history") : nullptr;
        if (history && isHistory(*history))
            tensors.push_back(fromHistory(*history));
        return;
    }
    if (json.is_structured())
        for (const auto& element : json)
            collectKerasTensors(element, tensors);
}

std::vector<std::vector<KerasTensor>> kerasCalls(const Json& nodes, std::string_view where)
{
    std::vector<std::vector<KerasTensor>> result;
    if (!nodes.is_array())
        throw Error("keras-config").expected("a list of inbound nodes").found(printable(dumpJson(nodes, -1), 80)).at(where);
    for (const auto& node : nodes) {
        std::vector<KerasTensor> inputs;
        collectKerasTensors(node, inputs);
        if (inputs.empty())
            throw Error("keras-config").expected("an inbound node with tensors").found(printable(dumpJson(node, -1), 80)).at(where);
        result.push_back(std::move(inputs));
    }
    return result;
}

}
