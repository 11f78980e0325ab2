// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/convert/proofsteps.h"
#include "core/formats/format.h"
#include "core/rules/rules.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::convert {

namespace {

/// What reading back told.
struct Reread
{
    Model model;
    bool bitwise = true;
    std::optional<bool> inverse;
    std::map<std::string, bool> tensors;
};

/// The written values under the twin's labels, so that rules can be applied backwards.
Parameter labelledAs(const Parameter& written, const Parameter& target)
{
    Parameter result = written;
    result.axes = target.axes;
    return result;
}

/// Whether the inverse of a rule gives the source's bits back; nothing where the rule has none or rounded.
std::optional<bool> inverseHolds(const Plan& plan, const Change& change, const Model& written)
{
    const auto sources = mapping::parametersNamed(*plan.source, change.from), twins = mapping::parametersNamed(*plan.twin, change.to);
    if (sources.empty() || sources.size() != change.from.size() || !rules::isBijective(change.rule))
        return {};
    std::vector<Parameter> labelled;
    for (const Parameter* twin : twins) {
        const Parameter* found = written.parameter(twin->name);
        const bool isHeld = found && found->problem.empty() && std::all_of(sources.begin(), sources.end(), [&](const Parameter* source) {
                                return rules::holdsExactly(source->source.dtype, found->source.dtype);
                            });
        if (!isHeld)
            return {};
        labelled.push_back(labelledAs(*found, *twin));
    }
    std::vector<Tensor> values;
    std::vector<const Parameter*> from;
    for (const Parameter& parameter : labelled) {
        values.push_back(read(parameter.source));
        from.push_back(&parameter);
    }
    const std::vector<Tensor> back = rules::applyRule(rules::inverseRule(change.rule), values, from, sources);
    return std::equal(back.begin(), back.end(), sources.begin(), sources.end(),
                      [](const Tensor& tensor, const Parameter* source) { return sameBits(tensor, read(source->source)); });
}

/// The change that gives each parameter of the twin its values.
std::map<std::string_view, const Change*> changesByTarget(const Plan& plan)
{
    std::map<std::string_view, const Change*> result;
    for (const Change& change : plan.changes)
        for (const std::string& to : change.to)
            result.emplace(to, &change);
    return result;
}

/// "kernel" of "dense/kernel:0".
std::string_view lastPart(std::string_view name)
{
    name = name.substr(name.rfind('/') + 1);
    return name.substr(0, name.find(':'));
}

/// Whether every part of a path but its last is a part of the other: "both/forward/kernel" of "both/forward/cell/kernel:0".
bool isWithin(const std::string& path, const std::string& other)
{
    const std::string parts = "/" + other;
    for (std::size_t from = 0, end = path.find('/'); end != path.npos; from = end + 1, end = path.find('/', from))
        if (parts.find("/" + path.substr(from, end - from) + "/") == parts.npos)
            return false;
    return true;
}

/// The parameter of a layer that a form calls otherwise than the twin does: by its role or the end of its name, and where a layer has two
/// of those by the parts that it is in.
const Parameter* sameParameter(const std::vector<const Parameter*>& ofLayer, const Parameter& target)
{
    std::vector<const Parameter*> found;
    for (const Parameter* one : ofLayer)
        if (one->role == target.role || lastPart(one->name) == lastPart(target.name))
            found.push_back(one);
    if (found.size() > 1)
        std::erase_if(found, [&](const Parameter* one) { return !isWithin(one->name, target.name); });
    return found.size() == 1 ? found.front() : nullptr;
}

/// Gives what was written the names that the twin has.
void adoptNames(Model& written, const Plan& plan)
{
    const std::map<std::string, std::string> renamed = formats::kerasRenamed(*plan.twin);
    std::map<std::string, std::vector<const Parameter*>> byLayer;
    for (const Parameter& parameter : written.parameters)
        byLayer[parameter.layer].push_back(&parameter);
    std::map<std::string, std::string> names;
    for (const Parameter& target : plan.twin->parameters) {
        if (written.parameter(target.name))
            continue;
        const auto layer = renamed.find(target.layer);
        if (const Parameter* found = sameParameter(byLayer[layer == renamed.end() ? target.layer : layer->second], target))
            names.emplace(found->name, target.name);
    }
    const auto rename = [&](std::string& name) {
        if (const auto found = names.find(name); found != names.end())
            name = found->second;
    };
    for (Parameter& parameter : written.parameters)
        rename(parameter.name);
    for (Op& op : written.ops)
        for (auto& [role, name] : op.parameters)
            rename(name);
    for (Layer& layer : written.layers)
        std::for_each(layer.parameters.begin(), layer.parameters.end(), rename);
    if (!names.empty())
        written.indexNames();
}

Reread reread(const Plan& plan, const AtomicFile& file, const formats::NamedTensors& expected, const Progress& progress)
{
    Reread told;
    told.model = formats::openModel(file.written(), progress.part(0, 0.2));
    adoptNames(told.model, plan);
    const auto changes = changesByTarget(plan);
    double done = 0;
    for (const auto& [target, tensor] : expected) {
        progress.report(0.2 + 0.8 * done++ / static_cast<double>(expected.size()));
        const Parameter* found = told.model.parameter(target);
        const bool same = found && found->problem.empty() && sameBits(read(found->source), tensor);
        told.tensors[target] = same;
        told.bitwise = told.bitwise && same;
        const auto change = changes.find(target);
        if (!same || change == changes.end())
            continue;
        if (const auto inverse = inverseHolds(plan, *change->second, told.model))
            told.inverse = told.inverse.value_or(true) && *inverse;
    }
    return told;
}

/// What the tensors say against the written file.
void judgeTensors(Proof& proof)
{
    constexpr std::size_t shown = 3;
    std::string names;
    std::size_t count = 0;
    for (const auto& [target, same] : proof.tensors)
        if (!same && count++ < shown)
            names += (names.empty() ? "" : ", ") + printable(target);
    if (count > 0)
        proof.faults.push_back({"tensor-differs",
                                {},
                                fmt::format("{} of {} tensors do not read back as they were written: {}{}", count, proof.tensors.size(),
                                            names, count > shown ? ", ..." : "")});
    if (proof.inverse == std::optional(false))
        proof.faults.push_back({"inverse-differs", {}, "the inverse rule does not give the source's values back"});
}

}

