// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/held.h"
#include "core/compare/compare.h"
#include "core/convert/proofsteps.h"
#include "core/mapping/inputs.h"
#include "core/mapping/labelled.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace core::convert {

namespace {

constexpr double leastSpread = 10;      ///< tolerances by which outputs must move with the input to say anything
constexpr std::int64_t batchSize = 200; ///< samples that are run at once: progress and cancelling come between

void gap(Proof& proof, std::string id, std::string text)
{
    proof.gaps.push_back({std::move(id), {}, std::move(text)});
}

/// How far the values of one element lie apart over the samples, at most; relative to the metric's scale.
double spread(const Tensor& output)
{
    const std::int64_t samples = output.shape().empty() ? 1 : output.shape().front();
    const std::span<const float> values = output.floats();
    const std::size_t stride = samples > 0 ? values.size() / static_cast<std::size_t>(samples) : 0;
    double most = 0, scale = 1;
    for (std::size_t i = 0; i < stride; ++i) {
        float low = values[i], high = values[i];
        for (std::size_t at = i; at < values.size(); at += stride) {
            low = std::min(low, values[at]);
            high = std::max(high, values[at]);
        }
        most = std::max(most, static_cast<double>(high) - low);
        scale = std::max({scale, std::abs(static_cast<double>(low)), std::abs(static_cast<double>(high))});
    }
    return most / scale;
}

/// The source's inputs in the written model's names and layout.
engines::Feeds writtenFeeds(const Plan& plan, const ProofPair& pair, const engines::Inputs& inputs)
{
    const Model &left = plan.sourceOnLeft ? *pair.source : *pair.written, &right = plan.sourceOnLeft ? *pair.written : *pair.source;
    const std::vector<engines::ModelInput> wanted = engines::inputsOf(*pair.written);
    engines::Inputs result;
    for (const auto& [leftOp, rightOp] : mapping::pairedInputs(left, right, pair.mapping)) {
        const int ours = plan.sourceOnLeft ? leftOp : rightOp, theirs = plan.sourceOnLeft ? rightOp : leftOp;
        const Tensor& given = held(inputs, pair.source->ops[static_cast<std::size_t>(ours)].name);
        const auto input = std::find_if(wanted.begin(), wanted.end(), [&, op = theirs](const auto& one) { return one.op == op; });
        std::optional<Shape> shape = input->shape;
        if (!shape)
            shape = mapping::inputShapeFor(*pair.written, nullptr);
        if (!shape)
            throw Error("input-shape")
                .file(pair.written->origin.path)
                .expected("inputs of known shape")
                .found("none")
                .at(printable(input->name));
        layers::Value value = layers::inputValue(*pair.written, theirs, *shape);
        value.shape.front() = given.shape().front();
        result.emplace(input->name, given.relabelled(value.shape, value.axes));
    }
    return engines::feedsFor(*pair.written, result);
}

std::int64_t samplesOf(const engines::Inputs& inputs)
{
    const Shape shape = inputs.empty() ? Shape() : inputs.begin()->second.shape();
    return shape.empty() ? 0 : shape.front();
}

/// Samples `first` .. `first + count - 1`.
engines::Inputs slice(const engines::Inputs& inputs, std::int64_t first, std::int64_t count)
{
    engines::Inputs result;
    for (const auto& [name, batch] : inputs) {
        Shape shape = batch.shape();
        const auto stride = static_cast<std::size_t>(batch.count() / shape.front());
        shape.front() = count;
        const auto values = batch.floats().subspan(static_cast<std::size_t>(first) * stride, static_cast<std::size_t>(count) * stride);
        result.emplace(name, Tensor::fromFloats(shape, values, batch.axes()));
    }
    return result;
}

double worse(double a, double b)
{
    return std::isnan(a) || std::isnan(b) ? std::numeric_limits<double>::quiet_NaN() : std::max(a, b);
}

/// What all batches tell of one output.
struct Judged
{
    std::string name;
    double maxAbs = 0, scaledMax = 0, spread = 0;
    bool hasNan = false;
    std::int64_t agreeing = 0, rows = 0;
    std::string problem; ///< why it could not be compared

