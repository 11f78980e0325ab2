// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torch/torchmodulenode.h"

#include "core/formats/torch/torchlayer.h"
#include "core/formats/torch/torchmodule.h"

#include <algorithm>
#include <array>

namespace core::formats {

using Type = PickleNode::Type;

const PickleNode* torchModuleState(const PickleNode& module)
{
    const bool isGraph = module.is(Type::Object) && module.callable->is(Type::Global) && module.callable->name() == "reduce_graph_module";
    const PickleNode* state = isGraph && !module.arguments->items.empty() ? module.arguments->items[0] : module.state;
    return state && state->is(Type::Dict) ? state : nullptr;
}

const PickleNode* torchModuleTable(const PickleNode& module, std::string_view name)
{
    const PickleNode* state = torchModuleState(module);
    const PickleNode* found = state ? state->value(name) : nullptr;
    return found && found->is(Type::Dict) ? found : nullptr;
}

bool isPackedTorchModule(const PickleNode& node)
{
    return node.is(Type::Object) && node.state && !isTorchModule(node) && !isTorchTensor(node);
}

std::vector<std::pair<std::string, const PickleNode*>> torchModuleChildren(const PickleNode& module)
{
    std::vector<std::pair<std::string, const PickleNode*>> result;
    const PickleNode* modules = torchModuleTable(module, "_modules");
    for (std::size_t i = 0; modules && i < modules->pairs(); ++i) {
        const PickleNode& key = *modules->items[2 * i];
        const PickleNode& value = *modules->items[2 * i + 1];
        if (isTorchModule(value) || isPackedTorchModule(value))
            result.emplace_back(printable(key.is(Type::String) ? key.text : describe(key)), &value);
    }
    return result;
}

const PickleNode* wrappedTorchModule(const PickleNode& module)
{
    constexpr std::array<std::string_view, 5> wrappers = {"DataParallel", "DistributedDataParallel", "AveragedModel", "OptimizedModule",
                                                          "FullyShardedDataParallel"};
    const TorchClass type = torchClass(module);
    const bool isWrapper = type.package.starts_with("torch.") && std::find(wrappers.begin(), wrappers.end(), type.name) != wrappers.end();
    const auto inner = torchModuleChildren(module);
    return isWrapper && inner.size() == 1 ? inner[0].second : nullptr;
}

bool isTorchModule(const PickleNode& node)
{
    return node.is(Type::Object) &&
           (torchModuleTable(node, "_modules") || torchModuleTable(node, "_parameters") || torchModuleTable(node, "_buffers"));
}

}
