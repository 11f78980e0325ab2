// SPDX-License-Identifier: GPL-3.0-or-later
// The sample LeNet-5 through both engines, with all activations.
#include "core/engines/engine.h"
#include "core/engines/kernels/kernels.h"
#include "core/formats/format.h"
#include "core/sweep/run.h"

#include <benchmark/benchmark.h>
#include <memory>
#include <random>

using namespace core;

namespace {

struct Side
{
    explicit Side(const char* file)
        : engine(engines::makeEngine(std::make_shared<const Model>(formats::openModel(std::string(TIEOUT_SAMPLES "/") + file))))
    {
    }

    engines::Feeds digits(std::int64_t batch) const
    {
        const auto& model = engine->model();
        Shape shape = model.framework == Framework::Torch ? Shape{batch, 1, 28, 28} : Shape{batch, 28, 28, 1};
        std::vector<float> values(static_cast<std::size_t>(batch * 784));
        std::mt19937 random(1);
        std::uniform_real_distribution<float> grey(0, 1);
        for (auto& value : values)
            value = grey(random);
        return {{model.inputOps().front(), Tensor::fromFloats(shape, values)}};
    }

    std::unique_ptr<engines::Engine> engine;
};

void keras(benchmark::State& state)
{
    const Side side("lenet5.h5");
    const auto feeds = side.digits(state.range(0));
    for (auto _ : state)
        benchmark::DoNotOptimize(side.engine->run(feeds));
    state.SetItemsProcessed(state.iterations() * state.range(0));
    state.SetLabel(engines::kernels::instructionSet());
}

void torch(benchmark::State& state)
{
    const Side side("lenet5.pt");
    const auto feeds = side.digits(state.range(0));
    double computing = 0;
    for (auto _ : state)
        computing += side.engine->run(feeds).milliseconds;
    state.SetItemsProcessed(state.iterations() * state.range(0));
    state.counters["LibTorch_us"] = benchmark::Counter(computing * 1000 / static_cast<double>(state.iterations()));
}

void both(benchmark::State& state)
{
    const Side left("lenet5.pt"), right("lenet5.h5");
    const auto leftFeeds = left.digits(1), rightFeeds = right.digits(1);
    for (auto _ : state) {
        benchmark::DoNotOptimize(left.engine->run(leftFeeds));
        benchmark::DoNotOptimize(right.engine->run(rightFeeds));
    }
}

/// The whole of a sweep but for opening the files: 10,000 digits are to take 1.5 s on two cores.
void wholeSet(benchmark::State& state)
{
    const auto open = [](const char* file) {
        return std::make_shared<const Model>(formats::openModel(std::string(TIEOUT_SAMPLES "/") + file));
    };
    const session::Pair pair = session::makePair(open("lenet5.pt"), open("lenet5.h5"));
    const auto left = engines::makeEngine(pair.runLeft), right = engines::makeEngine(pair.runRight);
    core::digits::DigitSet set28;
    std::mt19937 random(1);
    for (std::int64_t i = 0; i < 784 * state.range(0); ++i)
        set28.pixels.push_back(static_cast<std::uint8_t>(random()));
    const sweep::DataSet set = sweep::digitSet(std::make_shared<const core::digits::DigitSet>(std::move(set28)), {});
    for (auto _ : state)
        benchmark::DoNotOptimize(sweep::run({pair, *left, *right, set, {}, {}, 1e-5}, {0, set.count}));
    state.SetItemsProcessed(state.iterations() * state.range(0));
}

}

BENCHMARK(keras)->Name("LeNet-5, Keras side, digits:")->Arg(1)->Arg(64)->Unit(benchmark::kMicrosecond)->UseRealTime();
BENCHMARK(torch)->Name("LeNet-5, PyTorch side through the worker, digits:")->Arg(1)->Arg(64)->Unit(benchmark::kMicrosecond)->UseRealTime();
BENCHMARK(both)->Name("LeNet-5, both sides one after the other, one digit")->Unit(benchmark::kMicrosecond)->UseRealTime();

BENCHMARK(wholeSet)->Name("LeNet-5, a sweep of digits:")->Arg(10000)->Unit(benchmark::kMillisecond)->UseRealTime();

BENCHMARK_MAIN();
