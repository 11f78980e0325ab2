// SPDX-License-Identifier: GPL-3.0-or-later
// Lists large files that it makes, reads them, and measures time and memory. Fails when a median is over its limit.
#include "tests/bench/largefiles.h"
#include "tests/bench/report.h"

#include "core/base/error.h"
#include "core/formats/format.h"
#include "core/tensor/stream.h"

#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <hdf5.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

constexpr int runs = 9;

/// A folder that goes away with everything in it.
struct Folder
{
    std::filesystem::path path;
    Folder()
    {
        std::string name = (std::filesystem::temp_directory_path() / "tieout-bench-XXXXXX").string();
        if (!::mkdtemp(name.data()))
            throw std::runtime_error("no folder for the files");
        path = name;
    }
    ~Folder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
    std::string file(const char* name) const { return (path / name).string(); }
};

bool list(const char* what, const std::string& path, double limit)
{
    core::formats::openModel(path);
    return bench::report(what, bench::timed(runs, [&] { core::formats::openModel(path); }), limit);
}

/// What the HDF5 library alone needs to look at every dataset's type, shape and place: the peer of listing through the worker.
void visitHdf5(const std::string& path)
{
    const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
    const auto look = [](hid_t id, const char* name, const H5O_info_t* info, void*) -> herr_t {
        if (info->type != H5O_TYPE_DATASET)
            return 0;
        const hid_t dataset = H5Dopen2(id, name, H5P_DEFAULT), type = H5Dget_type(dataset), space = H5Dget_space(dataset);
        hsize_t sizes[H5S_MAX_RANK];
        H5Sget_simple_extent_dims(space, sizes, nullptr);
        H5Dget_offset(dataset);
        H5Sclose(space);
        H5Tclose(type);
        H5Dclose(dataset);
        return 0;
    };
    H5Ovisit2(file, H5_INDEX_NAME, H5_ITER_NATIVE, look, nullptr, H5O_INFO_BASIC);
    H5Fclose(file);
}

bool listHdf5(const std::string& path)
{
    core::formats::openModel(path);
    visitHdf5(path);
    std::vector<double> worker, library, ratio;
    for (int run = 0; run < runs; ++run) {
        worker.push_back(bench::timed(1, [&] { core::formats::openModel(path); }).front());
        library.push_back(bench::timed(1, [&] { visitHdf5(path); }).front());
        ratio.push_back(worker.back() / library.back());
    }
    const bool isFast = bench::report("list 1 GiB of HDF5 through the worker", worker, 40);
    bench::report("  libhdf5's own visit in this process", library, 1e9);
    return bench::report("  ratio", ratio, 2, "x ") && isFast;
}

/// The sum of every element, in one thread; sixteen running sums, as a vector unit adds them.
double sumOf(const core::Model& model)
{
    double total = 0;
    for (const core::Parameter& parameter : model.parameters)
        core::streamBytes(parameter.source, [&](std::span<const std::byte> bytes) {
            constexpr std::size_t lanes = 16;
            const auto* values = reinterpret_cast<const float*>(bytes.data());
            const std::size_t count = bytes.size() / sizeof(float);
            float sums[lanes] = {};
            std::size_t i = 0;
            for (; i + lanes <= count; i += lanes)
                for (std::size_t lane = 0; lane < lanes; ++lane)
                    sums[lane] += values[i + lane];
            for (; i < count; ++i)
                sums[0] += values[i];
            for (const float sum : sums)
                total += static_cast<double>(sum);
        });
    return total;
}

/// The milliseconds that PyTorch takes to map the file and add everything up in one thread; empty where there is no PyTorch.
std::vector<double> torchSums(const std::string& path)
{
    const char* python = std::getenv("TIEOUT_TORCH_PYTHON");
    if (!python)
        return {};
    const std::string program = "import sys, time, torch; torch.set_num_threads(1)\n"
                                "for run in range(int(sys.argv[2])):\n"
                                "  begin = time.perf_counter()\n"
                                "  sum(float(t.sum()) for t in torch.load(sys.argv[1], mmap=True).values())\n"
                                "  print(1000 * (time.perf_counter() - begin), flush=True)\n";
    std::vector<double> times;
    const std::string command = fmt::format("'{}' -W ignore -c '{}' '{}' {}", python, program, path, runs);
    FILE* const pipe = ::popen(command.c_str(), "r");
    for (double time = 0; pipe && std::fscanf(pipe, "%lf", &time) == 1;)
        times.push_back(time);
    if (pipe)
        ::pclose(pipe);
    return times;
}

bool readAndSum(const std::string& path)
{
    const core::Model model = core::formats::openModel(path);
    volatile double total = sumOf(model);
    const std::vector<double> peer = torchSums(path);
    const auto times = bench::timed(runs, [&] { total = sumOf(core::formats::openModel(path)); });
    if (peer.empty()) {
        std::puts("  no peer: set TIEOUT_TORCH_PYTHON to a Python with PyTorch");
        return bench::report("list, read and sum 1 GB", times, 1e9);
    }
    bench::report("  torch.load(mmap=True) and the same sum", peer, 1e9);
    return bench::report("list, read and sum 1 GB", times, bench::median(peer));
}

/// Mebibytes of this process that are or were in memory: "VmHWM", "VmRSS".
double memory(const std::string& key)
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with(key + ":"))
            return std::atof(line.c_str() + key.size() + 1) / 1024;
    return 0;
}

/// The memory that listing takes at its peak, in a process of its own.
bool listMemory(const char* what, const std::string& path)
{
    const pid_t child = ::fork();
    if (child == 0) {
        std::ofstream("/proc/self/clear_refs") << "5"; // the peak starts anew
        const double before = memory("VmRSS");
        const core::Model model = core::formats::openModel(path);
        std::_Exit(bench::report(what, {memory("VmHWM") - before}, 40, "MB") ? 0 : 1);
    }
    int status = 0;
    return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}

int main()
try {
    const Folder folder;
    const std::string zip = folder.file("zip.pt"), legacy = folder.file("legacy.pt"), hdf5 = folder.file("large.h5");
    bench::writeLargeZip(zip);
    bench::writeLargeLegacy(legacy);
    bench::writeLargeHdf5(hdf5);
    std::printf("%zu tensors, %.2f GB; files in memory (page cache)\n", bench::LargeFile::tensors, bench::LargeFile::bytes / 1e9);

    bool isFast = list("list a torch zip", zip, 5);
    isFast = list("list a torch legacy stream", legacy, 10) && isFast;
    isFast = listHdf5(hdf5) && isFast;
    isFast = listMemory("memory to list a torch zip", zip) && isFast;
    isFast = listMemory("memory to list a legacy stream", legacy) && isFast;
    isFast = listMemory("memory to list HDF5", hdf5) && isFast;

    isFast = readAndSum(zip) && isFast;

    const std::string tensors = folder.file("tensors.pt"), keys = folder.file("keys.pt");
    bench::writeManyTensors(tensors, 100'000);
    bench::writeManyKeys(keys, 1'000'000);
    isFast = list("list 100,000 tensors", tensors, 1000) && isFast;
    isFast = list("list 1,000,000 keys", keys, 1000) && isFast;
    return isFast ? 0 : 1;
} catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
}
