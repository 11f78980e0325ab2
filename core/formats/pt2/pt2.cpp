// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/pt2/pt2.h"

#include "core/formats/pt2/pt2graph.h"
#include "core/formats/torch/torchformats.h"
#include "core/formats/torch/torchrecords.h"
#include "core/model/constants.h"

#include <algorithm>
#include <fmt/format.h>
#include <unordered_map>
#include <unordered_set>

namespace core::formats {

namespace {

constexpr std::uint64_t jsonLimit = std::uint64_t{1} << 28;
constexpr std::uint64_t nestedLimit = std::uint64_t{1} << 32;
constexpr std::size_t parameterLimit = 1'000'000;
constexpr std::string_view newer = "archive_format", older = "serialized_exported_program.json";

/// ScalarType of torch/_export/serde/schema.py.
DType typeOf(const Json& number)
{
    static const std::map<std::int64_t, DType> types{{1, DType::UInt8},           {2, DType::Int8},
                                                     {3, DType::Int16},           {4, DType::Int32},
                                                     {5, DType::Int64},           {6, DType::Float16},
                                                     {7, DType::Float32},         {8, DType::Float64},
                                                     {9, DType::Complex32},       {10, DType::Complex64},
                                                     {11, DType::Complex128},     {12, DType::Bool},
                                                     {13, DType::BFloat16},       {28, DType::UInt16},
                                                     {29, DType::Float8E4M3},     {30, DType::Float8E5M2},
                                                     {31, DType::Float8E4M3Fnuz}, {32, DType::Float8E5M2Fnuz},
                                                     {33, DType::Float8E8M0},     {34, DType::UInt32},
                                                     {35, DType::UInt64}};
    const auto found = number.is_number_integer() ? types.find(number.get<std::int64_t>()) : types.end();
    return found == types.end() ? DType::Opaque : found->second;
}

class Pt2Reader
{
public:
    Pt2Reader(std::shared_ptr<const File> file, std::string_view landmark, const Progress& progress)
        : m_progress(progress), m_isOld(landmark == older), m_records(std::move(file), landmark, progress)
    {
        m_model.framework = Framework::Torch;
        m_model.origin.path = m_records.file()->path();
        m_model.origin.format = pt2.id;
        m_model.origin.content = "exported-program";
        m_model.origin.fileSize = m_records.file()->size();
    }

    Model read()
    {
        const Json program = json(m_isOld ? std::string(older) : programRecord());
        if (const Json& version = pt2Member(program, "torch_version"); version.is_string())
            m_model.origin.producer = printable("PyTorch " + version.get<std::string>() + " (torch.export)");
        m_progress.report(0.5);
        const Json& module = pt2Member(program, "graph_module");
        if (m_isOld) {
            readOlder(module);
        } else {
            readTensors("data/weights/", "_weights_config.json");
            readTensors("data/constants/", "_constants_config.json");
        }
        noteSharing();
        readGraph(module);
        markConstants(module);
        m_progress.report(1);
        return std::move(m_model);
    }

private:
    void note(std::string id, Note::Severity severity, std::string text)
    {
        m_model.notes.push_back(torchNote(std::move(id), severity, std::move(text)));
    }

    Json json(const std::string& record)
    {
        const auto bytes = m_records.bytes(record, jsonLimit, m_model.notes);
        const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        return parseJson(text, m_records.file()->path() + ", " + printable(record));
    }

    /// The first record of a folder whose name ends so; empty when there is none.
    std::string recordIn(std::string_view folder, std::string_view ending) const
    {
        for (const ZipEntry& entry : m_records.directory().entries())
            if (entry.name.starts_with(m_records.root() + std::string(folder)) && entry.name.ends_with(ending))
                return entry.name.substr(m_records.root().size());
        return {};
    }

    std::string programRecord()
    {
        std::string record = recordIn("models/", ".json");
        if (record.empty())
            throw Error("pt2-records").file(m_records.file()->path()).expected("a program under models/").found("none");
        return record;
    }

