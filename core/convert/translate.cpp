// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/convert/translate.h"

#include "core/base/held.h"
#include "core/convert/twinmodel.h"
#include "core/layers/spread.h"
#include "core/layers/told.h"
#include "core/layers/torchspread.h"
#include "core/layers/turned.h"
#include "core/mapping/labelled.h"
#include "core/mapping/links.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace core::convert {

namespace {

using layers::Arrangement;
using layers::Kind;
using layers::Value;

/// A model of the target's framework is its own twin.
Translation itself(const std::shared_ptr<const Model>& source)
{
    Translation result{source, source, {}, true, {}};
    for (const Op& op : source->ops) {
        if (op.layer.empty())
            continue;
        mapping::Link link{{op.name}, {op.name}, 1, {{"same-file", {}, "the layer itself"}}, mapping::LinkOrigin::Auto, {}};
        for (const auto& [role, name] : op.parameters)
            link.parameters.push_back({{name}, {name}, "same", {}});
        result.mapping.links.push_back(std::move(link));
    }
    return result;
}

class Translator
{
public:
    Translator(std::shared_ptr<const Model> source, Framework target)
        : m_source(std::move(source)), m_target(target), m_twin(target), m_consumers(consumersOf(*m_source)), m_there(m_source->ops.size())
    {
        mapping::Labelled labelled = mapping::labelled(*m_source, m_source->inputShape);
        m_values = std::move(labelled.values);
        m_source = std::make_shared<const Model>(std::move(labelled.model));
        for (const Output& output : m_source->outputs)
            m_outputs.insert(output.port);
    }

    Translation run()
    {
        requireInputs();
        for (std::size_t i = 0; i < m_source->ops.size(); ++i)
            if (auto layer = gatheredAt(static_cast<int>(i))) {
                m_parts.insert(layer->ops.begin(), layer->ops.end() - 1);
                m_gathered.emplace(static_cast<int>(i), std::move(*layer));
            }
        for (std::size_t i = 0; i < m_source->ops.size(); ++i)
            if (!m_parts.contains(static_cast<int>(i)))
                translateOrNote(static_cast<int>(i));
        std::vector<Output> outputs;
        for (const Output& output : m_source->outputs)
            outputs.push_back(outputOf(output));
        refuseIfAny();
        Model& model = m_twin.model;
        model.outputs = std::move(outputs);
        m_twin.finishLayers();
        for (const Input& input : m_source->inputs)
            model.inputs.emplace_back(input.name, m_there[input.port]->port);
        const std::vector<int> inputs = model.inputOps();
        model.inputShape = model.ops[static_cast<std::size_t>(inputs.front())].attributes.integers("shape");
        model.origin.path = m_source->origin.path;
        model.origin.content = "model";
        m_twin.addParameters();
        model = layers::withParameterAxes(std::move(model), m_twin.values);
        model.indexNames();
        return finished();
    }

private:
    using Consumers = std::map<Port, std::vector<int>>;

    static Consumers consumersOf(const Model& model)
    {
        Consumers result;
        for (std::size_t i = 0; i < model.ops.size(); ++i)
            for (const Input& input : model.ops[i].inputs)
                result[input.port].push_back(static_cast<int>(i));
        return result;
    }

    void requireInputs() const
    {
        const std::vector<std::optional<Shape>> shapes = layers::toldShapes(*m_source);
        const std::vector<int> inputs = m_source->inputOps();
        const auto isOpen = [](std::int64_t size) { return size < 0; };
        for (std::size_t i = 0; i < inputs.size(); ++i)
            if (!shapes[i] || std::any_of(shapes[i]->begin(), shapes[i]->end(), isOpen) || !m_values[Port(inputs[i])])
                throw Error("translate-shape")
                    .file(m_source->origin.path)
                    .expected(fmt::format("the shape of the input {}", printable(opAt(inputs[i]).name)))
                    .found("that neither the file nor its layers tell it")
                    .advice("Tell it with --input-shape, without the batch: 3,224,224.");
    }

    const Op& opAt(int index) const { return m_source->ops[static_cast<std::size_t>(index)]; }

