// SPDX-License-Identifier: GPL-3.0-or-later
// Tensors as strided views of one storage.
#include "core/formats/torch/torchparts.h"
#include "core/formats/torch/torchstorage.h"
#include "core/formats/torch/torchstream.h"

#include <fmt/format.h>

namespace core::formats {

using Type = PickleNode::Type;

namespace {

/// Every element that shape and strides reach lies in the storage; all in 64 bits with overflow checked.
void checkView(const TorchTensor& tensor)
{
    if (tensor.strides.size() != tensor.shape.size())
        throw TorchProblem{fmt::format("{} sizes with {} strides", tensor.shape.size(), tensor.strides.size())};
    if (tensor.offset < 0)
        throw TorchProblem{fmt::format("a negative offset: {}", tensor.offset)};
    std::int64_t last = tensor.offset, bytes = 0;
    bool isEmpty = false;
    const auto item = static_cast<std::int64_t>(itemSize(tensor.dtype));
    for (std::size_t d = 0; d < tensor.shape.size(); ++d) {
        if (tensor.shape[d] < 0 || tensor.strides[d] < 0)
            throw TorchProblem{fmt::format("a negative size or stride: {} by {}", text(tensor.shape), text(tensor.strides))};
        isEmpty = isEmpty || tensor.shape[d] == 0;
        std::int64_t step = 0;
        if (tensor.shape[d] > 0 &&
            (__builtin_mul_overflow(tensor.shape[d] - 1, tensor.strides[d], &step) || __builtin_add_overflow(last, step, &last)))
            throw TorchProblem{"a view that overflows: " + text(tensor.shape)};
    }
    if (isEmpty)
        return;
    if (__builtin_add_overflow(last, 1, &last) || __builtin_mul_overflow(last, item, &bytes) || bytes > tensor.storageBytes)
        throw TorchProblem{fmt::format("{} from element {} reaches byte {} of a storage of {} bytes", text(tensor.shape), tensor.offset,
                                       bytes ? fmt::to_string(bytes) : "beyond 2^63", tensor.storageBytes)};
}

/// torch.storage._load_from_bytes(bytes): how a plain pickle holds a storage, as a legacy stream of its own.
void readEmbedded(const PickleNode& node, TorchTensor& tensor)
{
    const PickleNode* content = node.arguments->items.empty() ? nullptr : node.arguments->items[0];
    if (!content || !content->is(Type::Bytes))
        throw TorchProblem{"no storage: " + describe(node, 60)};
    try {
        const auto raw = std::as_bytes(std::span(content->text));
        TorchStream stream(std::make_shared<const std::vector<std::byte>>(raw.begin(), raw.end()), "");
        TorchContent inner;
        readTorchStream(stream, inner, Progress());
        const TorchStorageId id = torchStorageId(inner.pickle.root());
        const auto found = inner.storages.find(id.key);
        if (found == inner.storages.end() || !found->second.problem.empty() || !found->second.load ||
            found->second.size < static_cast<std::uint64_t>(id.bytes))
            throw TorchProblem{"its storage is cut short"};
        tensor.dtype = id.dtype;
        tensor.storage = fmt::format("embedded {}", static_cast<const void*>(content));
        tensor.bytes = found->second.load();
        tensor.storageBytes = id.bytes;
    } catch (const Error& error) {
        throw TorchProblem{fmt::format("its storage cannot be read: {}", error.what())};
    }
}

/// Packed types (several numbers a byte) are shown byte by byte.
void readPacked(TorchTensor& tensor)
{
    const std::int64_t each = tensor.dtype == DType::QUInt4x2 ? 2 : 4, count = elementCount(tensor.shape);
    if (tensor.strides != denseStrides(tensor.shape) || tensor.offset % each != 0)
        throw TorchProblem{"a strided view of packed values"};
    tensor.detail += fmt::format("{}shape {}, {} values in a byte", tensor.detail.empty() ? "" : ", ", text(tensor.shape), each);
    if (!tensor.shape.empty() && tensor.shape.back() % each == 0)
        tensor.shape.back() /= each;
    else
        tensor.shape = {count / each + (count % each != 0)};
    tensor.strides = denseStrides(tensor.shape);
    tensor.offset /= each;
}

}

void readTorchStorage(const PickleNode& node, TorchTensor& tensor)
{
    if (node.is(Type::Object) && node.callable->isGlobal("torch.storage", "_load_from_bytes"))
        return readEmbedded(node, tensor);
    const TorchStorageId id = torchStorageId(node);
    tensor.dtype = id.dtype;
    tensor.storage = id.key;
    tensor.location = id.location;
    tensor.storageBytes = id.bytes;
    if (!id.viewCount)
        return;
    // The tensor sees nothing but the view; what it reaches is then counted from the storage's start.
    tensor.storageBytes = torchBytes(id.dtype, *id.viewCount);
    tensor.offset = id.offset;
}

void readTorchStrided(std::string_view function, TorchArguments arguments, TorchTensor& tensor)
{
    const std::size_t least = function == "_rebuild_tensor" ? 4 : function == "_rebuild_tensor_v2" ? 6 : 7;
    torchArgument(arguments, least - 1, function);
    tensor.shape = torchIntegers(*arguments[2], "the shape");
    readTorchStorage(*arguments[0], tensor);
    const std::int64_t before = tensor.offset;
    tensor.offset = torchInteger(*arguments[1], "the offset");
    tensor.strides = torchIntegers(*arguments[3], "the strides");
    if (function == "_rebuild_tensor_v3") {
        const PickleNode& type = *arguments[6];
        const auto known = type.is(Type::Global) ? dtypeFromName(type.name()) : std::nullopt;
        if (!known || *known == DType::Opaque) {
            tensor.dtype = DType::Opaque;
            throw TorchProblem{"elements of type " + describe(type, 60) + ", which cannot be read"};
        }
        tensor.dtype = *known;
    }
    elementCount(tensor.shape);
    if (function == "_rebuild_qtensor")
        readQuantiser(*arguments[4], tensor);
    if (tensor.dtype == DType::QUInt4x2 || tensor.dtype == DType::QUInt2x4)
        readPacked(tensor);
    checkView(tensor);
    tensor.offset += before;
    tensor.storageBytes += before * static_cast<std::int64_t>(itemSize(tensor.dtype));
    const std::size_t metadata = function == "_rebuild_tensor_v2" ? 6 : 7;
    if (function != "_rebuild_qtensor" && arguments.size() > metadata) {
        const auto isSet = [&](std::string_view flag) {
            const PickleNode* value = arguments[metadata]->value(flag);
            return value && value->is(Type::Bool) && value->integer;
        };
        tensor.conjugated = isSet("conj");
        tensor.negated = isSet("neg");
    }
    if (tensor.location == "meta")
        throw TorchProblem{"a meta tensor: it has no values"};
}

void checkTorchTensor(TorchTensor& tensor)
{
    try {
        elementCount(tensor.shape);
        checkView(tensor);
    } catch (const TorchProblem& problem) {
        tensor.problem = problem.text;
    } catch (const Error&) {
        tensor.problem = "a shape that overflows: " + text(tensor.shape);
        tensor.shape = {0};
    }
}

}