    /// name -> {path_name, is_param, use_pickle, tensor_meta}: each storage is a record of its own, shared ones are one.
    void readTensors(std::string_view folder, std::string_view ending)
    {
        const std::string record = recordIn(folder, ending);
        if (record.empty())
            return;
        const Json config = json(record);
        const auto storages = m_records.storages(folder);
        for (const auto& [name, entry] : pt2Member(config, "config").items()) {
            const Json& path = pt2Member(entry, "path_name");
            const auto storage = path.is_string() ? storages.find(path.get<std::string>()) : storages.end();
            const Json& isPickled = pt2Member(entry, "use_pickle");
            const bool isNested = isPickled.is_boolean() && isPickled.get<bool>() && path.is_string();
            std::string problem;
            if (isNested)
                problem = "its values are not in the file";
            else if (storage == storages.end())
                problem = "its record is not in the file";
            const Json& isParameter = pt2Member(entry, "is_param");
            add(name, pt2Member(entry, "tensor_meta"), storage == storages.end() ? nullptr : &storage->second, std::move(problem),
                isParameter.is_boolean() && isParameter.get<bool>());
            if (isNested) {
                const Model archive = nested(std::string(folder) + path.get<std::string>());
                if (archive.parameters.size() == 1)
                    adopt(archive.parameters.front());
            } else if (storage != storages.end())
                m_uses[std::string(folder) + storage->first].push_back(m_model.parameters.size() - 1);
        }
    }

    /// Up to 2.7 the weights are archives of torch.save inside this one; the graph tells which names the program uses.
    void readOlder(const Json& module)
    {
        std::vector<Model> archives;
        for (const char* record :
             {"serialized_state_dict.pt", "serialized_constants.pt", "serialized_state_dict.json", "serialized_constants.json"})
            if (m_records.has(record))
                archives.push_back(nested(record));
        const Json& tensors = pt2Member(pt2Member(module, "graph"), "tensor_values");
        for (const Json& spec : pt2Member(pt2Member(module, "signature"), "input_specs"))
            for (const auto& [kind, key] :
                 {std::pair("parameter", "parameter_name"), {"buffer", "buffer_name"}, {"tensor_constant", "tensor_constant_name"}}) {
                const Json& held = pt2Member(spec, kind);
                const Json &name = pt2Member(held, key), &argument = pt2Member(pt2Member(held, "arg"), "name");
                if (!name.is_string() || !argument.is_string())
                    continue;
                add(name.get<std::string>(), pt2Member(tensors, argument.get<std::string>().c_str()), nullptr,
                    "its values are not in the file", std::string_view(kind) == "parameter");
                for (const Model& archive : archives)
                    if (const Parameter* parameter = archive.parameter(m_model.parameters.back().name))
                        adopt(*parameter);
            }
    }

    /// Values that the export wrote down are no parameters of the network.
    void markConstants(const Json& module)
    {
        std::unordered_set<std::string> names;
        for (const Json& spec : pt2Member(pt2Member(module, "signature"), "input_specs"))
            if (const Json& name = pt2Member(pt2Member(spec, "tensor_constant"), "tensor_constant_name"); name.is_string())
                names.insert(printable(name.get<std::string>()));
        for (Parameter& parameter : m_model.parameters)
            if (names.contains(parameter.name))
                parameter.role = constantRole;
    }

    /// An archive of torch.save in a record, which is read whole. One that cannot be read becomes a note.
    Model nested(const std::string& record)
    {
        try {
            const auto bytes = m_records.bytes(record, nestedLimit, m_model.notes);
            if (bytes.empty()) // constants that there are none of
                return {};
            Model model = torchZip.read(File::inMemory(m_records.file()->path() + ", " + printable(record), bytes), m_progress);
            model.indexNames();
            return model;
        } catch (const Error& error) {
            note("pt2-nested", Note::Severity::Warning, fmt::format("{} cannot be read: {}", printable(record), error.what()));
            return {};
        }
    }

    /// The parameter that was added last gets the values of one of a nested archive.
    void adopt(const Parameter& held)
    {
        m_model.parameters.back().source = held.source;
        m_model.parameters.back().problem = held.problem;
        m_model.parameters.back().detail = held.detail;
    }