    void add(const compare::OutputResult& output);
    void tell(Proof& proof, double tolerance) const;
};

void Judged::add(const compare::OutputResult& output)
{
    name = output.right.empty() ? output.left : output.right;
    if (!output.metrics) {
        problem = output.problem.empty() ? "the other side has no counterpart" : output.problem;
        return;
    }
    hasNan = hasNan || (output.metrics->nansLeft > 0 && output.metrics->nansRight > 0);
    maxAbs = worse(maxAbs, output.metrics->maxAbs);
    scaledMax = worse(scaledMax, output.metrics->scaledMax);
    spread = std::max(spread, core::convert::spread(output.rightValue));
    for (std::size_t i = 0; i < output.argmaxLeft.size() && i < output.argmaxRight.size(); ++i, ++rows)
        agreeing += output.argmaxLeft[i] == output.argmaxRight[i] ? 1 : 0;
}

void Judged::tell(Proof& proof, double tolerance) const
{
    const std::string shown = printable(name);
    if (!problem.empty()) {
        gap(proof, "no-output", fmt::format("the output {} could not be compared: {}", shown, problem));
        return;
    }
    if (hasNan)
        gap(proof, "nan", fmt::format("the output {} is NaN in places on both sides, which compares nothing", shown));
    else if (scaledMax <= tolerance && spread <= leastSpread * tolerance)
        gap(proof, "no-spread", fmt::format("the output {} hardly moves with the input: a wrong weight would not show", shown));
    proof.maxAbs = worse(proof.maxAbs, maxAbs);
    proof.scaledMax = worse(proof.scaledMax, scaledMax);
    if (rows > 0)
        proof.argmaxAgreement = std::min(proof.argmaxAgreement, static_cast<double>(agreeing) / static_cast<double>(rows));
    if (!(scaledMax <= tolerance))
        proof.faults.push_back(
            {"outputs-differ", {name}, fmt::format("the output {} differs by {:.2g}, tolerance {:.2g}", shown, scaledMax, tolerance)});
    else if (agreeing < rows)
        proof.faults.push_back({"argmax-differs", {name}, fmt::format("the answers of {} differ on {} samples", shown, rows - agreeing)});
}

void tellPairing(Proof& proof, const Plan& plan, const ProofPair& pair)
{
    if (!pair.sharedWiring)
        return;
    const bool ofSource = !plan.source->wired;
    proof.assumed = mapping::assumption(ofSource ? *pair.source : *pair.written, ofSource == plan.sourceOnLeft);
    const Model& bare = plan.source->wired ? *plan.twin : *plan.source;
    const Model& wired = plan.source->wired ? *plan.source : *plan.twin;
    proof.remarks.push_back(
        {"borrowed-wiring",
         {bare.origin.path, wired.origin.path},
         fmt::format("{} has no architecture: order and the settings that it does not tell are taken from {}, by which both were run",
                     printable(bare.origin.path), printable(wired.origin.path))});
    for (const Message& warning : plan.warnings)
        if (warning.id == "order-assumed") // by this very wiring
            proof.gaps.push_back(warning);
    const std::vector<std::string> doubtful = pairedByOrder(plan);
    constexpr std::size_t shown = 5;
    std::string names;
    for (std::size_t i = 0; i < doubtful.size() && i < shown; ++i)
        names += (i == 0 ? "" : ", ") + printable(doubtful[i]);
    if (doubtful.size() > shown)
        names += fmt::format(" and {} more", doubtful.size() - shown);
    if (!doubtful.empty())
        gap(proof, "paired-by-order",
            fmt::format("{} got weights by their place in the file alone, which proves no pairing: link them by hand", names));
}

/// The plan's mapping with the names that the written file has.
mapping::Mapping writtenMapping(const Plan& plan)
{
    mapping::Mapping result = plan.mapping;
    const auto renamed = formats::kerasRenamed(*plan.twin);
    for (mapping::Link& link : result.links)
        for (std::string& name : plan.sourceOnLeft ? link.right : link.left) {
            const int index = plan.twin->opIndex(name);
            const std::string layer = index < 0 ? name : plan.twin->ops[static_cast<std::size_t>(index)].layer;
            if (const auto found = renamed.find(layer); found != renamed.end() && name.starts_with(layer))
                name = found->second + name.substr(layer.size());
        }
    return result;
}

/// Why the outputs cannot be compared; nothing when they can.
std::optional<Message> obstacle(const ProofPair& pair, const ProofWish& wish)
{
    const std::int64_t samples = samplesOf(wish.inputs);
    const std::string why = wish.why.empty() ? "there are no samples to run" : wish.why;
    if (samples < 2)
        return Message{"no-samples", {}, fmt::format("the outputs were not compared: {}", samples == 1 ? "one sample is no proof" : why)};
    if (pair.source->outputs.empty() || pair.source->outputs.size() != pair.written->outputs.size())
        return Message{"no-output",
                       {},
                       fmt::format("the outputs were not compared: the source tells {}, the written file {}", pair.source->outputs.size(),
                                   pair.written->outputs.size())};
    return {};
}

}

