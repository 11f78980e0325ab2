// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torch/torchtensor.h"

#include "core/base/error.h"

#include <array>
#include <fmt/format.h>

namespace core::formats {

using Type = PickleNode::Type;
using Nodes = std::span<const PickleNode* const>;

namespace {

/// The one way in which decoding ends early; caught in torchTensor().
struct Problem
{
    std::string text;
};

struct StorageClass
{
    std::string_view name;
    DType type;
};

/// torch.<name>, also torch.cuda.<name>.
constexpr std::array<StorageClass, 17> storageClasses{{{"FloatStorage", DType::Float32},
                                                       {"DoubleStorage", DType::Float64},
                                                       {"HalfStorage", DType::Float16},
                                                       {"BFloat16Storage", DType::BFloat16},
                                                       {"LongStorage", DType::Int64},
                                                       {"IntStorage", DType::Int32},
                                                       {"ShortStorage", DType::Int16},
                                                       {"CharStorage", DType::Int8},
                                                       {"ByteStorage", DType::UInt8},
                                                       {"BoolStorage", DType::Bool},
                                                       {"ComplexFloatStorage", DType::Complex64},
                                                       {"ComplexDoubleStorage", DType::Complex128},
                                                       {"QInt8Storage", DType::QInt8},
                                                       {"QUInt8Storage", DType::QUInt8},
                                                       {"QInt32Storage", DType::QInt32},
                                                       {"UntypedStorage", DType::UInt8},
                                                       {"_UntypedStorage", DType::UInt8}}};

DType storageType(std::string_view name)
{
    for (const StorageClass& known : storageClasses)
        if (known.name == name)
            return known.type;
    throw Problem{fmt::format("a storage of unknown type {}", printable(name, 60))};
}

std::int64_t integer(const PickleNode& node, std::string_view what)
{
    if (!node.is(Type::Int))
        throw Problem{fmt::format("{} is no integer: {}", what, describe(node, 40))};
    return node.integer;
}

Shape integers(const PickleNode& node, std::string_view what)
{
    // torch.Size((2, 3)) is kept as a call.
    const PickleNode* list = &node;
    if (list->is(Type::Object) && list->callable->isGlobal("torch", "Size") && list->arguments->items.size() == 1)
        list = list->arguments->items[0];
    if (!list->is(Type::Tuple) && !list->is(Type::List))
        throw Problem{fmt::format("{} is no tuple: {}", what, describe(node, 40))};
    if (list->items.size() > 64)
        throw Problem{fmt::format("{} of rank {}, at most 64 can be", what, list->items.size())};
    Shape result;
    for (const PickleNode* item : list->items) {
        result.push_back(integer(*item, what));
        if (result.back() < 0)
            throw Problem{fmt::format("{} has a negative number: {}", what, describe(node, 60))};
    }
    return result;
}

const PickleNode& argument(Nodes arguments, std::size_t index, std::string_view function)
{
    if (index >= arguments.size())
        throw Problem{fmt::format("{} has {} arguments only", function, arguments.size())};
    return *arguments[index];
}

/// ('storage', class, key, location, numel[, view]) behind a persistent id; numel counts elements of the class' type.
void readStorage(const PickleNode& node, TorchTensor& tensor)
{
    const PickleNode* id = node.is(Type::Persistent) ? node.items[0] : nullptr;
    if (!id || !id->is(Type::Tuple) || id->items.size() < 5 || id->items.size() > 6 || !id->items[0]->is(Type::String) ||
        id->items[0]->text != "storage")
        throw Problem{"no storage: " + describe(node, 60)};
    if (!id->items[1]->is(Type::Global) || !id->items[2]->is(Type::String) || id->items[2]->text.empty())
        throw Problem{"a storage without type or key: " + describe(*id, 60)};
    tensor.dtype = storageType(id->items[1]->name());
    tensor.storage = id->items[2]->text;
    tensor.location = id->items[3]->is(Type::String) ? id->items[3]->text : "";
    const std::int64_t count = integer(*id->items[4], "the storage's size");
    if (count < 0 || __builtin_mul_overflow(count, static_cast<std::int64_t>(itemSize(tensor.dtype)), &tensor.storageBytes))
        throw Problem{fmt::format("a storage of {} elements", count)};
    if (id->items.size() == 6 && !id->items[5]->is(Type::None))
        throw Problem{"a view of a storage (PyTorch 0.3 and before): " + describe(*id->items[5], 60)};
}

/// Every element that shape and strides reach lies in the storage; all in 64 bits with overflow checked.
void checkView(const TorchTensor& tensor)
{
    if (tensor.strides.size() != tensor.shape.size())
        throw Problem{fmt::format("{} sizes with {} strides", tensor.shape.size(), tensor.strides.size())};
    const auto item = static_cast<std::int64_t>(itemSize(tensor.dtype));
    bool isEmpty = false;
    std::int64_t last = tensor.offset, bytes = 0;
    for (std::size_t d = 0; d < tensor.shape.size(); ++d) {
        isEmpty = isEmpty || tensor.shape[d] == 0;
        std::int64_t step = 0;
        if (tensor.shape[d] > 0 &&
            (__builtin_mul_overflow(tensor.shape[d] - 1, tensor.strides[d], &step) || __builtin_add_overflow(last, step, &last)))
            throw Problem{"a view that overflows: " + text(tensor.shape)};
    }
    if (isEmpty)
        return;
    if (__builtin_add_overflow(last, 1, &last) || __builtin_mul_overflow(last, item, &bytes) || bytes > tensor.storageBytes)
        throw Problem{fmt::format("{} from element {} reaches byte {} of a storage of {} bytes", text(tensor.shape), tensor.offset,
                                  bytes ? fmt::to_string(bytes) : "beyond 2^63", tensor.storageBytes)};
}

void readStrided(std::string_view function, Nodes arguments, TorchTensor& tensor)
{
    const std::size_t least = function == "_rebuild_tensor" ? 4 : function == "_rebuild_tensor_v2" ? 6 : 7;
    argument(arguments, least - 1, function);
    tensor.shape = integers(*arguments[2], "the shape");
    readStorage(*arguments[0], tensor);
    tensor.offset = integer(*arguments[1], "the offset");
    tensor.strides = integers(*arguments[3], "the strides");
    if (tensor.offset < 0)
        throw Problem{fmt::format("a negative offset: {}", tensor.offset)};
    if (function == "_rebuild_tensor_v3") {
        const PickleNode& type = *arguments[6];
        const auto known = type.is(Type::Global) ? dtypeFromName(type.name()) : std::nullopt;
        if (!known || *known == DType::Opaque) {
            tensor.dtype = DType::Opaque;
            throw Problem{"elements of type " + describe(type, 60) + ", which cannot be read"};
        }
        tensor.dtype = *known;
    }
    elementCount(tensor.shape);
    checkView(tensor);
    const std::size_t metadata = function == "_rebuild_tensor_v2" ? 6 : 7;
    if (function != "_rebuild_qtensor" && arguments.size() > metadata &&
        (arguments[metadata]->value("conj") || arguments[metadata]->value("neg")))
        throw Problem{"a conjugated or negated view: " + describe(*arguments[metadata], 60)};
    if (tensor.location == "meta")
        throw Problem{"a meta tensor: it has no values"};
}

/// Sparse, nested and other tensors are listed with their shape where it is told.
[[noreturn]] void readOpaque(std::string_view function, Nodes arguments, TorchTensor& tensor)
{
    if (function.starts_with("_rebuild_sparse") && arguments.size() > 1 && arguments[1]->is(Type::Tuple)) {
        for (const PickleNode* part : arguments[1]->items)
            if (part->is(Type::Tuple) || (part->is(Type::Object) && part->callable->isGlobal("torch", "Size")))
                tensor.shape = integers(*part, "the shape");
        elementCount(tensor.shape);
        throw Problem{"a sparse tensor: listed, not read"};
    }
    if (function == "_rebuild_meta_tensor_no_storage" && arguments.size() > 1) {
        tensor.shape = integers(*arguments[1], "the shape");
        elementCount(tensor.shape);
        throw Problem{"a meta tensor: it has no values"};
    }
    throw Problem{fmt::format("a tensor of another kind ({}): listed, not read", printable(function, 60))};
}

bool isTensorFunction(const PickleNode& callable)
{
    if (!callable.is(Type::Global))
        return false;
    const std::string_view module = callable.module(), name = callable.name();
    return (module == "torch._utils" && name.starts_with("_rebuild_")) ||
           ((module == "torch._tensor" || module == "torch.tensor") && name == "_rebuild_from_type_v2") ||
           (module == "torch.nn.parameter" && (name == "Parameter" || name == "Buffer")) ||
           (module.starts_with("torch.nested.") && name.starts_with("_rebuild_"));
}

/// Follows wrappers (Parameter, tensor subclass) to the tensor inside. Wrappers around wrappers end at a cap.
void decode(const PickleNode* callable, Nodes arguments, TorchTensor& tensor)
{
    for (int depth = 0; depth < 8; ++depth) {
        if (!isTensorFunction(*callable))
            throw Problem{"no tensor: " + describe(*callable, 60)};
        const std::string_view function = callable->name();
        if (function == "_rebuild_from_type_v2") {
            const PickleNode& inner = argument(arguments, 2, function);
            callable = arguments[0];
            arguments = inner.is(Type::Tuple) ? Nodes(inner.items) : Nodes();
        } else if (function.starts_with("_rebuild_parameter") || function == "Parameter" || function == "Buffer") {
            const PickleNode& data = argument(arguments, 0, function);
            const bool isFrozen = arguments.size() > 1 && arguments[1]->is(Type::Bool) && arguments[1]->integer == 0;
            tensor.trainable = function != "Buffer" && !isFrozen;
            if (!data.is(Type::Object))
                throw Problem{"no tensor: " + describe(data, 60)};
            callable = data.callable;
            arguments = data.arguments->items;
        } else if (function == "_rebuild_tensor" || function == "_rebuild_tensor_v2" || function == "_rebuild_tensor_v3" ||
                   function == "_rebuild_qtensor") {
            return readStrided(function, arguments, tensor);
        } else {
            readOpaque(function, arguments, tensor);
        }
    }
    throw Problem{"a tensor wrapped too often"};
}

}

bool isTorchTensor(const PickleNode& node)
{
    return node.is(Type::Object) && isTensorFunction(*node.callable);
}

TorchTensor torchTensor(const PickleNode& node)
{
    TorchTensor tensor;
    try {
        if (!node.is(Type::Object))
            throw Problem{"no tensor: " + describe(node, 60)};
        decode(node.callable, node.arguments->items, tensor);
    } catch (const Problem& problem) {
        tensor.problem = problem.text;
    } catch (const Error&) {
        tensor.problem = "a shape that overflows: " + text(tensor.shape);
        tensor.shape = {0};
    }
    return tensor;
}

const PickleNode* torchGlobal(const PickleNode& node)
{
    if (node.is(Type::Global))
        return &node;
    const PickleNode* id = node.is(Type::Persistent) ? node.items[0] : nullptr;
    const bool isModule =
        id && id->is(Type::Tuple) && id->items.size() >= 2 && id->items[0]->is(Type::String) && id->items[0]->text == "module";
    return isModule && id->items[1]->is(Type::Global) ? id->items[1] : nullptr;
}

}
