// SPDX-License-Identifier: GPL-3.0-or-later
// dot: axes (of either input, batch included, negative from the end), batch (leading dimensions that both share; 0: all but the last two),
// normalize (both scaled to length 1 along their axis).
#include "core/layers/attentionkinds.h"
#include "core/layers/product.h"
#include "core/layers/spec.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

namespace core::layers {

namespace {

Attributes matrixProduct()
{
    return {{"axes", Ints{-1, -2}}, {"batch", std::int64_t{0}}};
}

/// torch.matmul; or tf.matmul, which may take a matrix transposed.
Attributes fromTorch(const TorchSpec& spec)
{
    Attributes result = matrixProduct();
    result.set("axes", Ints{spec.raw.boolean("transpose_a", false) ? -2 : -1, spec.raw.boolean("transpose_b", false) ? -1 : -2});
    return result;
}

Attributes fromKeras(const KerasSpec& spec)
{
    if (spec.className == "Matmul")
        return matrixProduct();
    return {{"axes", kerasInts(spec.config, "axes", 2, Ints{-1, -1})},
            {"batch", std::int64_t{1}},
            {"normalize", kerasBool(spec.config, "normalize", false)}};
}

TorchSpec toTorch(const Op& op)
{
    throw Error("layer-no-twin").expected("a class of torch.nn").found(op.kind).at(printable(op.name));
}

Json toKeras(const Op& op)
{
    if (op.attributes.integer("batch", 1) != 1)
        throw Error("layer-no-twin").expected("one dimension of samples").found("a product of matrices").at(printable(op.name));
    return {{"axes", op.attributes.integers("axes")}, {"normalize", op.attributes.boolean("normalize", false)}};
}

std::vector<std::string> words(const Op& op, std::int64_t)
{
    return {fmt::format("axes [{}]", fmt::join(op.attributes.integers("axes"), ",")),
            op.attributes.boolean("normalize", false) ? "normalized" : ""};
}

/// The axes of what is left of both; those whose letters another has already are of no name.
Axes axesOfProduct(const Value& a, const Value& b, const Product& product, std::size_t rank)
{
    if (a.axes.empty() || b.axes.empty())
        return {};
    Axes result;
    for (std::size_t d = 0; d < a.axes.size(); ++d)
        if (d != product.a)
            result.push_back(a.axes[d]);
    for (std::size_t d = product.batch; d < b.axes.size(); ++d)
        if (d != product.b)
            result.push_back(b.axes[d]);
    if (result.size() < rank)
        result.push_back({"F", {}});
    if (rank == 3)
        for (std::size_t d = 1; d < rank; ++d)
            result[d].name = d == 1 ? "T" : "F";
    std::set<std::string> names;
    for (Axis& axis : result)
        if (!names.insert(axis.name).second)
            axis = lostAxis({}, "two dimensions of one name are multiplied there");
    return result;
}

std::vector<Value> infer(const Call& call)
{
    const std::vector<Value> inputs = call.inputs();
    const Value &a = inputs[0], &b = inputs[1];
    const Product product = productOf(call.op, a, b);
    Value out;
    for (std::size_t d = 0; d < a.shape.size(); ++d)
        if (d != product.a)
            out.shape.push_back(a.shape[d]);
    for (std::size_t d = product.batch; d < b.shape.size(); ++d)
        if (d != product.b)
            out.shape.push_back(b.shape[d]);
    if (out.shape.size() == product.batch)
        out.shape.push_back(1);
    out.axes = axesOfProduct(a, b, product, out.shape.size());
    return {out};
}

/// Which dimension of an input is summed over: its letter where it has one, for images lie otherwise in the other framework.
std::string summed(const Value& value, std::size_t at)
{
    const bool isNamed = value.axes.size() == value.shape.size() && value.shape.size() > 3 && !value.axes[at].name.empty();
    return isNamed ? value.axes[at].name : std::to_string(at);
}

std::string difference(const Call& a, const Call& b)
{
    const std::string scaled =
        differs("normalize", a.op.attributes.boolean("normalize", false), b.op.attributes.boolean("normalize", false));
    if (!a.isKnown() || !b.isKnown() || a.count() != 2 || b.count() != 2)
        return firstOf({scaled, differs("axes", a.op.attributes.integers("axes"), b.op.attributes.integers("axes"))});
    const Product left = productOf(a.op, *a.at(0), *a.at(1)), right = productOf(b.op, *b.at(0), *b.at(1));
    return firstOf({scaled, differs("shared dimensions", static_cast<std::int64_t>(left.batch), static_cast<std::int64_t>(right.batch)),
                    differs("axis", summed(*a.at(0), left.a), summed(*b.at(0), right.a)),
                    differs("axis", summed(*a.at(1), left.b), summed(*b.at(1), right.b))});
}

}

Product productOf(const Op& op, const Value& a, const Value& b)
{
    const Ints axes = op.attributes.integers("axes", 2);
    const auto place = [](std::int64_t axis, const Value& value) {
        return axis < 0 ? axis + static_cast<std::int64_t>(value.shape.size()) : axis;
    };
    const std::int64_t left = place(axes[0], a), right = place(axes[1], b), told = op.attributes.integer("batch", 1);
    const auto rankA = static_cast<std::int64_t>(a.shape.size()), rankB = static_cast<std::int64_t>(b.shape.size());
    const std::int64_t batch = told > 0 ? told : rankA - 2;
    const bool fits = batch >= 1 && left >= batch && left < rankA && right >= batch && right < rankB && (told > 0 || rankA == rankB) &&
                      std::equal(a.shape.begin(), a.shape.begin() + batch, b.shape.begin()) &&
                      a.shape[static_cast<std::size_t>(left)] == b.shape[static_cast<std::size_t>(right)];
    if (!fits)
        throw Error("shape-product")
            .expected(fmt::format("two inputs of equal size along axes {}, and before them", text(axes)))
            .found(text(a.shape) + " and " + text(b.shape))
            .at(printable(op.name));
    return {static_cast<std::size_t>(batch), static_cast<std::size_t>(left), static_cast<std::size_t>(right)};
}

const Kind dot{
    .id = "dot",
    .torchClasses = {"matmul"},
    .kerasClasses = {"Dot", "Matmul"},
    .aten = {{"matmul", "matmul", {{"self", "input"}, {"other", "other"}}}, {"bmm", "matmul", {{"self", "input"}, {"mat2", "other"}}}},
    .effect = Effect::Makes,
    .fromTorch = fromTorch,
    .fromKeras = fromKeras,
    .toTorch = toTorch,
    .toKeras = toKeras,
    .takes = {2, 2, {}},
    .infer = infer,
    .difference = difference,
    .words = words};

}
