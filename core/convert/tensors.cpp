// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/held.h"
#include "core/convert/convert.h"
#include "core/convert/dump.h"
#include "core/rules/rules.h"

#include <filesystem>
#include <fmt/format.h>

namespace core::convert {

namespace {

Tensor valueOf(const Parameter& parameter, const Model& model)
{
    if (!parameter.problem.empty())
        throw Error("convert-unreadable")
            .file(model.origin.path)
            .expected(fmt::format("the values of {}", printable(parameter.name)))
            .found(parameter.problem);
    return read(parameter.source);
}

}

void refuseSource(const std::string& path, const Model& model)
{
    std::error_code ignored;
    if (!model.origin.path.empty() && (path == model.origin.path || std::filesystem::equivalent(path, model.origin.path, ignored)))
        throw Error("convert-same-file")
            .file(path)
            .expected("another file than those that are open")
            .found("the file that the values are read from");
}

formats::NamedTensors convertedTensors(const Plan& plan, const Progress& progress)
{
    formats::NamedTensors result;
    std::map<std::string, const Change*> changes;
    for (const Change& change : plan.changes)
        for (const std::string& to : change.to)
            changes.emplace(to, &change);
    std::map<std::string, Tensor> given; ///< by changes that give several
    for (const Parameter& target : plan.twin->parameters) {
        progress.report(static_cast<double>(result.size()) / static_cast<double>(plan.twin->parameters.size()));
        const Change& change = *held(changes, target.name);
        if (change.rule == rules::keptRule) {
            result.emplace_back(target.name, valueOf(target, *plan.twin));
            continue;
        }
        if (const auto found = given.find(target.name); found != given.end()) {
            result.emplace_back(target.name, found->second);
            continue;
        }
        const auto sources = mapping::parametersNamed(*plan.source, change.from);
        std::vector<Tensor> values;
        for (const Parameter* source : sources)
            values.push_back(valueOf(*source, *plan.source));
        const auto targets = mapping::parametersNamed(*plan.twin, change.to);
        const std::vector<Tensor> tensors = rules::applyRule(change.rule, values, sources, targets);
        for (std::size_t i = 0; i < targets.size(); ++i) {
            if (targets[i] == &target)
                result.emplace_back(target.name, heldAt(tensors, i));
            else
                given.emplace(targets[i]->name, heldAt(tensors, i));
        }
    }
    return result;
}

}
