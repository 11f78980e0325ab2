// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compare/compare.h"
#include "core/convert/convert.h"
#include "core/formats/format.h"
#include "core/mapping/labelled.h"
#include "core/rules/rules.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace core::convert {

namespace {

void remark(Proof& proof, std::string id, std::string text)
{
    proof.remarks.push_back({std::move(id), {}, std::move(text)});
}

/// The written values under the twin's labels, so that rules can be applied backwards.
Parameter labelledAs(const Parameter& written, const Parameter& target)
{
    Parameter result = written;
    result.axes = target.axes;
    return result;
}

/// Whether the inverse of a rule gives the source's bits back; nothing where the rule has none or rounded.
std::optional<bool> inverseHolds(const Plan& plan, const Change& change, const Parameter& written)
{
    const Parameter* source = change.from.size() == 1 ? plan.source->parameter(change.from.front()) : nullptr;
    if (!source || !rules::isBijective(change.rule) || !rules::holdsExactly(source->source.dtype, written.source.dtype))
        return {};
    const Tensor back = rules::applyRule(rules::ruleId(written, *source), {read(written.source)}, {&written}, {source}).front();
    return sameBits(back, read(source->source));
}

void proveTensors(Proof& proof, const Plan& plan, const Model& written, const Progress& progress)
{
    const formats::NamedTensors expected = convertedTensors(plan, progress);
    proof.bitwise = true;
    for (const auto& [target, tensor] : expected) {
        const Parameter* found = written.parameter(target);
        const bool same = found && found->problem.empty() && sameBits(read(found->source), tensor);
        proof.tensors[target] = same;
        proof.bitwise = proof.bitwise && same;
        const auto change = std::find_if(plan.changes.begin(), plan.changes.end(), [&, name = target](const Change& candidate) {
            return std::find(candidate.to.begin(), candidate.to.end(), name) != candidate.to.end();
        });
        if (!same || change == plan.changes.end())
            continue;
        if (const auto inverse = inverseHolds(plan, *change, labelledAs(*found, *plan.twin->parameter(target))))
            proof.inverse = proof.inverse.value_or(true) && *inverse;
    }
}

/// The written file as a model that can run: a state dict takes the wiring of its twin, whose names it has, else that of the source.
std::shared_ptr<const Model> runnable(const Plan& plan, Model written)
{
    if (written.wired)
        return std::make_shared<const Model>(std::move(written));
    Model result = *plan.twin;
    for (Parameter& parameter : result.parameters)
        if (const Parameter* found = written.parameter(parameter.name))
            parameter.source = found->source;
    if (!result.wired)
        result = mapping::borrow(result, *plan.source, plan.mapping, !plan.sourceOnLeft);
    return std::make_shared<const Model>(std::move(result));
}

/// The source as a model that can run: a state dict takes the wiring of its twin.
std::shared_ptr<const Model> runnableSource(const Plan& plan)
{
    if (plan.source->wired)
        return plan.source;
    return std::make_shared<const Model>(mapping::borrow(*plan.source, *plan.twin, plan.mapping, plan.sourceOnLeft));
}

/// `input` in the layout of the model's first input.
Tensor inputFor(const Model& model, const Tensor& input)
{
    const std::optional<Shape> shape = mapping::inputShapeFor(model, nullptr);
    if (!shape)
        throw Error("input-shape").file(model.origin.path).expected("a model that tells its input's shape").found("none");
    layers::Value value = layers::inputValue(model.framework, *shape);
    value.shape.front() = input.shape().empty() ? 1 : input.shape().front();
    return input.relabelled(value.shape, value.axes);
}

engines::Trace run(engines::Engine& engine, const Tensor& input, const Progress& progress)
{
    engines::Feeds feeds;
    feeds.emplace(engine.model().inputOps().front(), inputFor(engine.model(), input));
    return engine.run(feeds, engine.model().outputs, progress);
}

void proveOutputs(Proof& proof, const Plan& plan, const std::shared_ptr<const Model>& source, const std::shared_ptr<const Model>& target,
                  const std::vector<Tensor>& inputs, const Progress& progress)
{
    const auto sourceEngine = engines::makeEngine(source, progress), targetEngine = engines::makeEngine(target, progress);
    int agreeing = 0, rows = 0;
    const auto worse = [](double x, double y) { return std::isnan(x) || std::isnan(y) ? std::nan("") : std::max(x, y); };
    for (const Tensor& input : inputs) {
        const engines::Trace a = run(*sourceEngine, input, progress), b = run(*targetEngine, input, progress);
        std::vector<Note> notes;
        const compare::Side from{source.get(), &a}, to{target.get(), &b};
        const auto outputs = compare::compareOutputs(plan.sourceOnLeft ? from : to, plan.sourceOnLeft ? to : from, plan.mapping, 0, notes);
        for (const compare::OutputResult& output : outputs) {
            if (!output.metrics) {
                remark(proof, "no-output", output.problem.empty() ? "an output has no counterpart" : output.problem);
                return;
            }
            proof.maxAbs = worse(proof.maxAbs, output.metrics->maxAbs);
            proof.scaledMax = worse(proof.scaledMax, output.metrics->scaledMax);
            for (std::size_t i = 0; i < output.argmaxLeft.size() && i < output.argmaxRight.size(); ++i, ++rows)
                agreeing += output.argmaxLeft[i] == output.argmaxRight[i] ? 1 : 0;
        }
        if (outputs.empty()) {
            remark(proof, "no-output", "the outputs could not be compared");
            return;
        }
        if (proof.samples == 0 && !notes.empty())
            proof.remarks.push_back(notes.front().message);
        ++proof.samples;
    }
    proof.argmaxAgreement = rows > 0 ? static_cast<double>(agreeing) / rows : 1;
    proof.outputsCompared = true;
}

}

bool Proof::holds(double tolerance) const
{
    return reopened && bitwise && inverse.value_or(true) && (!outputsCompared || (scaledMax <= tolerance && argmaxAgreement == 1));
}

Proof prove(const Plan& plan, const std::string& path, const std::vector<Tensor>& inputs, const Progress& progress)
{
    Proof proof;
    Model written;
    try {
        written = formats::openModel(path, progress);
        proof.reopened = true;
    } catch (const Error& error) {
        remark(proof, "not-reopened", error.what());
        return proof;
    }
    proveTensors(proof, plan, written, progress);
    if (inputs.empty())
        return proof;
    try {
        proveOutputs(proof, plan, runnableSource(plan), runnable(plan, std::move(written)), inputs, progress);
    } catch (const Error& error) {
        remark(proof, "not-run", error.what());
    }
    return proof;
}

}
