// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/inputs.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::engines {

namespace {

bool accepts(const Shape& declared, const Shape& batch)
{
    return batch.size() == declared.size() + 1 &&
           std::equal(declared.begin(), declared.end(), batch.begin() + 1,
                      [](std::int64_t wanted, std::int64_t size) { return wanted < 0 || wanted == size; });
}

Error wrongInputs(const Model& model, std::string id)
{
    return Error(std::move(id)).file(model.origin.path).expected("values for " + text(inputsOf(model)));
}

const Tensor& checked(const Model& model, const ModelInput& input, const Tensor& value)
{
    if (!value.isNull() && !value.shape().empty() && value.count() > 0 && (!input.shape || accepts(*input.shape, value.shape())))
        return value;
    throw Error("input-shape")
        .file(model.origin.path)
        .expected(input.shape ? fmt::format("samples of {}", core::text(*input.shape)) : std::string("samples, batch first"))
        .found(value.isNull() ? std::string("none") : core::text(value.shape()))
        .at(printable(input.name));
}

}

std::vector<ModelInput> inputsOf(const Model& model)
{
    std::vector<ModelInput> result;
    for (const int index : model.inputOps()) {
        const Op& op = model.ops[static_cast<std::size_t>(index)];
        ModelInput input{index, op.name, {}};
        if (result.empty() && model.inputShape)
            input.shape = model.inputShape;
        else if (op.attributes.has("shape"))
            input.shape = op.attributes.integers("shape");
        result.push_back(std::move(input));
    }
    return result;
}

std::string text(const std::vector<ModelInput>& inputs)
{
    std::string result;
    for (const ModelInput& input : inputs)
        result += (result.empty() ? "" : ", ") + printable(input.name) + (input.shape ? " " + core::text(*input.shape) : "");
    return result.empty() ? "no input" : result;
}

Feeds feedsFor(const Model& model, const Inputs& inputs)
{
    Feeds feeds;
    for (const ModelInput& input : inputsOf(model)) {
        const auto value = inputs.find(input.name);
        if (value == inputs.end())
            throw wrongInputs(model, "input-missing").found("none for " + printable(input.name));
        feeds.emplace(input.op, checked(model, input, value->second));
        const std::int64_t samples = value->second.shape().front(), first = feeds.begin()->second.shape().front();
        if (samples != first)
            throw wrongInputs(model, "input-batch").found(fmt::format("{} samples and {}", first, samples)).at(printable(input.name));
    }
    for (const auto& [name, value] : inputs)
        if (const int op = model.opIndex(name); op < 0 || !feeds.contains(op))
            throw wrongInputs(model, "input-surplus").found("also some for " + printable(name));
    return feeds;
}

}