    void translateOrNote(int index)
    {
        const Op& op = opAt(index);
        try {
            if (op.kind == "input")
                translateInput(index);
            else if (const auto layer = m_gathered.find(index); layer != m_gathered.end())
                writeGathered(index, layer->second);
            else
                translateOp(index);
        } catch (const Error& error) {
            note(op, fmt::format("{} ({} was expected)", error.found(), error.expected()));
            standIn(index);
        }
    }

    /// Each layer once, in order.
    void note(const Op& op, const std::string& what)
    {
        const std::string& name = op.layer.empty() ? op.name : op.layer;
        if (m_refused.insert(name).second)
            m_problems.push_back(fmt::format("{}: {}", printable(name), what));
    }

    /// What is behind goes on with the values that the op would give.
    void standIn(int index)
    {
        const int count = std::max(layers::outputCount(opAt(index)), 1);
        for (int output = 0; output < count; ++output) {
            const Port port(index, output);
            if (const auto& value = m_values[port]) {
                const Arrangement arrangement = layers::imagesIn(m_target, *value);
                m_there[port] = There{m_twin.addUnknown(layers::arranged(*value, arrangement)), arrangement, false};
            }
        }
    }

    /// Images as the target has them, unless the network puts their dimensions in another order first.
    Arrangement arrangementOfInput(int index) const
    {
        const Value& value = *m_values[Port(index)];
        const auto found = m_consumers.find(Port(index));
        const bool isReordered = found != m_consumers.end() && std::any_of(found->second.begin(), found->second.end(), [&](int consumer) {
                                     const Kind* kind = layers::kind(opAt(consumer).kind);
                                     return kind && kind->effect == layers::Effect::Reshapes;
                                 });
        Arrangement result = isReordered ? layers::asHere(value.shape.size()) : layers::imagesIn(m_target, value);
        if (const int batch = indexOf(value.axes, "N"); batch > 0) { // steps before samples
            std::erase(result, static_cast<std::size_t>(batch));
            result.insert(result.begin(), static_cast<std::size_t>(batch));
        }
        return result;
    }

    void translateInput(int index)
    {
        const Op& op = opAt(index);
        const auto& value = m_values[Port(index)];
        const Arrangement arrangement = arrangementOfInput(index);
        const Value there = layers::arranged(*value, arrangement);
        m_there[Port(index)] = There{m_twin.addInput(op.name, there), arrangement, false};
        if (std::any_of(m_source->notes.begin(), m_source->notes.end(),
                        [](const Note& note) { return note.message.id == "input-shape-guess"; }))
            m_notes.push_back({"input-guess",
                               {op.name, text(sampleShape(there))},
                               fmt::format("no file tells the size of the input {}: {} is written, which the layers accept; "
                                           "the new file takes no other",
                                           printable(op.name), text(sampleShape(there)))});
        if (!layers::isAsHere(arrangement))
            m_notes.push_back({"input-layout",
                               {op.name, text(value->shape), text(there.shape)},
                               fmt::format("the input {} is {} ({}) where it was {} ({})", printable(op.name), text(sampleShape(there)),
                                           text(sampleAxes(there)), text(sampleShape(*value)), text(sampleAxes(*value)))});
    }

    static Shape sampleShape(const Value& value) { return Shape(value.shape.begin() + 1, value.shape.end()); }
    static Axes sampleAxes(const Value& value) { return Axes(value.axes.begin() + 1, value.axes.end()); }

