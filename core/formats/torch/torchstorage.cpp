// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torch/torchstorage.h"

#include <array>
#include <fmt/format.h>

namespace core::formats {

using Type = PickleNode::Type;

namespace {

struct StorageClass
{
    std::string_view name;
    DType type;
};

/// torch.<name>, also torch.cuda.<name>.
constexpr std::array<StorageClass, 19> storageClasses{{{"FloatStorage", DType::Float32},
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
                                                       {"QUInt4x2Storage", DType::QUInt4x2},
                                                       {"QUInt2x4Storage", DType::QUInt2x4},
                                                       {"UntypedStorage", DType::UInt8},
                                                       {"_UntypedStorage", DType::UInt8}}};

/// The tuple behind a persistent id; a bare tuple of that form stands for itself, as other writers leave it.
const PickleNode* storageTuple(const PickleNode& node)
{
    const PickleNode* id = node.is(Type::Persistent) ? node.items[0] : &node;
    const bool isStorage = id->is(Type::Tuple) && id->items.size() >= 5 && id->items.size() <= 6 && id->items[0]->is(Type::String) &&
                           id->items[0]->text == "storage";
    return isStorage ? id : nullptr;
}

}

DType torchStorageType(std::string_view name)
{
    for (const StorageClass& known : storageClasses)
        if (known.name == name)
            return known.type;
    throw TorchProblem{fmt::format("a storage of unknown type {}", printable(name, 60))};
}

bool isTorchStorage(const PickleNode& node)
{
    return node.is(Type::Persistent) && storageTuple(node);
}

std::int64_t torchInteger(const PickleNode& node, std::string_view what)
{
    if (!node.is(Type::Int))
        throw TorchProblem{fmt::format("{} is no integer: {}", what, describe(node, 40))};
    return node.integer;
}

Shape torchIntegers(const PickleNode& node, std::string_view what)
{
    // torch.Size((2, 3)) is kept as a call.
    const PickleNode* list = &node;
    if (list->is(Type::Object) && list->callable->isGlobal("torch", "Size") && list->arguments->items.size() == 1)
        list = list->arguments->items[0];
    if (!list->is(Type::Tuple) && !list->is(Type::List))
        throw TorchProblem{fmt::format("{} is no tuple: {}", what, describe(node, 40))};
    if (list->items.size() > 64)
        throw TorchProblem{fmt::format("{} of rank {}, at most 64 can be", what, list->items.size())};
    Shape result;
    result.reserve(list->items.size());
    for (const PickleNode* item : list->items) {
        result.push_back(torchInteger(*item, what));
        if (result.back() < 0)
            throw TorchProblem{fmt::format("{} has a negative number: {}", what, describe(node, 60))};
    }
    return result;
}

std::int64_t torchBytes(DType type, std::int64_t count)
{
    const std::int64_t packed = type == DType::QUInt4x2 ? 2 : type == DType::QUInt2x4 ? 4 : 1;
    std::int64_t bytes = 0;
    if (count < 0 || __builtin_mul_overflow(count / packed + (count % packed != 0), static_cast<std::int64_t>(itemSize(type)), &bytes))
        throw TorchProblem{fmt::format("a storage of {} elements", count)};
    return bytes;
}

TorchStorageId torchStorageId(const PickleNode& node)
{
    const PickleNode* tuple = storageTuple(node);
    if (!tuple)
        throw TorchProblem{"no storage: " + describe(node, 60)};
    const auto& items = tuple->items;
    if (!items[1]->is(Type::Global) || !items[2]->is(Type::String) || items[2]->text.empty())
        throw TorchProblem{"a storage without type or key: " + describe(*tuple, 60)};
    TorchStorageId id;
    id.dtype = torchStorageType(items[1]->name());
    id.key = items[2]->text;
    id.location = items[3]->is(Type::String) ? items[3]->text : "";
    id.count = torchInteger(*items[4], "the storage's size");
    // The numel of packed types counts bytes already.
    const bool isPacked = id.dtype == DType::QUInt4x2 || id.dtype == DType::QUInt2x4;
    id.bytes = torchBytes(isPacked ? DType::UInt8 : id.dtype, id.count);
    if (items.size() < 6 || items[5]->is(Type::None))
        return id;
    const auto& view = items[5]->items;
    if (!items[5]->is(Type::Tuple) || view.size() != 3)
        throw TorchProblem{"a view of a storage that is none: " + describe(*items[5], 60)};
    id.offset = torchInteger(*view[1], "the view's offset");
    id.viewCount = torchInteger(*view[2], "the view's size");
    if (id.offset < 0 || *id.viewCount < 0 || id.offset > id.count || *id.viewCount > id.count - id.offset)
        throw TorchProblem{fmt::format("a view of {} elements from element {} of a storage of {}", *id.viewCount, id.offset, id.count)};
    return id;
}

}
