// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/largefiles.h"

#include "core/formats/write.h"
#include "core/formats/zip/zipwriter.h"

#include <fmt/format.h>
#include <hdf5.h>
#include <random>
#include <stdexcept>

namespace bench {

namespace {

constexpr std::string_view orderedDict = "ccollections\nOrderedDict\n)R";

std::string nameOf(std::size_t i)
{
    return fmt::format("layers.{}.weight", i);
}

/// The same noise for every tensor: a benchmark's time goes elsewhere.
const core::Tensor& noise()
{
    static const core::Tensor tensor = [] {
        std::mt19937 generator(1);
        std::normal_distribution<float> normal;
        std::vector<float> values(LargeFile::rows * LargeFile::columns);
        for (float& value : values)
            value = normal(generator);
        return core::Tensor::fromFloats({LargeFile::rows, LargeFile::columns}, values);
    }();
    return tensor;
}

std::string little(std::uint64_t value, int width)
{
    std::string out;
    for (int i = 0; i < width; ++i)
        out += static_cast<char>(value >> (8 * i) & 0xFF);
    return out;
}

std::string text(const std::string& value)
{
    return "X" + little(value.size(), 4) + value;
}

std::string integer(std::uint64_t value)
{
    return "J" + little(value, 4);
}

std::string protocol(const std::string& value)
{
    return "\x80\x02" + value + ".";
}

/// A float32 tensor that fills the storage `key`, as a legacy stream pickles it.
std::string legacyTensor(const std::string& key)
{
    constexpr std::size_t rows = LargeFile::rows, columns = LargeFile::columns;
    return "ctorch._utils\n_rebuild_tensor_v2\n((" + text("storage") + "ctorch\nFloatStorage\n" + text(key) + text("cpu") +
           integer(rows * columns) + "NtQ" + integer(0) + "(" + integer(rows) + integer(columns) + "t(" + integer(columns) + integer(1) +
           "t\x89" + std::string(orderedDict) + "tR";
}

void check(bool succeeded, const char* what)
{
    if (!succeeded)
        throw std::runtime_error(what);
}

}

void writeLargeZip(const std::string& path)
{
    core::formats::NamedTensors tensors;
    for (std::size_t i = 0; i < LargeFile::tensors; ++i)
        tensors.emplace_back(nameOf(i), noise());
    core::formats::writeTorchStateDict(path, tensors);
}

void writeLargeLegacy(const std::string& path)
{
    std::string dict = std::string(orderedDict) + "(", keys = "](";
    for (std::size_t i = 0; i < LargeFile::tensors; ++i) {
        const std::string key = fmt::format("{:06}", i);
        dict += text(nameOf(i)) + legacyTensor(key);
        keys += text(key);
    }
    core::AtomicFile file(path);
    file.write(protocol(std::string("\x8A\x0A\x6C\xFC\x9C\x46\xF9\x20\x6A\xA8\x50\x19", 12)) + protocol("M\xE9\x03"));
    file.write(protocol("}(" + text("protocol_version") + "M\xE9\x03" + text("little_endian") + "\x88" + text("type_sizes") + "}(" +
                        text("short") + "K\x02" + text("int") + "K\x04" + text("long") + "K\x04" + "uu"));
    file.write(protocol(dict + "u"));
    file.write(protocol(keys + "e"));
    for (std::size_t i = 0; i < LargeFile::tensors; ++i) {
        file.write(little(LargeFile::rows * LargeFile::columns, 8));
        file.write(noise().bytes());
    }
    file.commit();
}

void writeLargeHdf5(const std::string& path)
{
    const hid_t file = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    check(file >= 0, "H5Fcreate");
    const hsize_t sizes[] = {LargeFile::rows, LargeFile::columns};
    const hid_t space = H5Screate_simple(2, sizes, nullptr), parents = H5Pcreate(H5P_LINK_CREATE);
    H5Pset_create_intermediate_group(parents, 1);
    for (std::size_t i = 0; i < LargeFile::tensors; ++i) {
        const std::string name = fmt::format("layers/dense_{}/kernel", i);
        const hid_t dataset = H5Dcreate2(file, name.c_str(), H5T_IEEE_F32LE, space, parents, H5P_DEFAULT, H5P_DEFAULT);
        check(dataset >= 0 && H5Dwrite(dataset, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, noise().bytes().data()) >= 0, "H5Dwrite");
        H5Dclose(dataset);
    }
    H5Pclose(parents);
    H5Sclose(space);
    check(H5Fclose(file) >= 0, "H5Fclose");
}

void writeManyTensors(const std::string& path, std::size_t count)
{
    const float one = 1;
    const core::Tensor scalar = core::Tensor::fromFloats({}, std::span(&one, 1));
    core::formats::NamedTensors tensors;
    for (std::size_t i = 0; i < count; ++i)
        tensors.emplace_back(nameOf(i), scalar);
    core::formats::writeTorchStateDict(path, tensors);
}

void writeManyKeys(const std::string& path, std::size_t count)
{
    constexpr std::size_t batch = 1000; // as Python's pickler sets items
    std::string dict = "}";
    for (std::size_t i = 0; i < count; ++i)
        dict +=
            (i % batch == 0 ? "(" : "") + text(fmt::format("key{}", i)) + integer(i) + ((i + 1) % batch == 0 || i + 1 == count ? "u" : "");
    core::AtomicFile file(path);
    core::formats::ZipWriter writer(file);
    writer.add("archive/data.pkl", protocol(dict));
    writer.add("archive/version", "3\n");
    writer.finish();
    file.commit();
}

}
