// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torch/torchtensor.h"

#include "core/formats/torch/numpyarray.h"
#include "core/formats/torch/torchparts.h"
#include "core/formats/torch/torchstorage.h"

#include <fmt/format.h>

namespace core::formats {

using Type = PickleNode::Type;

namespace {

/// Tensors without a storage: dtype and shape are told.
void readMeta(const PickleNode& dtype, const PickleNode& shape, TorchTensor& tensor)
{
    tensor.shape = torchIntegers(shape, "the shape");
    elementCount(tensor.shape);
    if (const auto known = dtype.is(Type::Global) ? dtypeFromName(dtype.name()) : std::nullopt)
        tensor.dtype = *known;
}

bool isAny(std::string_view name, std::initializer_list<std::string_view> names)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool isTensorFunction(const PickleNode& callable)
{
    if (!callable.is(Type::Global))
        return false;
    const std::string_view module = callable.module(), name = callable.name();
    return (module == "torch._utils" && name.starts_with("_rebuild_")) ||
           ((module == "torch._tensor" || module == "torch.tensor") && name == "_rebuild_from_type_v2") ||
           (module == "torch.nn.parameter" && isAny(name, {"Parameter", "Buffer", "UninitializedParameter", "UninitializedBuffer"})) ||
           (module == "torch.autograd.variable" && name == "Variable") || (module == "torch.storage" && name == "_load_from_bytes") ||
           (module.starts_with("torch.nested.") && name.starts_with("_rebuild_"));
}

/// A wrapper's first argument, that is the tensor inside; whether it trains is told by an argument, or by the state before 0.4.
const PickleNode& readParameter(std::string_view function, TorchArguments arguments, const PickleNode* state, TorchTensor& tensor)
{
    const PickleNode& data = torchArgument(arguments, 0, function);
    const PickleNode* flag = arguments.size() > 1 ? arguments[1] : nullptr;
    if (!flag && state && state->is(Type::Tuple) && !state->items.empty())
        flag = state->items[0];
    const bool isFrozen = flag && flag->is(Type::Bool) && flag->integer == 0;
    tensor.trainable = !isAny(function, {"Buffer", "Variable"}) && !isFrozen;
    return data;
}

/// A tensor of a class derived from Tensor: what its function rebuilds; its state may hold the tensors that it wraps.
void readWrapped(TorchArguments arguments, std::string_view function, TorchTensor& tensor)
{
    const PickleNode& inner = *arguments[0];
    const PickleNode& type = torchArgument(arguments, 1, function);
    if (arguments.size() > 3)
        addStateParts(*arguments[3], type.is(Type::Global) ? type.name() : "tensor", tensor);
    if (tensor.parts.empty())
        throw TorchProblem{fmt::format("a tensor of the class {}, made by {}: listed, not read", describe(type, 60), describe(inner, 60))};
}

void decode(const PickleNode& node, TorchTensor& tensor);

void decodeCall(const PickleNode& callable, TorchArguments arguments, const PickleNode* state, TorchTensor& tensor, int depth)
{
    if (depth > 8)
        throw TorchProblem{"a tensor wrapped too often"};
    if (!isTensorFunction(callable))
        throw TorchProblem{"no tensor: " + describe(callable, 60)};
    const std::string_view function = callable.name();
    if (function.starts_with("Uninitialized"))
        throw TorchProblem{"not initialised: it gets its shape when the model is first used"};
    if (function == "_rebuild_from_type_v2") {
        const PickleNode& inner = torchArgument(arguments, 2, function);
        if (!isTensorFunction(*arguments[0]) || arguments[0]->name() == "_rebuild_wrapper_subclass")
            return readWrapped(arguments, function, tensor);
        return decodeCall(*arguments[0], inner.is(Type::Tuple) ? TorchArguments(inner.items) : TorchArguments(), nullptr, tensor,
                          depth + 1);
    }
    if (function.starts_with("_rebuild_parameter") || isAny(function, {"Parameter", "Buffer", "Variable"})) {
        const PickleNode& data = readParameter(function, arguments, state, tensor);
        if (data.is(Type::Object) && !isNumpyArray(data))
            return decodeCall(*data.callable, data.arguments->items, data.state, tensor, depth + 1);
        if (!isTorchTensor(data))
            throw TorchProblem{"no tensor: " + describe(data, 60)};
        return decode(data, tensor);
    }
    if (isAny(function, {"_rebuild_tensor", "_rebuild_tensor_v2", "_rebuild_tensor_v3", "_rebuild_qtensor"}))
        return readTorchStrided(function, arguments, tensor);
    if (isAny(function, {"_rebuild_device_tensor_from_numpy", "_rebuild_xla_tensor", "_rebuild_mlc_tensor"}) && !arguments.empty() &&
        isNumpyArray(*arguments[0]))
        return readNumpyArray(*arguments[0], tensor);
    if (function == "_rebuild_device_tensor_from_cpu_tensor" && !arguments.empty() && arguments[0]->is(Type::Object))
        return decodeCall(*arguments[0]->callable, arguments[0]->arguments->items, nullptr, tensor, depth + 1);
    if (function == "_rebuild_meta_tensor_no_storage") {
        readMeta(torchArgument(arguments, 0, function), torchArgument(arguments, 1, function), tensor);
        throw TorchProblem{"a meta tensor: it has no values"};
    }
    if (function == "_rebuild_wrapper_subclass" && arguments.size() > 2)
        readMeta(*arguments[1], *arguments[2], tensor);
    if (!readTorchParts(function, arguments, tensor))
        throw TorchProblem{fmt::format("a tensor of another kind ({}): listed, not read", printable(function, 60))};
}

/// A storage by itself: its elements in one row.
void readBareStorage(const PickleNode& node, TorchTensor& tensor)
{
    readTorchStorage(node, tensor);
    tensor.shape = {tensor.storageBytes / static_cast<std::int64_t>(itemSize(tensor.dtype))};
    tensor.strides = {1};
    tensor.detail = "a storage";
}

void decode(const PickleNode& node, TorchTensor& tensor)
{
    if (node.is(Type::Persistent) || (node.is(Type::Object) && node.callable->isGlobal("torch.storage", "_load_from_bytes")))
        readBareStorage(node, tensor);
    else if (isNumpyArray(node))
        readNumpyArray(node, tensor);
    else if (node.is(Type::Object))
        decodeCall(*node.callable, node.arguments->items, node.state, tensor, 0);
    else
        throw TorchProblem{"no tensor: " + describe(node, 60)};
}

}

bool isTorchTensor(const PickleNode& node)
{
    if (node.is(Type::Persistent))
        return !torchGlobal(node);
    return node.is(Type::Object) && (isTensorFunction(*node.callable) || isNumpyArray(node));
}

TorchTensor torchTensor(const PickleNode& node)
{
    TorchTensor tensor;
    try {
        decode(node, tensor);
    } catch (const TorchProblem& problem) {
        tensor.problem = problem.text;
        tensor.parts.clear();
    } catch (const Error&) {
        tensor.problem = "a shape that overflows: " + text(tensor.shape);
        tensor.shape = {0};
        tensor.parts.clear();
    }
    return tensor;
}

std::string torchTensorText(const PickleNode& node)
{
    const TorchTensor tensor = torchTensor(node);
    if (tensor.parts.empty() || tensor.hasOwnValues())
        return fmt::format("{} {}", name(tensor.dtype), text(tensor.shape));
    const std::string& detail = tensor.parts.front().detail;
    return detail.substr(detail.find(" of ") == detail.npos ? 0 : detail.find(" of ") + 4);
}

const PickleNode* torchGlobal(const PickleNode& node)
{
    if (node.is(Type::Global))
        return &node;
    const PickleNode* id = node.is(Type::Persistent) ? node.items[0] : nullptr;
    if (!id || !id->is(Type::Tuple) || id->items.size() < 2)
        return nullptr;
    const std::size_t at = id->items[0]->is(Type::String) && id->items[0]->text == "module" ? 1 : 0;
    return id->items[at]->is(Type::Global) ? id->items[at] : nullptr;
}

}