    void translateOp(int index)
    {
        const Op& op = opAt(index);
        const Kind* kind = layers::kind(op.kind);
        if (!kind || !op.unsupported.empty())
            throw Error("layer-no-twin")
                .expected("a layer that Tieout can run")
                .found(!op.unsupported.empty()
                           ? op.unsupported
                           : fmt::format("{}, which Tieout does not know", printable(op.type.empty() ? op.kind : op.type)));
        const layers::Call call(op, m_values);
        for (std::size_t i = 0; i < op.inputs.size(); ++i)
            if (!call.at(i) || !m_there[op.inputs[i].port])
                throw Error("layer-no-twin").expected("an input of known shape").found("one that Tieout cannot follow");
        if (const auto moved = layers::rearranged(call)) { // nothing but another order: what reads it takes that into account
            const There from = *m_there[op.inputs[0].port];
            There to{from.port, {}, false};
            for (const std::size_t place : from.arrangement)
                to.arrangement.push_back(layers::placeThere(*moved, place));
            m_there[Port(index)] = to;
            return;
        }
        const std::size_t rank = op.inputs.empty() ? 0 : call.input().shape.size();
        Arrangement given = op.inputs.empty() ? Arrangement() : m_there[plainPort(op)]->arrangement;
        if (kind->flattens && !mayMix(Port(index)))
            given = layers::asHere(rank);
        const bool takesMixed =
            std::any_of(op.inputs.begin(), op.inputs.end(), [&](const Input& input) { return m_there[input.port]->isMixed; });
        if (takesMixed && !kind->takesFeatures && !passesFeatures(*kind))
            throw Error("layer-no-twin").expected("features in the order of the source").found("those of an image that lies otherwise");
        if (takesMixed)
            m_mixed.insert(index);
        const layers::Turned turned = kind->turned ? kind->turned(call, m_target, given) : layers::turnedNowhere(call, m_target, given);
        const bool mixes = (kind->flattens && !layers::isAsHere(turned.input)) || (takesMixed && !kind->takesFeatures);
        write(index, call, *kind, turned, mixes);
    }

    /// Whether what it gives has its features in the order in which it takes them.
    static bool passesFeatures(const Kind& kind) { return layers::followsFeatures(kind) || kind.effect == layers::Effect::Joins; }

    std::optional<layers::Gathered> gatheredAt(int index) const
    {
        try {
            return layers::gathered(*m_source, index, m_target);
        } catch (const Error&) { // its parts tell why not
            return {};
        }
    }

    /// A layer of two directions; the states of either are its last step, or its first.
    void writeGathered(int index, const layers::Gathered& layer)
    {
        const int backward = layer.ops[0], forward = layer.ops[1];
        const layers::Call call(opAt(forward), m_values);
        const auto& from = m_there[opAt(forward).inputs[0].port];
        if (!from || !call.isKnown() || from->isMixed)
            throw Error("layer-no-twin").expected("steps of known order").found("others");
        const layers::Turned turned = layers::kind(opAt(forward).kind)->turned(call, m_target, from->arrangement);
        const std::string name = nameOf(opAt(index));
        const int first = m_twin.addLayer(name, layer, m_twin.bring(*from, turned.input, name));
        for (std::size_t i = 0; i < layer.ops.size(); ++i)
            m_made[layer.ops[i]].push_back(first + static_cast<int>(i));
        const Port merged(first + static_cast<int>(layer.ops.size()) - 1);
        take(index, 0, merged, turned.outputs[0], false);
        for (const bool isBack : {false, true}) {
            const int part = isBack ? backward : forward;
            for (int state = 1; state < layers::outputCount(opAt(part)); ++state)
                if (isRead(Port(part, state)))
                    takeState(part, state, merged, isBack);
        }
    }

    bool isRead(Port port) const { return m_consumers.contains(port) || m_outputs.contains(port); }

    void takeState(int part, int state, Port merged, bool isBack)
    {
        if (state > 1)
            throw Error("layer-no-twin").expected("the last output of a layer of two directions").found("the state of its cells");
        const Shape shape = m_twin.values[merged]->shape;
        const std::int64_t units = opAt(part).attributes.integer("units");
        const auto& written = m_made[part];
        const std::string step = isBack ? "backward" : "forward";
        auto chain = layers::cropping(step + "_step", shape, 1, isBack ? 0 : shape[1] - 1, 1, {1, shape[2]});
        for (layers::Step& crop : layers::cropping(step, {shape[0], 1, shape[2]}, 2, isBack ? units : 0, units, {units}))
            chain.push_back(std::move(crop));
        const std::vector<int> before = written;
        const std::vector<Port> outputs = writeSteps(part, layers::chainOf(std::move(chain)), {Input(merged)});
        m_made[part] = before; // the link is that of the layer
        take(part, state, outputs.front(), layers::asHere(2), false);
    }

    Port plainPort(const Op& op) const
    {
        const auto plain = std::find_if(op.inputs.begin(), op.inputs.end(), [](const Input& input) { return input.name.empty(); });
        return plain == op.inputs.end() ? op.inputs.front().port : plain->port;
    }