bool isLostWorker(const Error& error)
{
    return error.id() == "worker-died" || error.id() == "worker-killed" || error.id() == "worker-hung";
}

std::string_view name(Result result)
{
    switch (result) {
    case Result::Written:
        return "written";
    case Result::Proved:
        return "proved";
    case Result::NotProved:
        return "not-proved";
    case Result::Failed:
        break;
    }
    return "failed";
}

std::string_view title(Result result)
{
    switch (result) {
    case Result::Written:
        return "WRITTEN";
    case Result::Proved:
        return "PROVED";
    case Result::NotProved:
        return "WRITTEN, UNPROVED";
    case Result::Failed:
        break;
    }
    return "THE PROOF FAILED: NOTHING WAS PUT IN PLACE";
}

Result Proof::result() const
{
    if (!faults.empty())
        return Result::Failed;
    return gaps.empty() && reopened && bitwise && outputsCompared ? Result::Proved : Result::NotProved;
}

Proof prove(const Plan& plan, const AtomicFile& file, const formats::NamedTensors& expected, const ProofWish& wish,
            const Progress& progress)
{
    constexpr double reading = 0.3; // the share of the time
    Proof proof;
    Reread told;
    try {
        told = withSecondTry([&] { return reread(plan, file, expected, progress.part(0, reading)); });
    } catch (const Error& error) {
        const Message why{"not-reopened", {}, fmt::format("what was written could not be opened again: {}", error.what())};
        (isLostWorker(error) ? proof.gaps : proof.faults).push_back(why);
        return proof;
    }
    proof.reopened = true;
    proof.bitwise = told.bitwise;
    proof.inverse = told.inverse;
    proof.tensors = std::move(told.tensors);
    judgeTensors(proof);
    if (!proof.faults.empty())
        return proof;
    const Proof tensors = proof;
    try {
        withSecondTry([&] {
            proof = tensors;
            proveOutputs(proof, plan, proofPair(plan, told.model), wish, progress.part(reading, 1));
        });
    } catch (const Error& error) {
        proof = tensors;
        proof.gaps.push_back({"not-run", {}, fmt::format("the outputs could not be compared: {}", error.what())});
    }
    return proof;
}

}
