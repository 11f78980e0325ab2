// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/convert/dump.h"

#include "core/base/names.h"
#include "core/files/atomicfile.h"
#include "core/files/sha256.h"
#include "core/formats/format.h"
#include "core/formats/numpy/npyheader.h"
#include "core/formats/plain/safetensorsheader.h"
#include "core/formats/plain/safetensorswriter.h"
#include "core/formats/zip/zipwriter.h"
#include "core/tensor/stream.h"

#include <fmt/format.h>
#include <unordered_map>

namespace core::convert {

namespace {

using Parameters = std::vector<const Parameter*>;

bool isSafetensors(std::string_view kind)
{
    return kind == "safetensors";
}

/// The parameters that have values; what has none is told.
Parameters readable(const Model& model, std::vector<Message>& warnings)
{
    Parameters result;
    for (const Parameter& parameter : model.parameters) {
        if (parameter.problem.empty() && itemSize(parameter.source.dtype) > 0)
            result.push_back(&parameter);
        else
            warnings.push_back({"left-out",
                                {parameter.name, parameter.problem},
                                fmt::format("{} is left out: {}", printable(parameter.name), parameter.problem)});
    }
    return result;
}

void refuseTypes(const Model& model, const Parameters& parameters)
{
    constexpr std::size_t shown = 5;
    std::string names;
    std::size_t count = 0;
    for (const Parameter* parameter : parameters)
        if (formats::safetensorsName(parameter->source.dtype).empty() && ++count <= shown)
            names += fmt::format("{}{} ({})", names.empty() ? "" : ", ", printable(parameter->name), name(parameter->source.dtype));
    if (count > 0)
        throw Error("dump-dtype")
            .file(model.origin.path)
            .expected("types that safetensors has")
            .found(names + (count > shown ? fmt::format(" and {} more", count - shown) : ""))
            .advice("Write an .npz instead.");
}

/// What a source in safetensors says of itself goes along.
std::map<std::string, std::string> metadataOf(const Origin& origin)
{
    return isSafetensors(origin.format) ? formats::safetensorsMetadata(origin.path) : std::map<std::string, std::string>();
}

/// Writes, and returns the checksum of each parameter's bytes as they were written.
std::vector<std::string> writeAll(AtomicFile& file, const Parameters& parameters, const Origin& origin, std::string_view kind,
                                  const Progress& progress)
{
    std::vector<std::string> checksums;
    if (isSafetensors(kind)) {
        std::vector<Sha256> digests(parameters.size());
        formats::writeSafetensors(
            file, parameters, metadataOf(origin), [&](std::size_t index, std::span<const std::byte> bytes) { digests[index].add(bytes); },
            progress);
        for (Sha256& digest : digests)
            checksums.push_back(digest.text());
        return checksums;
    }
    formats::ZipWriter archive(file);
    for (const Parameter* parameter : parameters) {
        const Tensor tensor = formats::forNumpy(read(parameter->source));
        const std::string preamble = formats::npyPreamble(tensor);
        archive.add(entryName(rawName(parameter->name)) + ".npy", std::as_bytes(std::span(preamble)), tensor.bytes());
        checksums.push_back(sha256(tensor.bytes()));
        progress.report(static_cast<double>(checksums.size()) / static_cast<double>(parameters.size()));
    }
    archive.finish();
    return checksums;
}

void proveAll(const AtomicFile& file, const Dump& dump, const std::vector<std::string>& checksums, const Progress& progress)
{
    const Model written = formats::openModel(file.written(), progress.part(0, 0.2));
    std::unordered_map<std::string_view, const Parameter*> index;
    for (const Parameter& parameter : written.parameters)
        index.emplace(parameter.name, &parameter);
    for (std::size_t i = 0; i < dump.tensors.size(); ++i) {
        const DumpedTensor& tensor = dump.tensors[i];
        const auto found = index.find(tensor.name);
        const bool same = found != index.end() && found->second->source.dtype == tensor.to && found->second->source.shape == tensor.shape &&
                          sha256(found->second->source) == checksums[i];
        if (!same)
            throw Error("dump-proof")
                .file(file.path())
                .expected("to read back what was written")
                .found(found == index.end() ? "it missing" : "other values")
                .at(printable(tensor.name))
                .advice("The file was not put in place.");
        progress.report(0.2 + 0.8 * static_cast<double>(i + 1) / static_cast<double>(dump.tensors.size()));
    }
}

}

Dump dump(const Model& model, const std::string& path, std::string_view kind, const Progress& progress)
{
    refuseSource(path, model);
    Dump result;
    result.kind = kind;
    const Parameters parameters = readable(model, result.warnings);
    if (isSafetensors(kind))
        refuseTypes(model, parameters);
    for (const Parameter* parameter : parameters) {
        const TensorSource& source = parameter->source;
        result.tensors.push_back(
            {parameter->name, source.shape, source.dtype, isSafetensors(kind) ? source.dtype : formats::numpyType(source.dtype)});
        const DumpedTensor& tensor = result.tensors.back();
        if (tensor.from != tensor.to)
            result.warnings.push_back({"widened",
                                       {tensor.name, std::string(name(tensor.from)), std::string(name(tensor.to))},
                                       fmt::format("{} is {} and written as {}, which holds the same values", printable(tensor.name),
                                                   name(tensor.from), name(tensor.to))});
    }
    AtomicFile file(path);
    constexpr double writing = 0.6; // the share of the time
    const auto checksums = writeAll(file, parameters, model.origin, kind, progress.part(0, writing));
    proveAll(file, result, checksums, progress.part(writing, 1));
    file.commit();
    return result;
}

}
