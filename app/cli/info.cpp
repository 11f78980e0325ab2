// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/pair.h"
#include "core/formats/npy.h"
#include "core/report/documents.h"
#include "core/report/text.h"
#include "core/report/values.h"

namespace app {

using core::Error;
using core::Model;

namespace {

struct InfoOptions
{
    bool stats = false;
    std::string tensor;
};

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

int showTensor(const Model& model, const Options& options, const InfoOptions& info)
{
    const core::Tensor tensor = tensorOf(model, info.tensor);
    if (!options.output.empty())
        core::formats::writeNpy(options.output, tensor);
    if (options.json) {
        core::Json json = core::report::infoDocument(model, {{info.tensor, core::statistics(tensor)}});
        core::Json shown{{"name", info.tensor}, {"dtype", core::name(tensor.dtype())}, {"shape", tensor.shape()}};
        shown["values"] = options.output.empty() ? core::report::valuesJson(tensor) : core::Json(nullptr);
        shown["written"] = options.output.empty() ? core::Json(nullptr) : core::Json(options.output);
        json["tensor"] = std::move(shown);
        options.console.result(core::dumpJson(json) + "\n");
    } else if (options.output.empty()) {
        options.console.result(core::report::valuesText(tensor));
    }
    return 0;
}

int info(const Options& options, const InfoOptions& info)
{
    if (!options.output.empty() && info.tensor.empty())
        throw CLI::RequiredError("-o needs --tensor NAME");
    const Model file = openFile(options.first, options.console, options.checksum);
    if (!info.tensor.empty())
        return showTensor(file, options, info);
    const auto model = core::session::prepared(file);
    const auto statistics = info.stats ? statisticsOf(*model, options.console) : core::report::ParameterStatistics();
    if (options.json)
        options.console.result(core::dumpJson(core::report::infoDocument(*model, statistics)) + "\n");
    else
        options.console.result(core::report::infoText(*model, statistics));
    return 0;
}

}

void addInfo(CLI::App& program, Options& options, Run& chosen)
{
    CLI::App* command = program.add_subcommand("info", "what is in a file");
    const auto own = std::make_shared<InfoOptions>();
    command->add_option("FILE", options.first, "a PyTorch or Keras file")->required();
    command->add_flag("--stats", own->stats, "read the values: range, mean, deviation, zeros, NaNs");
    command->add_option("--tensor", own->tensor, "one tensor's values")->type_name("NAME");
    command->add_option("-o,--output", options.output, "write that tensor as .npy")->type_name("FILE");
    command->add_flag("--checksum", options.checksum, "compute the file's SHA-256");
    addConsoleOptions(*command, options);
    command->callback([&options, &chosen, own] { chosen = [&options, own] { return info(options, *own); }; });
}

}
