// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/convention.h"
#include "core/mapping/labelled.h"
#include "core/mapping/pairs.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <set>

namespace core::mapping {

namespace {

const Link* linkOfOp(const Mapping& mapping, const std::string& op, bool onLeft)
{
    const auto found = std::find_if(mapping.links.begin(), mapping.links.end(), [&](const Link& link) {
        const std::vector<std::string>& ops = onLeft ? link.left : link.right;
        return std::find(ops.begin(), ops.end(), op) != ops.end();
    });
    return found == mapping.links.end() ? nullptr : &*found;
}

/// The same axis in the other framework's layout: by its label, else the channels' by habit.
std::int64_t axisInLayout(std::int64_t axis, const std::optional<layers::Value>& input, Framework to)
{
    if (!input || input->axes.size() != 4)
        return axis;
    const auto rank = static_cast<std::int64_t>(input->axes.size());
    const std::int64_t absolute = axis < 0 ? axis + rank : axis;
    if (absolute < 0 || absolute >= rank)
        return axis;
    const int position = indexOf(layers::inputValue(to, {1, 1, 1}).axes, input->axes[static_cast<std::size_t>(absolute)].name);
    return position < 0 ? axis : position;
}

class Borrower
{
public:
    Borrower(const Model& parameters, const Model& twin, const Mapping& mapping, bool parametersOnLeft)
        : m_parameters(parameters), m_mapping(mapping), m_onLeft(parametersOnLeft), m_twin(labelled(twin, inputShapeFor(twin, nullptr)))
    {
        for (const Layer& layer : parameters.layers)
            m_names.insert(layer.name);
        for (const Op& op : parameters.ops)
            m_names.insert(op.name);
    }

    Model model();

private:
    void addOp(const Op& theirs, std::size_t index);
    void addWeighted(const Op& theirs, Op& op);
    void addBare(const Op& theirs, Op& op);
    const Op& mate(const Op& theirs) const;
    Attributes translated(const Op& theirs) const;
    void note(std::string id, std::vector<std::string> arguments, std::string text, std::string where);

