// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/keras/graph/operator.h"

#include "core/formats/keras/graph/nodes.h"
#include "core/formats/keras/graph/ops.h"
#include "core/layers/classes.h"
#include "core/layers/kind.h"
#include "core/layers/spec.h"

#include <algorithm>

namespace core::formats {

namespace {

layers::OperatorCall operatorCall(const KerasLayer& layer, const Json& form)
{
    const std::string function = textIn(layer.config, "function");
    layers::OperatorCall call{function.empty() ? layer.className : function, function.empty(), form["args"], form["kwargs"]};
    if (call.isOperation)
        for (const auto& [key, value] : layer.config.items())
            if (key != "name" && key != "trainable")
                call.keywords[key] = value;
    return call;
}

/// "erf" of "math.erf" keeps every element at its place, also where Tieout cannot compute it.
std::string_view typeOf(std::string_view function)
{
    const std::string_view last = function.substr(function.rfind('.') + 1);
    return layers::effectOf(last) == layers::Effect::Keeps ? last : std::string_view();
}

}

layers::Numbers setOperator(Op& op, const KerasLayer& layer, Json& form, bool isWhole)
{
    op.unsupported = cannotRun(layer);
    if (form.is_null())
        return layers::Numbers::Computed;
    const layers::OperatorCall call = operatorCall(layer, form);
    op.type = typeOf(call.name);
    const auto known = layers::kerasOperator(call);
    if (!known)
        return layers::Numbers::Computed;
    if (isWhole && known->numbers == layers::Numbers::Computed)
        layers::unsupported("arithmetic with whole numbers", "arithmetic with float32");
    std::vector<Input> inputs;
    std::vector<std::size_t> places(op.inputs.size());
    for (const std::size_t index : known->inputs) {
        if (index >= op.inputs.size() || known->inputs.size() != op.inputs.size())
            return layers::Numbers::Computed;
        places[index] = inputs.size();
        inputs.push_back(op.inputs[index]);
    }
    op.inputs = std::move(inputs);
    form = withTensors(form, [&](std::size_t index) { return Json{{layers::tensorKey, places[index]}}; });
    op.kind = known->kind;
    op.attributes = known->attributes;
    op.unsupported = layers::inputsProblem(*layers::kind(op.kind), op);
    return known->numbers;
}

std::string operatorText(const Json& origin, const std::vector<Json>& forms)
{
    return dumpJson({{"origin", origin}, {"forms", forms}}, -1);
}

}