    /// The turned op, or the ops that the target computes it by.
    void write(int index, const layers::Call& here, const Kind& kind, const layers::Turned& turned, bool mixes)
    {
        Op op = here.op;
        op.attributes = turned.attributes;
        std::vector<const Value*> given;
        for (std::size_t i = 0; i < op.inputs.size(); ++i) {
            const bool isTurned = op.inputs[i].name.empty() && here.at(i)->shape.size() == turned.input.size();
            const Arrangement wanted = isTurned ? turned.input : layers::asHere(here.at(i)->shape.size());
            op.inputs[i].port = m_twin.bring(*m_there[op.inputs[i].port], wanted, nameOf(here.op));
        }
        const layers::Call there(op, m_twin.values);
        const auto steps = layers::spreadOf(kind, there, m_target, isNeverNegative(plainPort(here.op)));
        std::vector<Port> outputs;
        if (steps)
            outputs = writeSteps(index, *steps, op.inputs);
        else
            for (int output = 0, last = writeOp(index, "", op); output < std::max(layers::outputCount(op), 1); ++output)
                outputs.emplace_back(last, output);
        for (std::size_t output = 0; output < turned.outputs.size() && output < outputs.size(); ++output)
            take(index, static_cast<int>(output), outputs[output], turned.outputs[output], mixes);
    }

    /// What the op put out there must have the sizes that the source's has. Element by element it is the same value, so that the labels are
    /// the same too, but for features that lie otherwise.
    void take(int index, int output, Port port, const Arrangement& arrangement, bool mixes)
    {
        const auto &here = m_values[Port(index, output)], &there = m_twin.values[port];
        if (!here || !there || layers::arranged(*here, arrangement).shape != there->shape)
            throw Error("layer-no-twin")
                .expected(here ? fmt::format("an output of {}", text(layers::arranged(*here, arrangement).shape))
                               : "an output of known shape")
                .found(there ? text(there->shape) : "none");
        if (!mixes)
            m_twin.values[port] = layers::arranged(*here, arrangement);
        m_there[Port(index, output)] = There{port, arrangement, mixes};
    }

    std::vector<Port> writeSteps(int index, const layers::Steps& steps, const std::vector<Input>& inputs)
    {
        std::vector<int> written;
        for (const layers::Step& step : steps.steps) {
            Op op;
            op.kind = step.kind;
            op.attributes = step.attributes;
            for (const auto& [name, port] : step.inputs)
                op.inputs.emplace_back(name, port.op < 0 ? heldAt(inputs, static_cast<std::size_t>(port.output)).port
                                                         : Port(written[static_cast<std::size_t>(port.op)], port.output));
            written.push_back(writeOp(index, step.name, std::move(op)));
        }
        std::vector<Port> result;
        for (const Port& output : steps.outputs)
            result.emplace_back(written[static_cast<std::size_t>(output.op)], output.output);
        return result;
    }

    int writeOp(int index, const std::string& step, Op op)
    {
        const Op& here = opAt(index);
        const std::string name = nameOf(here);
        const std::string key = fmt::format("{}\n{}\n{}", here.layer.empty() ? here.name : here.layer, innerName(here), step);
        const int written = m_twin.addOp(key, step.empty() ? name : name + "_" + step, std::move(op));
        m_made[index].push_back(written);
        layers::requireWritten(layers::Call(m_twin.model.ops[static_cast<std::size_t>(written)], m_twin.values), m_target);
        return written;
    }

    /// What tells an op apart from others of its layer, the same for each call.
    static std::string innerName(const Op& op)
    {
        std::string inner = op.layer.empty() || !op.name.starts_with(op.layer) ? std::string() : op.name.substr(op.layer.size());
        if (inner.starts_with(":call")) {
            const auto behind = inner.find(':', 1);
            inner = behind == inner.npos ? std::string() : inner.substr(behind);
        }
        return inner;
    }

    /// The layer's name for the op that bears the layer's parameters, or is all of it; others after it and what they do.
    std::string nameOf(const Op& op) const
    {
        const std::string& layer = op.layer.empty() ? op.name : op.layer;
        const std::string inner = innerName(op);
        std::set<std::string> bearers, all;
        for (const int index : m_source->opsOf(op.layer)) {
            all.insert(innerName(opAt(index)));
            if (!opAt(index).parameters.empty())
                bearers.insert(innerName(opAt(index)));
        }
        const bool isMain = all.size() < 2 || (bearers.size() == 1 && bearers.contains(inner));
        return isMain ? layer : layer + "_" + (inner.empty() || bearers.size() == 1 ? op.kind : inner.substr(1));
    }