    const Model& m_parameters;
    const Mapping& m_mapping;
    bool m_onLeft;
    Labelled m_twin;
    std::set<std::string> m_names;
    Model m_result;
};

void Borrower::note(std::string id, std::vector<std::string> arguments, std::string text, std::string where)
{
    m_result.notes.push_back({{std::move(id), std::move(arguments), std::move(text)}, Note::Severity::Info, std::move(where)});
}

const Op& Borrower::mate(const Op& theirs) const
{
    if (const Link* link = linkOfOp(m_mapping, theirs.name, !m_onLeft))
        for (const std::string& opName : m_onLeft ? link->left : link->right)
            if (const int index = m_parameters.opIndex(opName);
                index >= 0 && m_parameters.ops[static_cast<std::size_t>(index)].kind == theirs.kind)
                return m_parameters.ops[static_cast<std::size_t>(index)];
    throw Error("borrow-missing")
        .file(m_parameters.origin.path)
        .expected(fmt::format("parameters for {} of {}", printable(theirs.layer), printable(m_twin.model.origin.path)))
        .found("none that are linked to it")
        .at(printable(theirs.layer))
        .advice("Link them by hand.");
}

Attributes Borrower::translated(const Op& theirs) const
{
    Attributes attributes = theirs.attributes;
    const bool moves = m_parameters.framework != m_twin.model.framework;
    if (moves && attributes.has("axis") && !theirs.inputs.empty())
        attributes.set("axis", axisInLayout(attributes.integer("axis"), m_twin.values[static_cast<std::size_t>(theirs.inputs.front())],
                                            m_parameters.framework));
    if (moves && theirs.kind == "input" && attributes.has("shape"))
        attributes.set("shape", shapeInLayout(attributes.integers("shape"), m_twin.model.framework, m_parameters.framework));
    return attributes;
}

void Borrower::addWeighted(const Op& theirs, Op& op)
{
    const Op& ours = mate(theirs);
    for (const auto& [role, parameter] : theirs.parameters)
        if (role != "count" && !ours.parameters.contains(role))
            throw Error("borrow-missing")
                .file(m_parameters.origin.path)
                .expected(fmt::format("a {} for {} of {}", role, printable(theirs.layer), printable(m_twin.model.origin.path)))
                .found("none")
                .at(printable(ours.layer));
    op.name = ours.name;
    op.layer = ours.layer;
    op.parameters = ours.parameters;
    note("borrowed-settings", {ours.layer, theirs.layer},
         fmt::format("settings that shapes do not tell are taken from {}", printable(theirs.layer)), ours.layer);
}

void Borrower::addBare(const Op& theirs, Op& op)
{
    const bool isFused = !theirs.layer.empty() && m_twin.model.opsOf(theirs.layer).size() > 1;
    op.name = isFused ? theirs.layer + "/" + theirs.kind : theirs.layer.empty() ? theirs.name : theirs.layer;
    while (!m_names.insert(op.name).second)
        op.name += "'";
    if (theirs.layer.empty())
        return;
    op.layer = op.name;
    Layer layer;
    layer.name = op.name;
    layer.attributes = op.attributes;
    layer.supported = op.unsupported.empty();
    const layers::Kind* kind = layers::kind(op.kind);
    const Layer* source = m_twin.model.layer(theirs.layer);
    layer.kind = source ? source->kind : op.kind;
    if (kind && m_parameters.framework != m_twin.model.framework) {
        const auto& classes = m_parameters.framework == Framework::Torch ? kind->torchClasses : kind->kerasClasses;
        layer.kind = classes.empty() ? "Activation" : std::string(classes.front());
    } else if (kind && isFused && !kind->torchClasses.empty() && m_parameters.framework == Framework::Torch) {
        layer.kind = kind->torchClasses.front();
    }
    m_result.layers.push_back(std::move(layer));
    note("borrowed-layer", {op.name, theirs.layer}, fmt::format("has no weights and is taken from {}", printable(theirs.layer)), op.name);
}

void Borrower::addOp(const Op& theirs, std::size_t index)
{
    Op op;
    op.kind = theirs.kind;
    op.inputs = theirs.inputs;
    op.unsupported = theirs.unsupported;
    op.attributes = translated(theirs);
    if (theirs.parameters.empty())
        addBare(theirs, op);
    else
        addWeighted(theirs, op);
    if (!theirs.parameters.empty())
        if (const Layer* layer = m_parameters.layer(op.layer); layer && !m_result.layer(op.layer))
            m_result.layers.push_back(*layer);
    m_result.ops[index] = std::move(op);
}

Model Borrower::model()
{
    m_result = m_parameters;
    m_result.layers.clear();
    m_result.ops.assign(m_twin.model.ops.size(), Op());
    m_result.outputs = m_twin.model.outputs;
    m_result.wired = true;
    const std::optional<Shape> shape = inputShapeFor(m_twin.model, nullptr);
    if (shape)
        m_result.inputShape = shapeInLayout(*shape, m_twin.model.framework, m_parameters.framework);
    note("borrowed-wiring", {m_twin.model.origin.path},
         fmt::format("The file has no architecture: order of computation and settings are taken from {}.",
                     printable(std::filesystem::path(m_twin.model.origin.path).filename().string())),
         "");
    for (std::size_t i = 0; i < m_twin.model.ops.size(); ++i)
        addOp(m_twin.model.ops[i], i);
    for (const Layer& layer : m_parameters.layers)
        if (!m_result.layer(layer.name) && !layer.parameters.empty()) { // one without weights is the twin's to tell
            m_result.layers.push_back(layer);
            note("borrowed-unused", {layer.name}, "has no counterpart and takes no part", layer.name);
        }
    m_result.indexNames();
    const std::optional<Shape> inputShape = m_result.inputShape;
    return labelled(std::move(m_result), inputShape).model;
}

/// Puts `name` behind the names that come before it in the model's order.
void insertInOrder(std::vector<std::string>& names, const std::string& opName, const Model& model)
{
    const int index = model.opIndex(opName);
    const auto place = std::find_if(names.begin(), names.end(), [&](const std::string& other) { return model.opIndex(other) > index; });
    names.insert(place, opName);
}

}

Model borrow(const Model& parameters, const Model& twin, const Mapping& mapping, bool parametersOnLeft)
{
    if (!twin.wired)
        throw Error("borrow-no-wiring")
            .file(twin.origin.path)
            .expected("a model with its architecture")
            .found("parameters alone")
            .advice("Parameters alone are compared.");
    if (const Framework like = layers::convention(parameters); like != parameters.framework) {
        Model adopted = parameters;
        adopted.framework = like;
        return Borrower(adopted, twin, mapping, parametersOnLeft).model();
    }
    return Borrower(parameters, twin, mapping, parametersOnLeft).model();
}

Mapping withBorrowed(Mapping mapping, const Model& borrowed, const Model& twin, bool borrowedOnLeft, bool newLinks)
{
    for (std::size_t i = 0; i < twin.ops.size() && i < borrowed.ops.size(); ++i) {
        const Op& theirs = twin.ops[i];
        const Op& ours = borrowed.ops[i];
        if (theirs.kind == "input" || !theirs.parameters.empty() || linkOfOp(mapping, theirs.name, !borrowedOnLeft))
            continue;
        const Link* known = nullptr;
        for (const int op : theirs.layer.empty() ? std::vector<int>() : twin.opsOf(theirs.layer))
            if (const Link* link = linkOfOp(mapping, twin.ops[static_cast<std::size_t>(op)].name, !borrowedOnLeft))
                known = link;
        if (!known && !newLinks)
            continue;
        if (!known) {
            Link link;
            link.confidence = 0.7;
            link.reasons = {{"borrowed", {}, "taken from the other side"}};
            mapping.links.push_back(std::move(link));
            known = &mapping.links.back();
        }
        Link& link = mapping.links[static_cast<std::size_t>(known - mapping.links.data())];
        insertInOrder(borrowedOnLeft ? link.left : link.right, ours.name, borrowed);
        insertInOrder(borrowedOnLeft ? link.right : link.left, theirs.name, twin);
    }
    const Model& left = borrowedOnLeft ? borrowed : twin;
    std::stable_sort(mapping.links.begin(), mapping.links.end(),
                     [&](const Link& a, const Link& b) { return left.opIndex(a.left.front()) < left.opIndex(b.left.front()); });
    return mapping;
}

}
