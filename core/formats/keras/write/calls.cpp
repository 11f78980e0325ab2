// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/keras/write/calls.h"

#include "core/base/held.h"
#include "core/formats/keras/graph/nodes.h"
#include "core/layers/operators.h"

#include <algorithm>

namespace core::formats {

namespace {

constexpr char callsKey[] = "calls"; // operatorText() makes it

[[noreturn]] void unreadable(const Layer& layer)
{
    throw Error("keras-write").expected("an operator whose calls its file tells").found("others").at(printable(layer.name));
}

/// How many tensors a form has.
std::size_t tensorCount(const Json& form)
{
    std::size_t count = 0;
    withTensors(form, [&](std::size_t index) {
        count = std::max(count, index + 1);
        return Json();
    });
    return count;
}

/// As Keras 2 writes it: the first argument is a tensor, a constant or a list of such, each with the keywords of the call.
Json lambdaNode(const Json& form, const std::vector<Json>& histories)
{
    const auto tensor = [&](std::size_t index) { return heldAt(histories, index); };
    const Json keywords = withTensors(form["kwargs"], tensor);
    const auto element = [&](const Json& value) {
        const bool isTensor = value.is_object() && value.contains(layers::tensorKey);
        Json result = isTensor ? withTensors(value, tensor) : Json::array({"_CONSTANT_VALUE", -1, value});
        result.push_back(keywords);
        return result;
    };
    const Json& first = form["args"][0];
    if (!first.is_array() || tensorCount(first) == 0)
        return element(first);
    Json result = Json::array();
    for (const Json& value : first)
        result.push_back(element(value));
    return result;
}

Json operationNode(const Json& form, const std::vector<Json>& histories)
{
    return withTensors(form, [&](std::size_t index) {
        return Json{{"class_name", "__keras_tensor__"},
                    {"config", {{"shape", {nullptr}}, {"dtype", "float32"}, {"keras_history", heldAt(histories, index)}}}};
    });
}

}

bool isWrittenByCalls(const Layer& layer)
{
    return layer.attributes.has(callsKey) && layer.attributes.has("config");
}

Json writtenByCalls(const Layer& layer, const std::string& name, const std::vector<std::vector<Json>>& histories)
{
    const Json told = parseJson(layer.attributes.string(callsKey), layer.name);
    const Json& forms = told["forms"];
    if (forms.size() != histories.size())
        unreadable(layer);
    const bool isLambda = layer.kind == "TFOpLambda" || layer.kind == "SlicingOpLambda";
    Json result{{"class_name", layer.kind}, {"config", parseJson(layer.attributes.string("config"), layer.name)}};
    for (const auto& [key, value] : told["origin"].items())
        result[key] = value;
    result["config"]["name"] = name;
    result["name"] = name;
    result["inbound_nodes"] = Json::array();
    for (std::size_t call = 0; call < histories.size(); ++call) {
        if (forms[call].is_null() || tensorCount(forms[call]) != histories[call].size())
            unreadable(layer);
        result["inbound_nodes"].push_back(isLambda ? lambdaNode(forms[call], histories[call])
                                                   : operationNode(forms[call], histories[call]));
    }
    return result;
}

}