    /// Whether nothing below zero can come out of there.
    bool isNeverNegative(Port port) const
    {
        const Op& op = opAt(port.op);
        const Kind* kind = layers::kind(op.kind);
        if (!kind || op.inputs.empty())
            return false;
        if (kind->neverNegative)
            return true;
        const bool passes = kind->transparent || kind->family == "pooling" || kind->effect == layers::Effect::Joins;
        return passes && std::all_of(op.inputs.begin(), op.inputs.end(), [&](const Input& input) { return isNeverNegative(input.port); });
    }

    /// Whether all that reads flattened features takes them in any order: it makes features of its own, or passes them on to what does.
    bool mayMix(Port port) const
    {
        const auto found = m_consumers.find(port);
        if (m_outputs.contains(port) || found == m_consumers.end() || !m_values[port] || m_values[port]->shape.size() != 2)
            return false;
        return std::all_of(found->second.begin(), found->second.end(), [&](int consumer) {
            const Op& op = opAt(consumer);
            const Kind* kind = layers::kind(op.kind);
            if (!kind)
                return false;
            if (kind->takesFeatures)
                return true;
            const bool isAlone = op.inputs.size() == 1 || kind->effect == layers::Effect::Joins;
            return isAlone && passesFeatures(*kind) && mayMix(Port(consumer));
        });
    }

    /// Images as the target has them; what else the network gives as the source does.
    Output outputOf(const Output& output)
    {
        const auto& there = m_there[output.port];
        const auto& value = m_values[output.port];
        if (!there || !value)
            return {};
        try {
            const Arrangement wanted = layers::imagesIn(m_target, *value);
            const Port port = m_twin.bring(*there, wanted, outputName(*m_source, output));
            if (!layers::isAsHere(wanted))
                m_notes.push_back({"output-layout",
                                   {outputName(*m_source, output)},
                                   fmt::format("the output {} is {} where it was {}", printable(outputName(*m_source, output)),
                                               text(sampleAxes(layers::arranged(*value, wanted))), text(sampleAxes(*value)))});
            return {output.name, port};
        } catch (const Error& error) {
            note(opAt(output.port.op), fmt::format("{} ({} was expected)", error.found(), error.expected()));
            return {};
        }
    }

    void refuseIfAny() const
    {
        if (m_problems.empty() && !m_source->outputs.empty())
            return;
        if (m_problems.empty())
            throw Error("translate-output").file(m_source->origin.path).expected("a network with an output").found("none");
        std::string all;
        for (const std::string& problem : m_problems)
            all += (all.empty() ? "" : "; ") + problem;
        throw Error("translate-no-twin")
            .file(m_source->origin.path)
            .expected(fmt::format("layers that {} has too", title(m_target)))
            .found(all)
            .advice(fmt::format("Nothing was written. Change {}, or give a twin that you have made yourself with --like.",
                                m_problems.size() == 1 ? "this layer" : "these layers"));
    }

    Translation finished()
    {
        Translation result;
        result.sourceOnLeft = m_source->framework < m_target; // PyTorch is left
        noteTraining();
        Model labelled = *m_source;
        tellOrders(labelled, m_twin.model);
        result.source = m_source = std::make_shared<const Model>(std::move(labelled));
        const auto twin = std::make_shared<const Model>(std::move(m_twin.model));
        const Model &left = result.sourceOnLeft ? *m_source : *twin, &right = result.sourceOnLeft ? *twin : *m_source;
        for (const auto& [index, made] : m_made) {
            const Op& here = opAt(index);
            mapping::Link link{{}, {}, 1, {{"translated", {}, "made from it"}}, mapping::LinkOrigin::Auto, {}};
            (result.sourceOnLeft ? link.left : link.right) = {here.name};
            auto& names = result.sourceOnLeft ? link.right : link.left;
            for (const int op : made) {
                const Op& there = twin->ops[static_cast<std::size_t>(op)];
                names.push_back(there.name);
                if (there.parameters.empty() && here.parameters.empty())
                    continue;
                for (auto& parameters :
                     mapping::parameterLinks(left, result.sourceOnLeft ? here : there, right, result.sourceOnLeft ? there : here))
                    if (m_linked.insert({parameters.left, parameters.right}).second)
                        link.parameters.push_back(std::move(parameters));
            }
            result.mapping.links.push_back(std::move(link));
        }
        result.twin = twin;
        result.notes = std::move(m_notes);
        return result;
    }

