// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/session.h"

#include <exception>
#include <thread>

namespace core::session {

namespace {

engines::Trace runOne(engines::Engine* engine, const Tensor* input, const Progress& progress)
{
    if (!engine || !input)
        return {};
    engines::Feeds feeds;
    for (const int op : engine->model().inputOps())
        feeds.emplace(op, *input);
    return engine->run(feeds, {}, progress);
}

}

Traces runBoth(engines::Engine* left, const Tensor* leftInput, engines::Engine* right, const Tensor* rightInput, const Progress& progress)
{
    Traces traces;
    std::exception_ptr failure;
    std::thread other([&] {
        try {
            traces.right = runOne(right, rightInput, progress);
        } catch (...) {
            failure = std::current_exception();
        }
    });
    try {
        traces.left = runOne(left, leftInput, progress);
    } catch (...) {
        other.join();
        throw;
    }
    other.join();
    if (failure)
        std::rethrow_exception(failure);
    return traces;
}

}