    void add(const std::string& name, const Json& meta, const TorchStorage* storage, std::string problem, bool isParameter)
    {
        if (m_model.parameters.size() >= parameterLimit)
            throw Error("pt2-records").file(m_records.file()->path()).expected("at most a million tensors").found("more");
        TorchTensor tensor;
        tensor.dtype = typeOf(pt2Member(meta, "dtype"));
        tensor.shape = pt2Sizes(pt2Member(meta, "sizes"));
        tensor.strides = pt2Sizes(pt2Member(meta, "strides"));
        const Json& offset = pt2Member(pt2Member(meta, "storage_offset"), "as_int");
        tensor.offset = offset.is_number_integer() ? offset.get<std::int64_t>() : 0;
        tensor.problem = std::move(problem);
        tensor.storageBytes = storage ? static_cast<std::int64_t>(storage->size) : 0;
        const auto isNegative = [](std::int64_t number) { return number < 0; };
        const bool isOdd = std::any_of(tensor.shape.begin(), tensor.shape.end(), isNegative) ||
                           std::any_of(tensor.strides.begin(), tensor.strides.end(), isNegative) || tensor.offset < 0;
        if (tensor.problem.empty() && (isOdd || tensor.dtype == DType::Opaque))
            tensor.problem = isOdd ? "its sizes or strides are no numbers of zero and above" : "its type of elements is not known";
        if (isOdd)
            tensor.shape = {0};
        if (tensor.problem.empty() && storage)
            tensor.problem = storage->problem;
        if (tensor.problem.empty())
            checkTorchTensor(tensor);
        const Json& learns = pt2Member(meta, "requires_grad");
        append(name, std::move(tensor), storage, isParameter && (!learns.is_boolean() || learns.get<bool>()));
    }

    void append(const std::string& name, TorchTensor tensor, const TorchStorage* storage, bool trainable)
    {
        Parameter parameter;
        parameter.name = printable(name);
        const std::size_t dot = parameter.name.rfind('.');
        parameter.layer = dot == std::string::npos ? "" : parameter.name.substr(0, dot);
        parameter.role = dot == std::string::npos ? parameter.name : parameter.name.substr(dot + 1);
        parameter.trainable = trainable;
        parameter.problem = std::move(tensor.problem);
        parameter.source = {tensor.dtype, tensor.shape, SharedBytes()};
        if (parameter.problem.empty() && storage && storage->load)
            parameter.problem = "its record is compressed";
        else if (parameter.problem.empty() && storage)
            parameter.source.data =
                FileRegion{m_records.file(), storage->offset + static_cast<std::uint64_t>(tensor.offset) * itemSize(tensor.dtype),
                           tensor.strides, false};
        m_model.parameters.push_back(std::move(parameter));
    }

    void noteSharing()
    {
        for (const auto& [record, users] : m_uses)
            for (const std::size_t user : users)
                for (const std::size_t other : users)
                    if (user != other && m_model.parameters[user].sharedWith.size() < 32)
                        m_model.parameters[user].sharedWith.push_back(m_model.parameters[other].name);
    }

    void readGraph(const Json& module)
    {
        std::string problem;
        try {
            return Pt2Graph(m_model).read(module);
        } catch (const Error& error) {
            problem = error.what();
        } catch (const Json::exception&) {
            problem = "its JSON is not as torch.export writes it";
        }
        m_model.ops.clear();
        m_model.outputs.clear();
        m_model.layers.clear();
        m_model.inputShape.reset();
        m_model.wired = false;
        note("pt2-graph", Note::Severity::Warning,
             fmt::format("The graph cannot be told: {}. Layers are listed by their weights.", problem));
        AtenGraph(m_model).finish(AtenValue(), {});
        m_model.wired = false;
    }

    const Progress& m_progress;
    bool m_isOld;
    TorchRecords m_records;
    Model m_model;
    std::map<std::string, std::vector<std::size_t>> m_uses; ///< parameters by the record of their storage
};

bool isNewer(std::span<const std::byte> head, const File& file)
{
    return hasTorchRecord(head, file, "/archive_format");
}

}

const Format pt2{"pt2", Framework::Torch, "*.pt2",
                 [](std::span<const std::byte> head, const File& file) { return isNewer(head, file) || hasTorchRecord(head, file, older); },
                 [](std::shared_ptr<const File> file, const Progress& progress) {
                     const auto head = file->read(0, std::min<std::uint64_t>(file->size(), 4096));
                     const bool isNew = isNewer(head, *file);
                     return Pt2Reader(std::move(file), isNew ? newer : older, progress).read();
                 }};

}
