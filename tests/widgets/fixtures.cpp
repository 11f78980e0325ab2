// SPDX-License-Identifier: GPL-3.0-or-later
#include "fixtures.h"

namespace fixtures {

namespace {

using core::Attributes;
using core::Ints;

struct Builder
{
    core::Model model;

    explicit Builder(core::Framework framework, const std::string& path, core::Shape input)
    {
        model.framework = framework;
        model.origin.path = path;
        model.inputShape = input;
        model.wired = true;
        op("input", "input", "", Attributes{{"shape", Ints(input.begin(), input.end())}});
    }

    void op(const std::string& name, const std::string& kind, const std::string& layer, Attributes attributes,
            std::map<std::string, std::string> parameters = {})
    {
        core::Op op;
        op.name = name;
        op.kind = kind;
        op.layer = layer;
        op.attributes = std::move(attributes);
        op.parameters = std::move(parameters);
        if (!model.ops.empty())
            op.inputs = {static_cast<int>(model.ops.size()) - 1};
        model.ops.push_back(std::move(op));
        model.outputs = {static_cast<int>(model.ops.size()) - 1};
    }

    void layer(const std::string& name, const std::string& kind, Attributes attributes = {}, std::vector<std::string> parameters = {})
    {
        model.layers.push_back({name, kind, std::move(attributes), std::move(parameters), true});
    }

    void parameter(const std::string& name, const std::string& layer, const std::string& role, core::Shape shape, std::string_view axes)
    {
        core::Parameter parameter;
        parameter.name = name;
        parameter.layer = layer;
        parameter.role = role;
        parameter.axes = core::axesOf(axes);
        const auto bytes = static_cast<std::size_t>(core::elementCount(shape)) * sizeof(float);
        parameter.source = {core::DType::Float32, std::move(shape), std::make_shared<const std::vector<std::byte>>(bytes)};
        model.parameters.push_back(std::move(parameter));
    }
};

Attributes convolution(const std::string& padding)
{
    Attributes attributes{{"filters", std::int64_t{6}}, {"kernel", Ints{5, 5}}, {"stride", Ints{1, 1}}, {"dilation", Ints{1, 1}},
                          {"groups", std::int64_t{1}},  {"bias", true},         {"padding", padding}};
    if (padding == "explicit")
        attributes.set("pads", Ints{2, 2, 2, 2});
    return attributes;
}

Attributes pooling()
{
    return {{"kernel", Ints{2, 2}}, {"stride", Ints{2, 2}}, {"padding", std::string("valid")}, {"ceil", false}, {"count_pad", true}};
}

Attributes dense()
{
    return {{"units", std::int64_t{10}}, {"bias", true}};
}

}

std::shared_ptr<const core::Model> torchNet()
{
    Builder b(core::Framework::Torch, "/models/small.pt", {1, 28, 28});
    b.layer("0", "Conv2d", {{"in_channels", std::int64_t{1}}}, {"0.weight", "0.bias"});
    b.op("0", "conv2d", "0", convolution("explicit"), {{"kernel", "0.weight"}, {"bias", "0.bias"}});
    b.layer("1", "Tanh");
    b.op("1", "tanh", "1", {});
    b.layer("2", "AvgPool2d");
    b.op("2", "avgpool2d", "2", pooling());
    b.layer("3", "Flatten");
    b.op("3", "flatten", "3", {{"start", std::int64_t{1}}, {"end", std::int64_t{-1}}});
    b.layer("4", "Linear", {}, {"4.weight", "4.bias"});
    b.op("4", "linear", "4", dense(), {{"kernel", "4.weight"}, {"bias", "4.bias"}});
    b.layer("5", "Softmax");
    b.op("5", "softmax", "5", {{"axis", std::int64_t{1}}});
    b.parameter("0.weight", "0", "kernel", {6, 1, 5, 5}, "oihw");
    b.parameter("0.bias", "0", "bias", {6}, "o");
    b.parameter("4.weight", "4", "kernel", {10, 1176}, "oi");
    b.parameter("4.bias", "4", "bias", {10}, "o");
    return std::make_shared<const core::Model>(std::move(b.model));
}

std::shared_ptr<const core::Model> kerasNet()
{
    Builder b(core::Framework::Keras, "/models/small.h5", {28, 28, 1});
    b.layer("conv2d", "Conv2D", {}, {"conv2d/kernel:0", "conv2d/bias:0"});
    b.op("conv2d:conv2d", "conv2d", "conv2d", convolution("same"), {{"kernel", "conv2d/kernel:0"}, {"bias", "conv2d/bias:0"}});
    b.op("conv2d", "tanh", "conv2d", {});
    b.layer("average_pooling2d", "AveragePooling2D");
    b.op("average_pooling2d", "avgpool2d", "average_pooling2d", pooling());
    b.layer("flatten", "Flatten");
    b.op("flatten", "flatten", "flatten", {{"start", std::int64_t{1}}, {"end", std::int64_t{-1}}});
    b.layer("dense", "Dense", {}, {"dense/kernel:0", "dense/bias:0"});
    b.op("dense:linear", "linear", "dense", dense(), {{"kernel", "dense/kernel:0"}, {"bias", "dense/bias:0"}});
    b.op("dense", "softmax", "dense", {{"axis", std::int64_t{-1}}});
    b.parameter("conv2d/kernel:0", "conv2d", "kernel", {5, 5, 1, 6}, "hwio");
    b.parameter("conv2d/bias:0", "conv2d", "bias", {6}, "o");
    b.parameter("dense/kernel:0", "dense", "kernel", {1176, 10}, "io");
    b.parameter("dense/bias:0", "dense", "bias", {10}, "o");
    return std::make_shared<const core::Model>(std::move(b.model));
}

std::shared_ptr<const core::Model> strangeNet()
{
    Builder b(core::Framework::Keras, "/models/strange.h5", {28, 28, 1});
    b.layer("lambda_3", "Lambda");
    b.model.layers.back().supported = false;
    b.op("lambda_3", "", "lambda_3", {});
    b.model.ops.back().unsupported = "Lambda holds Python code, which is never run";
    b.layer("<b>bold\x01</b>", "Dropout");
    b.op("<b>bold\x01</b>", "dropout", "<b>bold\x01</b>", {{"rate", 0.5}});
    return std::make_shared<const core::Model>(std::move(b.model));
}

core::layers::Values values(const core::Model& model)
{
    const std::vector<core::layers::Value> inputs{core::layers::inputValue(model, *model.inputShape)};
    return core::layers::inferValues(model, inputs);
}

core::mapping::Mapping mapping()
{
    using core::mapping::Link;
    const auto link = [](std::vector<std::string> left, std::vector<std::string> right) {
        Link result;
        result.left = std::move(left);
        result.right = std::move(right);
        result.confidence = 0.9;
        result.reasons = {{"order", {}, "order of computation"}};
        return result;
    };
    core::mapping::Mapping mapping;
    mapping.links = {link({"0", "1"}, {"conv2d:conv2d", "conv2d"}), link({"2"}, {"average_pooling2d"}), link({"3"}, {"flatten"}),
                     link({"4", "5"}, {"dense:linear", "dense"})};
    mapping.links[0].parameters = {{{"0.weight"}, {"conv2d/kernel:0"}, "oihw->hwio", {}}, {{"0.bias"}, {"conv2d/bias:0"}, "same", {}}};
    mapping.links[3].parameters = {{{"4.weight"}, {"dense/kernel:0"}, "flatten-chw->hwc", {}}, {{"4.bias"}, {"dense/bias:0"}, "same", {}}};
    return mapping;
}

}
