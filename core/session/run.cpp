// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/session.h"

#include <exception>
#include <thread>

namespace core::session {

namespace {

engines::Trace runOne(engines::Engine* engine, const engines::Inputs& inputs, const Progress& progress)
{
    return engine ? engine->run(engines::feedsFor(engine->model(), inputs), {}, progress) : engines::Trace();
}

}

Traces runBoth(engines::Engine* left, engines::Engine* right, const PairInputs& inputs, const Progress& progress)
{
    Traces traces;
    std::exception_ptr failure;
    std::thread other([&] {
        try {
            traces.right = runOne(right, inputs.right, progress);
        } catch (...) {
            failure = std::current_exception();
        }
    });
    try {
        traces.left = runOne(left, inputs.left, progress);
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
