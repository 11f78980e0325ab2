// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/borrow.h"

#include "core/layers/composite.h"
#include "core/layers/convention.h"
#include "core/layers/follow.h"
#include "core/mapping/crossed.h"
#include "core/mapping/fit.h"
#include "core/mapping/ownlayers.h"
#include "core/mapping/placing.h"
#include "core/rules/rules.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <functional>
#include <set>

namespace core::mapping {

namespace {

/// `settings` over `defaults`: what a file tells wins, what only its twin tells stays.
Attributes merged(Attributes defaults, const Attributes& settings)
{
    if (settings.has("padding"))
        defaults.remove("pads");
    for (const auto& [name, value] : settings)
        defaults.set(name, value);
    return defaults;
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
    void addOwn(const Op& theirs, const Layer& layer, Op& op);
    void addUnused();
    void noteWiring();
    Attributes translated(const Op& theirs) const;
    std::string layoutProblem(const Op& theirs, int index) const;
    void noteSettings(const Attributes& ours, const Attributes& borrowed, const std::string& layer, const Op& theirs);
    void movePadding(const Op& ours, const Op& theirs, Op& op);
    [[noreturn]] void contradict(const std::string& expected, const std::string& found, const std::string& layer) const;
    void note(std::string id, std::vector<std::string> arguments, std::string text, std::string where);

    const Model& m_parameters;
    const Mapping& m_mapping;
    bool m_onLeft;
    Labelled m_twin;
    std::set<std::string> m_names;   ///< of the file, and what was added
    std::set<std::string> m_opNames; ///< of ops with weights
    Placement m_placement;
    Model m_result;
};

void Borrower::contradict(const std::string& expected, const std::string& found, const std::string& layer) const
{
    throw Error("borrow-contradicts")
        .file(m_parameters.origin.path)
        .expected(expected)
        .found(found)
        .at(printable(layer))
        .advice("Link it by hand, or open a model with the same layers.");
}

void Borrower::note(std::string id, std::vector<std::string> arguments, std::string text, std::string where)
{
    m_result.notes.push_back({{std::move(id), std::move(arguments), std::move(text)}, Note::Severity::Info, std::move(where)});
}

Attributes Borrower::translated(const Op& theirs) const
{
    Attributes attributes = theirs.attributes;
    const bool moves = m_parameters.framework != m_twin.model.framework;
    if (moves && attributes.has("axis") && !theirs.inputs.empty())
        attributes.set("axis", axisInLayout(attributes.integer("axis"), m_twin.values[theirs.inputs.front().port], m_parameters.framework));
    if (moves && attributes.has("axes") && !theirs.inputs.empty()) {
        Ints axes = attributes.integers("axes");
        for (std::int64_t& axis : axes)
            axis = axisInLayout(axis, m_twin.values[theirs.inputs.front().port], m_parameters.framework);
        if (axes != attributes.integers("axes"))
            std::sort(axes.begin(), axes.end());
        attributes.set("axes", axes);
    }
    return attributes;
}

/// Why what the twin does with dimensions one by one cannot be told of the other framework's layout; empty where it can.
std::string Borrower::layoutProblem(const Op& theirs, int index) const
{
    const bool moves = m_parameters.framework != m_twin.model.framework &&
                       std::any_of(theirs.inputs.begin(), theirs.inputs.end(), [&](const Input& input) {
                           const std::optional<layers::Value>& value = m_twin.values[input.port];
                           return !value || layers::inLayoutOf(m_parameters.framework, value->axes) != value->axes;
                       });
    if (!moves)
        return {};
    const Attributes& settings = theirs.attributes;
    const std::optional<layers::Value>&in = m_twin.values[theirs.inputs.front().port], &out = m_twin.values[Port(index)];
    const bool countsBehind = settings.has("axis") && in && out && in->shape.size() != out->shape.size();
    const auto has = [&](std::string_view name) { return settings.has(std::string(name)); };
    constexpr std::array counting{"order", "swap", "shape", "begin", "insert", "sizes", "times", "batch"};
    const bool counts = countsBehind || std::any_of(counting.begin(), counting.end(), has);
    if (!counts && settings.integer("start", 1) == 1 && settings.integer("end", -1) == -1 && !settings.boolean("channels_first", false))
        return {};
    return fmt::format("{} tells it by dimensions as {} has them, which {} need not do", printable(theirs.layer),
                       title(m_twin.model.framework), title(m_parameters.framework));
}

void Borrower::addWeighted(const Op& theirs, Op& op)
{
    const Op& ours = mateOf(theirs, m_parameters, m_twin.model, m_mapping, m_onLeft);
    const std::set<std::string> grouped = groupedRoles(m_parameters, ours, m_twin.model, theirs);
    for (const auto& [role, parameter] : theirs.parameters)
        if (const Parameter* only = m_twin.model.parameter(parameter);
            !ours.parameters.contains(role) && !grouped.contains(role) && only && !rules::isCounter(*only) && !rules::neutralValue(*only))
            throw Error("borrow-missing")
                .file(m_parameters.origin.path)
                .expected(fmt::format("a {} for {} of {}", role, printable(theirs.layer), printable(m_twin.model.origin.path)))
                .found("none")
                .at(printable(ours.layer));
    if (const std::string strange = strangeWeight(m_parameters, ours); !strange.empty() && ours.unsupported.empty())
        contradict(fmt::format("the weights of a {} as in {}", ours.kind, printable(m_twin.model.origin.path)),
                   printable(strange) + " besides", ours.layer);
    op.name = ours.name + (theirs.name.starts_with(theirs.layer + ":call") ? theirs.name.substr(theirs.layer.size()) : "");
    while (!m_opNames.insert(op.name).second)
        op.name += "'";
    op.layer = ours.layer;
    op.parameters = ours.parameters;
    noteSettings(ours.attributes, op.attributes, ours.layer, theirs);
    const Attributes borrowed = op.attributes;
    op.attributes = merged(borrowed, ours.attributes);
    if (borrowed.has("time")) // where the steps lie is a matter of the order of computation
        op.attributes.set("time", borrowed.integer("time"));
    if (!ours.unsupported.empty())
        op.unsupported = ours.unsupported;
    movePadding(ours, theirs, op);
}

void Borrower::noteSettings(const Attributes& ours, const Attributes& borrowed, const std::string& layer, const Op& theirs)
{
    std::vector<std::string> names;
    for (const auto& [name, value] : borrowed)
        if (!ours.has(name) && (name != "pads" || !ours.has("padding")))
            names.push_back(name);
    if (!names.empty())
        note("borrowed-settings", {layer, theirs.layer},
             fmt::format("settings that the file does not tell are taken from {}: {}", printable(theirs.layer), fmt::join(names, ", ")),
             layer);
}

/// Where the twin pads in a layer of its own and the file's layer pads itself, zeros are added once: by the twin's layer when they are as
/// many, else by the file's.
void Borrower::movePadding(const Op& ours, const Op& theirs, Op& op)
{
    const int producer = onlyProducer(theirs);
    if (ours.attributes.string("padding", "valid") != "explicit" || producer < 0 || theirs.kind != op.kind)
        return;
    const Op& before = m_twin.model.ops[static_cast<std::size_t>(producer)];
    const std::string theirPadding = theirs.attributes.string("padding", "valid");
    if (!layers::padsOnly(before) || m_placement.own.contains(producer) || theirPadding == "same")
        return;
    Ints pads = before.attributes.integers("pads", Ints{});
    const Ints own = ours.attributes.integers("pads");
    if (pads.size() != own.size())
        return;
    if (theirPadding == "explicit") {
        const Ints more = theirs.attributes.integers("pads", pads.size());
        std::transform(pads.begin(), pads.end(), more.begin(), pads.begin(), std::plus<>());
    }
    if (own == pads) {
        op.attributes.set("padding", theirPadding);
        op.attributes.remove("pads");
        if (theirPadding == "explicit")
            op.attributes.set("pads", theirs.attributes.integers("pads"));
        return;
    }
    Op& padding = m_result.ops[static_cast<std::size_t>(producer)];
    padding.kind = layers::kindOfTorch("Identity")->id;
    padding.attributes = {};
}

/// A layer without weights that the file names: what it tells wins.
void Borrower::addOwn(const Op& theirs, const Layer& layer, Op& op)
{
    const Op* ours = opOf(m_parameters, layer);
    op.name = ours ? ours->name : layer.name;
    op.layer = layer.name;
    if (ours) {
        const bool isSame = ours->kind == theirs.kind;
        if (isSame)
            noteSettings(ours->attributes, op.attributes, layer.name, theirs);
        const Attributes borrowed = std::move(op.attributes);
        op.kind = ours->kind;
        op.type = ours->type;
        op.attributes = isSame && ours->attributes.begin() == ours->attributes.end() ? borrowed : ours->attributes;
        if (isSame && borrowed.has("keepdims")) // axes of size 1 are dropped in code as well
            op.attributes.set("keepdims", borrowed.boolean("keepdims"));
        op.unsupported = ours->unsupported;
        movePadding(*ours, theirs, op);
    } else
        noteSettings({}, op.attributes, layer.name, theirs);
    m_result.layers.push_back(layer);
    m_result.layers.back().supported = op.unsupported.empty();
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
    const std::string_view what =
        isStrange(m_twin.model, theirs) ? "has weights that Tieout cannot pair yet, and its place" : "has no weights and";
    note("borrowed-layer", {op.name, theirs.layer}, fmt::format("{} is taken from {}", what, printable(theirs.layer)), op.name);
}

void Borrower::addOp(const Op& theirs, std::size_t index)
{
    Op op;
    op.kind = theirs.kind;
    op.inputs = theirs.inputs;
    op.unsupported = theirs.unsupported;
    op.attributes = translated(theirs);
    if (op.unsupported.empty())
        op.unsupported = layoutProblem(theirs, static_cast<int>(index));
    op.type = layers::typeIn(m_parameters.framework, theirs, m_twin.model.framework);
    if (const auto own = m_placement.own.find(static_cast<int>(index)); own != m_placement.own.end())
        addOwn(theirs, *own->second, op);
    else if (theirs.parameters.empty())
        addBare(theirs, op);
    else
        addWeighted(theirs, op);
    if (!theirs.parameters.empty())
        if (const Layer* layer = m_parameters.layer(op.layer); layer && !m_result.layer(op.layer))
            m_result.layers.push_back(*layer);
    m_result.ops[index] = std::move(op);
}

/// Layers of the file that the twin has no place for stay listed where they may be left out.
void Borrower::addUnused()
{
    for (const Layer& layer : m_parameters.layers) {
        if (m_result.layer(layer.name) || kindOf(m_parameters, layer) == "input")
            continue;
        if (hasWeights(m_parameters, layer) && !isUnknownOnBothSides(layer, m_parameters, m_twin.model))
            contradict(fmt::format("layers that {} has as well", printable(m_twin.model.origin.path)),
                       printable(layer.name) + ", which has weights and no counterpart", layer.name);
        m_result.layers.push_back(layer);
        note("borrowed-unused", {layer.name},
             m_placement.unused.contains(&layer) ? "changes nothing at inference and takes no part"
             : layer.parameters.empty()          ? "the file tells only its name, so that it takes no part"
                                                 : "has no counterpart and takes no part",
             layer.name);
    }
}

void Borrower::noteWiring()
{
    std::vector<std::string> kinds, assumed{m_twin.model.origin.path, "order"};
    for (const Note& known : m_result.notes)
        if (known.message.id == "borrowed-layer")
            if (const Layer* layer = m_result.layer(known.where);
                layer && std::find(kinds.begin(), kinds.end(), layer->kind) == kinds.end())
                kinds.push_back(layer->kind);
    if (std::any_of(m_result.notes.begin(), m_result.notes.end(),
                    [](const Note& known) { return known.message.id == "borrowed-settings"; }))
        assumed.push_back("settings");
    assumed.insert(assumed.end(), kinds.begin(), kinds.end());
    note("borrowed-wiring", std::move(assumed),
         fmt::format("The file does not tell the order of computation{}: {} taken from {}.",
                     kinds.empty() ? "" : fmt::format(", nor any {}", fmt::join(kinds, ", ")), kinds.empty() ? "it is" : "they are",
                     printable(std::filesystem::path(m_twin.model.origin.path).filename().string())),
         "");
}

Model Borrower::model()
{
    m_placement = placed(m_parameters, m_twin, m_mapping, m_onLeft);
    m_result = m_parameters;
    m_result.layers.clear();
    m_result.ops.assign(m_twin.model.ops.size(), Op());
    m_result.inputs = m_twin.model.inputs;
    m_result.outputs = m_twin.model.outputs;
    m_result.wired = true;
    for (std::size_t i = 0; i < m_twin.model.ops.size(); ++i)
        addOp(m_twin.model.ops[i], i);
    for (const int input : m_result.inputOps())
        if (Op& op = m_result.ops[static_cast<std::size_t>(input)]; op.attributes.has("shape"))
            op.attributes.set("shape", shapeInLayout(op.attributes.integers("shape"), m_twin.model, input, m_result, input));
    const std::vector<int> inputs = m_result.inputOps();
    if (const std::optional<Shape> shape = inputShapeFor(m_twin.model, nullptr); shape && !inputs.empty())
        m_result.inputShape = shapeInLayout(*shape, m_twin.model, inputs.front(), m_result, inputs.front());
    noteWiring();
    addUnused();
    m_result.indexNames();
    return labelled(m_result, m_result.inputShape).model;
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
    refuseCrossed(parameters, twin, mapping, parametersOnLeft);
    if (const Framework like = layers::convention(parameters); like != parameters.framework) {
        Model adopted = parameters;
        adopted.framework = like;
        return Borrower(adopted, twin, mapping, parametersOnLeft).model();
    }
    return Borrower(parameters, twin, mapping, parametersOnLeft).model();
}

}
