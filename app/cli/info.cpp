// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/pair.h"
#include "core/formats/numpy/npy.h"
#include "core/report/documents.h"
#include "core/report/text.h"
#include "core/report/values.h"
#include "core/tensor/stream.h"

namespace app {

using core::Error;
using core::Model;

namespace {

core::report::ParameterStatistics statisticsOf(const Model& model, const Console& console)
{
    core::report::ParameterStatistics result;
    const core::Progress progress = console.progress("statistics");
    double done = 0;
    for (const core::Parameter& parameter : model.parameters) {
        const core::DType dtype = parameter.source.dtype;
        if (parameter.problem.empty() && (core::isFloating(dtype) || dtype < core::DType::Float16))
            result.emplace(parameter.name, core::statistics(core::read(parameter.source)));
        progress.report(++done / static_cast<double>(model.parameters.size()));
    }
    return result;
}

/// A parameter that cannot be read says why and has none.
core::report::ParameterChecksums checksumsOf(Model& model, const Console& console)
{
    core::report::ParameterChecksums result;
    const core::Progress progress = console.progress("checksums");
    double done = 0;
    for (core::Parameter& parameter : model.parameters) {
        try {
            if (parameter.problem.empty() && core::itemSize(parameter.source.dtype) > 0)
                result.emplace(parameter.name, core::sha256(parameter.source));
        } catch (const Error& error) {
            parameter.problem = error.what();
        }
        progress.report(++done / static_cast<double>(model.parameters.size()));
    }
    return result;
}

core::Tensor tensorOf(const Model& model, const std::string& name)
{
    const core::Parameter* parameter = model.parameter(name);
    if (!parameter)
        throw Error("tensor-missing")
            .file(model.origin.path)
            .expected("a tensor called " + core::printable(name))
            .found("none")
            .advice("`tieout info` lists the names.");
    if (!parameter->problem.empty())
        throw Error("tensor-unreadable").file(model.origin.path).expected("values of " + core::printable(name)).found(parameter->problem);
    return core::read(parameter->source);
}

int showTensor(const Model& model, const Options& options)
{
    const core::Tensor tensor = tensorOf(model, options.tensor);
    if (!options.output.empty())
        core::formats::writeNpy(options.output, tensor);
    if (options.json) {
        core::Json json = core::report::infoDocument(model, {{options.tensor, core::statistics(tensor)}});
        core::Json shown{{"name", options.tensor}, {"dtype", core::name(tensor.dtype())}, {"shape", tensor.shape()}};
        shown["values"] = options.output.empty() ? core::report::valuesJson(tensor) : core::Json(nullptr);
        shown["written"] = options.output.empty() ? core::Json(nullptr) : core::Json(options.output);
        json["tensor"] = std::move(shown);
        options.console.result(core::dumpJson(json) + "\n");
    } else if (options.output.empty()) {
        options.console.result(core::report::valuesText(tensor));
    }
    return 0;
}

}

int infoCommand(const Options& options)
{
    if (!options.output.empty() && options.tensor.empty())
        throw UsageError("-o needs --tensor NAME");
    const Model file = openFile(options.first, options.console, options.checksum);
    if (!options.tensor.empty())
        return showTensor(file, options);
    Model model = *core::session::prepared(file);
    const auto statistics = options.stats ? statisticsOf(model, options.console) : core::report::ParameterStatistics();
    const auto checksums = options.json && options.checksum ? checksumsOf(model, options.console) : core::report::ParameterChecksums();
    if (options.json)
        options.console.result(core::dumpJson(core::report::infoDocument(model, statistics, checksums)) + "\n");
    else
        options.console.result(core::report::infoText(model, statistics));
    return 0;
}

}
