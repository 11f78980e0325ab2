// SPDX-License-Identifier: GPL-3.0-or-later
// A module as torch.save(model) writes it, of classes that PyTorch itself has, so that no code is needed to load it.
#include "core/base/error.h"
#include "core/base/names.h"
#include "core/formats/torch/write/network.h"
#include "core/formats/torch/write/pickler.h"

#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>

namespace core::formats {

namespace {

using Type = PythonValue::Type;

/// What every nn.Module keeps, as PyTorch 1.6 wrote it; later versions add what is theirs when they load it. In evaluation mode: what it
/// computes as it is loaded is what the file that it was made of computes.
PythonValue emptyModule(const std::string& type)
{
    PythonValue module = PythonValue::of(Type::Object);
    module.text = type;
    module.set("training", false);
    for (const char* members : {"_parameters", "_buffers"})
        module.set(members, PythonValue::of(Type::OrderedDict));
    module.set("_non_persistent_buffers_set", PythonValue::of(Type::Set));
    constexpr std::array hooks{"_backward_hooks", "_forward_hooks", "_forward_pre_hooks", "_state_dict_hooks",
                               "_load_state_dict_pre_hooks"};
    for (const char* name : hooks)
        module.set(name, PythonValue::of(Type::OrderedDict));
    module.set("_modules", PythonValue::of(Type::OrderedDict));
    return module;
}

PythonValue& memberOf(PythonValue& module, std::string_view name)
{
    std::size_t place = 0;
    while (module.keys[place] != name)
        ++place;
    return module.items[place];
}

class ModuleWriter
{
public:
    ModuleWriter(const TorchNetwork& network, const NamedTensors& tensors) : m_network(network), m_tensors(tensors)
    {
        for (std::size_t i = 0; i < tensors.size(); ++i)
            m_places.emplace(tensors[i].first, i);
    }

    PythonValue written()
    {
        PythonValue root = sequence();
        for (const NetworkModule& module : m_network.modules)
            insert(root, module);
        return root;
    }

    /// What was given, and counters that a class keeps and no file told.
    const NamedTensors& tensors() const { return m_tensors; }

private:
    static PythonValue sequence() { return emptyModule("torch.nn.modules.container Sequential"); }

    /// Into the tree of Sequentials that the names tell, which computes in the order in which its modules stand.
    void insert(PythonValue& root, const NetworkModule& module)
    {
        PythonValue* parent = &root;
        const std::vector<std::string> parts = partsOf(module.path);
        for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
            PythonValue& children = memberOf(*parent, "_modules");
            if (children.keys.empty() || children.keys.back() != rawName(parts[i]))
                add(children, parts[i], sequence(), module.path);
            parent = &children.items.back();
            if (parent->text != sequence().text)
                refuseOrder(module.path);
        }
        add(memberOf(*parent, "_modules"), parts.back(), made(module), module.path);
    }

    static void add(PythonValue& children, const std::string& name, PythonValue child, const std::string& path)
    {
        for (const std::string& key : children.keys)
            if (key == rawName(name))
                refuseOrder(path);
        children.set(rawName(name), std::move(child));
    }

    [[noreturn]] static void refuseOrder(const std::string& path)
    {
        throw Error("torch-write-module")
            .expected("layers whose names stand in the order in which they compute")
            .found(printable(path) + " in the midst of others")
            .advice("Write a state dict: --as state-dict");
    }

    PythonValue made(const NetworkModule& module)
    {
        const ModuleClass& type = *module.call.type;
        PythonValue result = emptyModule(fmt::format("{} {}", type.package, type.name));
        for (const std::string_view name : type.parameters)
            memberOf(result, "_parameters").set(std::string(name), tensorOf(module.path, name, true));
        for (const std::string_view name : type.buffers)
            memberOf(result, "_buffers").set(std::string(name), tensorOf(module.path, name, false));
        for (auto& [name, value] : keptBy(module.call))
            result.set(name, std::move(value));
        return result;
    }

    /// None where the module has no such one.
    PythonValue tensorOf(const std::string& path, std::string_view name, bool trained)
    {
        const std::string full = fmt::format("{}.{}", path, name);
        if (const auto found = m_places.find(full); found != m_places.end())
            return PythonValue::tensor(found->second, trained);
        if (name != "num_batches_tracked")
            return {};
        m_tensors.emplace_back(full, Tensor(DType::Int64, {}, std::make_shared<std::vector<std::byte>>(itemSize(DType::Int64))));
        return PythonValue::tensor(m_tensors.size() - 1, false);
    }

    const TorchNetwork& m_network;
    NamedTensors m_tensors;
    std::map<std::string, std::size_t> m_places;
};

}

void writeTorchModule(AtomicFile& file, const Model& model, const NamedTensors& tensors)
{
    const TorchNetwork network = torchNetwork(model);
    if (const auto problems = notInChain(network); !problems.empty())
        throw Error("torch-write-module")
            .file(file.path())
            .expected("a chain of layers, each of a class of torch.nn")
            .found(fmt::format("{}", fmt::join(problems, "; ")))
            .advice("Write a state dict: --as state-dict");
    ModuleWriter writer(network, tensors);
    const PythonValue root = writer.written();
    writeTorchArchive(file, root, writer.tensors());
}

}
