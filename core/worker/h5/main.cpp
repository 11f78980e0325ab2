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
            return {h5::listed(file(), [&] { return progress(0); }), {}, {}};
        if (what == "read")
            return read(request.head.at("path").get<std::string>());
        if (what == "write")
            return {Json::object(), {}, h5::fileImage(request.head.at("tree"), request.payload)};
        throw Error("worker-request").expected("list, read or write").found(what);
    }

private:
    hid_t file()
    {
        if (m_file < 0) {
            const auto access = h5::descriptorAccess(inheritedFd, 0);
            m_file = h5::Handle(H5Fopen("descriptor", H5F_ACC_RDONLY, access), H5Fclose, "a whole HDF5 file");
        }
        return m_file;
    }

    Answer read(const std::string& path)
    {
        const auto dataset = h5::openDataset(file(), path);
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
