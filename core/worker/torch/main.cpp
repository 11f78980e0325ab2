// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/worker/torch/graph.h"

#include <ATen/Parallel.h>
#include <dlfcn.h>
#include <torch/version.h>

namespace core::worker::torch {

namespace {

/// One thread: a network that a person looks at is small, and both sides run at once.
void useOneThread()
{
    at::set_num_threads(1);
    using SetThreads = void (*)(int);
    if (const auto setThreads = reinterpret_cast<SetThreads>(::dlsym(RTLD_DEFAULT, "openblas_set_num_threads")))
        setThreads(1);
}

/// Answers "load" {handle, ...}, "run" {handle, ...}, "unload" {handle} and "version".
class Service
{
public:
    Answer operator()(const Message& request, const std::function<bool(double)>& progress)
    try {
        const auto what = request.head.value("request", std::string());
        if (what == "version")
            return {{{"version", TORCH_VERSION}}, {}, {}};
        const auto handle = request.head.value("handle", std::int64_t{-1});
        if (what == "load") {
            m_graphs.insert_or_assign(handle, Graph(request));
            return {};
        }
        if (what == "unload") {
            m_graphs.erase(handle);
            return {};
        }
        const auto graph = m_graphs.find(handle);
        if (what != "run" || graph == m_graphs.end())
            throw Error("graph-message").expected("load, run, unload or version, of a known handle").found(printable(what));
        return graph->second.run(request, progress);
    } catch (const c10::Error& e) {
        throw Error("libtorch").expected("a network that LibTorch can run").found(e.what_without_backtrace());
    }

private:
    std::map<std::int64_t, Graph> m_graphs;
};

}

}

int main()
{
    return core::worker::serve([]() -> core::worker::Handler {
        core::worker::torch::useOneThread();
        return core::worker::torch::Service();
    });
}
