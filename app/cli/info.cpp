// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/pair.h"
#include "core/formats/numpy/npy.h"
#include "core/report/documents.h"
#include "core/report/text.h"
#include "core/report/values.h"
#include "core/tensor/stream.h"

#include <functional>

namespace app {

using core::Error;
using core::Model;

namespace {

using Visit = std::function<void(const core::Parameter&, const core::Progress&)>;

/// Every parameter whose values can be read, with progress by bytes. One that fails on the way says why from then on.
void eachReadable(Model& model, const core::Progress& progress, const Visit& visit)
{
    double all = 1, done = 0;
    for (const core::Parameter& parameter : model.parameters)
        all += static_cast<double>(core::byteCount(parameter));
    for (core::Parameter& parameter : model.parameters) {
        const auto bytes = static_cast<double>(core::byteCount(parameter));
        try {
            if (parameter.problem.empty() && core::itemSize(parameter.source.dtype) > 0)
                visit(parameter, core::Progress([&](double part) { progress.report((done + part * bytes) / all); }));
        } catch (const Error& error) {
            parameter.problem = error.what();
        }
        done += bytes;
    }
    progress.report(1);
}

core::report::ParameterStatistics statisticsOf(Model& model, const Console& console)
{
    core::report::ParameterStatistics result;
    eachReadable(model, console.progress("statistics"), [&](const core::Parameter& parameter, const core::Progress& progress) {
        if (core::hasStatistics(parameter.source.dtype))
            result.emplace(parameter.name, core::statistics(parameter.source, progress));
    });
    return result;
}

core::report::ParameterChecksums checksumsOf(Model& model, const Console& console)
{
    core::report::ParameterChecksums result;
    eachReadable(model, console.progress("checksums"), [&](const core::Parameter& parameter, const core::Progress& progress) {
        result.emplace(parameter.name, core::sha256(parameter.source, progress));
    });
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
        core::report::ParameterStatistics statistics;
        if (core::hasStatistics(tensor.dtype()))
            statistics.emplace(options.tensor, core::statistics(tensor));
        core::Json json = core::report::infoDocument(model, statistics);
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
    const Model file = core::asStored(openFirst(options));
    if (!options.tensor.empty())
        return showTensor(file, options);
    Model model = *core::session::prepared(file);
    model.inputShape = file.inputShape; // shapes that follow from a guessed input are no facts of the file
    model.notes = file.notes;
    const auto statistics = options.stats ? statisticsOf(model, options.console) : core::report::ParameterStatistics();
    const auto checksums = options.json && options.checksum ? checksumsOf(model, options.console) : core::report::ParameterChecksums();
    if (options.json)
        options.console.result(core::dumpJson(core::report::infoDocument(model, statistics, checksums)) + "\n");
    else
        options.console.result(core::report::infoText(model, statistics));
    return 0;
}

}
