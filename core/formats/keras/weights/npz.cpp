// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/keras/weights/npz.h"

#include "core/formats/numpy/npy.h"
#include "core/formats/numpy/npyheader.h"
#include "core/formats/pickle/pickle.h"
#include "core/formats/zip/zipdirectory.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::formats {

namespace {

constexpr std::uint64_t inflatedFloor = std::uint64_t{256} << 20;

using Type = PickleNode::Type;

const PickleNode* at(const PickleNode* tuple, std::size_t index)
{
    return tuple && tuple->is(Type::Tuple) && index < tuple->items.size() ? tuple->items[index] : nullptr;
}

/// The state of a pickled numpy.ndarray: (1, shape, dtype, isFortran, values).
const PickleNode* arrayState(const PickleNode& node)
{
    const bool isArray = node.is(Type::Object) && node.callable && node.callable->is(Type::Global) &&
                         node.callable->name() == "_reconstruct" && node.callable->module().starts_with("numpy.");
    return isArray && node.state && node.state->is(Type::Tuple) && node.state->items.size() == 5 ? node.state : nullptr;
}

/// numpy.dtype('f4', False, True) with the state (3, '<', ...), as .npy spells it: "<f4".
std::string dtypeText(const PickleNode* node)
{
    const auto* name = node && node->is(Type::Object) ? at(node->arguments, 0) : nullptr;
    const auto* order = node && node->state ? at(node->state, 1) : nullptr;
    if (!name || !name->is(Type::String) || !order || !order->is(Type::String))
        return {};
    return order->text + name->text;
}

/// A pickled array by way of the .npy that it would be.
H5Dataset tensorOf(const PickleNode& node, std::string path, const std::string& where)
{
    H5Dataset tensor;
    tensor.path = std::move(path);
    const auto* state = arrayState(node);
    const auto* shape = at(state, 1);
    const auto* fortran = at(state, 3);
    const auto* bytes = at(state, 4);
    const auto dtype = dtypeText(at(state, 2));
    if (!shape || !shape->is(Type::Tuple) || !bytes || (!bytes->is(Type::Bytes) && !bytes->is(Type::String)) || dtype.empty()) {
        tensor.source.dtype = DType::Opaque;
        tensor.source.shape = {0};
        tensor.problem = "it is no array: " + describe(node);
        return tensor;
    }
    std::string header = fmt::format("{{'descr': '{}', 'fortran_order': {}, 'shape': (", printable(dtype, 20),
                                     fortran && fortran->integer != 0 ? "True" : "False");
    for (const auto* size : shape->items)
        header += fmt::format("{}, ", size->integer);
    header += ")}\n";
    std::string npy("\x93NUMPY\x01\x00", 8);
    npy += static_cast<char>(header.size() & 0xff);
    npy += static_cast<char>(header.size() >> 8);
    npy += header + bytes->text;
    const auto value = readNpy(std::as_bytes(std::span(npy)), where + ", " + tensor.path);
    tensor.source = {value.dtype(), value.shape(), value.sharedBytes()};
    return tensor;
}

/// What a .npy of one pickled object holds: an array of rank 0 around a dictionary of arrays.
void addDictionary(KerasStore& store, std::span<const std::byte> pickle, const std::string& path, const std::string& where,
                   const Progress& progress)
{
    const auto read = Pickle::read(pickle, where, path, progress);
    const auto* state = arrayState(read.root());
    const auto* values = at(state, 4);
    const auto* dictionary = values && values->is(Type::List) && values->items.size() == 1 ? values->items.front() : &read.root();
    if (!dictionary->is(Type::Dict))
        throw Error("keras-npz").file(where).expected("a dictionary of arrays").found(describe(*dictionary)).at(printable(path));
    for (std::size_t i = 0; i < dictionary->pairs(); ++i)
        if (dictionary->items[2 * i]->is(Type::String))
            store.tensors.push_back(tensorOf(*dictionary->items[2 * i + 1], path + "/" + dictionary->items[2 * i]->text, where));
}

/// Bytes of a .npy before its values: magic, version, length, header; 0 when it is none.
std::size_t preambleSize(std::span<const std::byte> bytes)
{
    const auto byte = [&](std::size_t i) { return std::to_integer<std::size_t>(bytes[i]); };
    if (bytes.size() < 12 || byte(0) != 0x93)
        return 0;
    const std::size_t size = byte(6) < 2 ? 10 + (byte(8) | byte(9) << 8) : 12 + (byte(8) | byte(9) << 8 | byte(10) << 16 | byte(11) << 24);
    return size <= bytes.size() ? size : 0;
}

}

KerasStore npzStore(const std::shared_ptr<const File>& file, const Progress& progress)
{
    const auto archive = ZipDirectory::read(file, progress);
    KerasStore store;
    for (const auto& entry : archive.entries()) {
        if (!entry.name.ends_with(".npy"))
            continue;
        auto path = entry.name.substr(0, entry.name.size() - 4);
        if (path == "__root__")
            path.clear();
        const auto bytes = archive.contents(entry, std::max(inflatedFloor, 2 * file->size()));
        const auto start = preambleSize(bytes);
        const std::size_t literal = std::to_integer<int>(bytes.size() > 6 ? bytes[6] : std::byte{0}) < 2 ? 10 : 12;
        if (start == 0)
            throw Error("npy-header").file(file->path()).expected("a NumPy array").found("other bytes").at(printable(entry.name));
        const auto header = parseNpyHeader({reinterpret_cast<const char*>(bytes.data()) + literal, start - literal}, file->path());
        if (header.descr == "|O") {
            addDictionary(store, std::span(bytes).subspan(start), path + (path.empty() ? "vars" : "/vars"), file->path(), progress);
            continue;
        }
        const auto value = readNpy(bytes, file->path() + ", " + printable(entry.name));
        store.tensors.push_back({path, {value.dtype(), value.shape(), value.sharedBytes()}, "", 0, {}});
    }
    store.sort();
    return store;
}

}