void proveOutputs(Proof& proof, const Plan& plan, const ProofPair& pair, const ProofWish& wish, const Progress& progress)
{
    tellPairing(proof, plan, pair);
    if (const auto why = obstacle(pair, wish)) {
        proof.gaps.push_back(*why);
        return;
    }
    constexpr double loading = 0.2; // the share of the time
    const auto source = engines::makeEngine(pair.source, progress.part(0, loading / 2));
    const auto written = engines::makeEngine(pair.written, progress.part(loading / 2, loading));
    std::vector<Judged> judged;
    std::vector<Note> notes;
    const std::int64_t samples = samplesOf(wish.inputs);
    for (std::int64_t first = 0; first < samples; first += batchSize) {
        const std::int64_t count = std::min(batchSize, samples - first);
        const engines::Inputs inputs = slice(wish.inputs, first, count);
        const auto share = [&](double part) {
            return loading +
                   (1 - loading) * (static_cast<double>(first) + part * static_cast<double>(count)) / static_cast<double>(samples);
        };
        const auto a =
            source->run(engines::feedsFor(*pair.source, inputs), ports(pair.source->outputs), progress.part(share(0), share(0.5)));
        const auto b = written->run(writtenFeeds(plan, pair, inputs), ports(pair.written->outputs), progress.part(share(0.5), share(1)));
        const compare::Side from{pair.source.get(), &a}, to{pair.written.get(), &b};
        notes.clear();
        const auto outputs =
            compare::compareOutputs(plan.sourceOnLeft ? from : to, plan.sourceOnLeft ? to : from, pair.mapping, wish.tolerance, notes);
        judged.resize(outputs.size());
        for (std::size_t i = 0; i < outputs.size(); ++i)
            judged[i].add(outputs[i]);
    }
    proof.samples = static_cast<int>(samples);
    proof.outputsCompared =
        !judged.empty() && std::all_of(judged.begin(), judged.end(), [](const Judged& output) { return output.problem.empty(); });
    for (const Judged& output : judged)
        output.tell(proof, wish.tolerance);
    for (const Note& note : notes)
        proof.remarks.push_back(note.message);
}

ProofPair proofPair(const Plan& plan, Model written)
{
    ProofPair pair;
    pair.mapping = writtenMapping(plan);
    if (!written.wired) {
        const Model bare = std::exchange(written, *plan.twin);
        for (Parameter& parameter : written.parameters)
            if (const Parameter* found = bare.parameter(parameter.name))
                parameter.source = found->source;
    }
    if (plan.isTranslated && written.wired && !written.inputShape) // a chain of modules does not tell it
        written.inputShape = plan.twin->inputShape;
    pair.sharedWiring = !written.wired || !plan.source->wired;
    if (!written.wired)
        written = mapping::borrow(written, *plan.source, plan.mapping, !plan.sourceOnLeft);
    pair.written = std::make_shared<const Model>(std::move(written));
    pair.source = plan.source->wired
                      ? plan.source
                      : std::make_shared<const Model>(mapping::borrow(*plan.source, *plan.twin, plan.mapping, plan.sourceOnLeft));
    return pair;
}

}
