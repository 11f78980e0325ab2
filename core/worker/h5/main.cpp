// SPDX-License-Identifier: GPL-3.0-or-later
// Reads and writes HDF5 for the window's process, which does not link it: damaged files crash or hang HDF5.
#include "core/base/error.h"
#include "core/worker/h5/datasets.h"
#include "core/worker/h5/descriptordriver.h"
#include "core/worker/h5/image.h"
#include "core/worker/h5/walk.h"
#include "core/worker/server.h"

#include <memory>

using namespace core;
namespace h5 = worker::h5;
using worker::Answer;

namespace {

constexpr int inheritedFd = 5;

class Requests
{
public:
    Answer answer(const worker::Message& request, const std::function<bool(double)>& progress)
    {
        const auto what = request.head.value("request", "");
        if (what == "list")
            return {h5::listed(file(request.head), request.head.value("links", h5::linkLimit), [&] { return progress(0); }), {}, {}};
        if (what == "read")
            return read(file(request.head), request.head.at("path").get<std::string>());
        if (what == "write")
            return {Json::object(), {}, h5::fileImage(request.head.at("tree"), request.payload)};
        throw Error("worker-request").expected("list, read or write").found(what);
    }

private:
    // A worker has one file: where it lies is told with the first request, and again after a restart.
    hid_t file(const Json& head)
    {
        if (m_file < 0) {
            const auto access = h5::descriptorAccess(inheritedFd, head.value("base", std::uint64_t{0}), head.value("size", UINT64_MAX));
            try {
                m_file = h5::Handle(H5Fopen("descriptor", H5F_ACC_RDONLY, access), H5Fclose, "a whole HDF5 file");
            } catch (const Error& error) {
                throw Error("h5-open").expected(error.expected()).found(error.found());
            }
        }
        return m_file;
    }

    static Answer read(hid_t file, const std::string& path)
    {
        const auto dataset = h5::openDataset(file, path);
        const auto tensor = h5::readDataset(dataset, path);
        return {{{"dtype", name(tensor.dtype())}, {"shape", tensor.shape()}}, {tensor}, {}};
    }

    h5::Handle m_file;
};

}

int main()
{
    return worker::serve([] {
        h5::initialise();
        return [requests = std::make_shared<Requests>()](const worker::Message& request, const std::function<bool(double)>& progress) {
            return requests->answer(request, progress);
        };
    });
}