    /// Layers that do not learn stay so; what computes the same only where the network is used, and what not every version has, is told.
    void noteTraining()
    {
        for (const auto& [index, made] : m_made) {
            const Op& here = opAt(index);
            bool isFrozen = false;
            for (const auto& [role, name] : here.parameters)
                if (const Parameter* parameter = m_source->parameter(name); parameter && parameter->trainable)
                    isFrozen = !*parameter->trainable;
            const Kind& kind = *layers::kind(here.kind);
            const bool isMain = std::find(kind.torchClasses.begin(), kind.torchClasses.end(), here.type) == kind.torchClasses.begin();
            if (kind.transparent && !isMain && here.attributes.has("rate") && !here.type.empty())
                m_notes.push_back({"training-differs",
                                   {here.layer, here.type},
                                   fmt::format("{} is a {}: the twin passes its input on as it does, but drops single elements in training",
                                               printable(here.layer), printable(here.type))});
            for (const int op : made) {
                const Op& there = m_twin.model.ops[static_cast<std::size_t>(op)];
                if (const std::string only = layers::onlyIn(there, m_target); !only.empty())
                    m_notes.push_back(
                        {"only-in", {there.layer, only}, fmt::format("only {} has what {} is", only, printable(there.layer))});
                for (Layer& layer : m_twin.model.layers)
                    if (isFrozen && layer.name == there.layer && !there.parameters.empty() && !kind.normalises)
                        layer.attributes.set("trainable", false);
            }
        }
    }

    /// Where Tieout cannot say what features mean, the twin has them in the source's order all the same, for places were followed.
    void tellOrders(Model& source, Model& twin) const
    {
        std::set<std::string> here, there;
        for (const auto& [index, made] : m_made) {
            if (m_mixed.contains(index))
                continue;
            for (const auto& [role, name] : opAt(index).parameters)
                here.insert(name);
            for (const int op : made)
                for (const auto& [role, name] : twin.ops[static_cast<std::size_t>(op)].parameters)
                    there.insert(name);
        }
        for (const auto& [model, names] : {std::pair(&source, &here), std::pair(&twin, &there)})
            for (Parameter& parameter : model->parameters)
                for (Axis& axis : parameter.axes)
                    if (names->contains(parameter.name) && axis.order() == Order::Unknown)
                        axis = Axis{axis.name, {}};
    }

    std::shared_ptr<const Model> m_source;
    Framework m_target;
    TwinModel m_twin;
    Consumers m_consumers;
    std::set<Port> m_outputs;
    layers::Values m_values;                ///< of the source
    ByPort<std::optional<There>> m_there;   ///< by the source's ports
    std::map<int, std::vector<int>> m_made; ///< the twin's ops by the source's
    std::set<std::pair<std::vector<std::string>, std::vector<std::string>>> m_linked;
    std::map<int, layers::Gathered> m_gathered; ///< by the last op of what becomes one layer
    std::set<int> m_parts;                      ///< the other ops of those
    std::set<int> m_mixed;                      ///< ops that take features in the twin's order
    std::set<std::string> m_refused;
    std::vector<std::string> m_problems;
    std::vector<Message> m_notes;
};

}

Translation translate(std::shared_ptr<const Model> source, Framework target)
{
    if (source->framework == target)
        return itself(source);
    if (!source->wired)
        throw Error("translate-wiring")
            .file(source->origin.path)
            .expected("a model with its architecture")
            .found(fmt::format("{}, weights alone", source->origin.content.empty() ? "a file" : source->origin.content))
            .advice(
                "Give a twin whose architecture the new file takes with --like, or save the whole model (torch.jit.trace, torch.export, "
                "model.save).");
    return Translator(std::move(source), target).run();
}

}
