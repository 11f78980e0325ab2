// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sweep/run.h"

#include "core/compare/trace.h"
#include "core/engines/plan.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <future>

namespace core::sweep {

namespace {

using compare::OutputResult;
using session::PairInputs;

struct Batch
{
    Range range;
    PairInputs inputs;
    session::Traces traces;
};

std::vector<Range> batchesOf(const Range& range, std::int64_t size)
{
    std::vector<Range> result;
    for (std::int64_t first = range.first; first < range.end; first = std::min(first + size, range.end))
        result.push_back({first, std::min(first + size, range.end)});
    return result;
}

std::vector<Port> wantedOf(const Model& model)
{
    return ports(model.outputs);
}

PairInputs inputsOf(const Task& task, const Range& range)
{
    return sweep::inputsOf(task.set, range, task.pair, task.preprocessLeft, task.preprocessRight);
}

/// How many samples may be run at once: by the set's first batch, so that every part of it comes to the same.
std::int64_t roomFor(const Task& task)
{
    for (std::int64_t size = batchSize(task.set.count);; size /= 2) {
        try {
            const PairInputs inputs = inputsOf(task, {0, std::min(size, task.set.count)});
            for (const auto& [engine, given] : {std::pair(&task.left, &inputs.left), std::pair(&task.right, &inputs.right)}) {
                const Model& model = engine->model();
                engines::planRun(model, engines::checkedFeeds(model, engines::feedsFor(model, *given)), wantedOf(model), {});
            }
            return size;
        } catch (const Error& error) {
            if (error.id() != "activations-too-large" || size == 1)
                throw;
        }
    }
}

engines::Trace traced(engines::Engine& engine, const engines::Inputs& inputs)
{
    return engine.run(engines::feedsFor(engine.model(), inputs), wantedOf(engine.model()));
}

/// Whether the first axis is the samples'.
bool isBySample(const Tensor& value, std::int64_t samples)
{
    return !value.isNull() && !value.shape().empty() && value.shape().front() == samples && indexOf(value.axes(), "N") <= 0;
}

Tensor rowOf(const Tensor& value, std::size_t sample)
{
    Shape shape = value.shape();
    const auto stride = static_cast<std::size_t>(value.count() / shape.front());
    shape.front() = 1;
    return Tensor::fromFloats(shape, value.floats().subspan(sample * stride, stride));
}

/// Features of an output of classes: [n,classes], sizes of 1 aside; 0 of any other.
int classesOf(const Tensor& value, std::int64_t samples)
{
    if (!isBySample(value, samples) || value.count() == 0)
        return 0;
    const std::int64_t features = value.count() / samples;
    return features >= 2 && *std::max_element(value.shape().begin() + 1, value.shape().end()) == features ? static_cast<int>(features) : 0;
}

int classesOf(const OutputResult& output, std::int64_t samples)
{
    const int left = classesOf(output.leftValue, samples), right = classesOf(output.rightValue, samples);
    return left > 0 && right > 0 ? std::max(left, right) : 0;
}

std::string whyNotCompared(const OutputResult& output)
{
    if (output.left.empty() || output.right.empty())
        return fmt::format("the output {} on the {} has no counterpart", printable(output.left.empty() ? output.right : output.left),
                           output.left.empty() ? "right" : "left");
    return output.problem;
}

void tell(SampleResult& sample, std::string problem)
{
    if (sample.problem.empty())
        sample.problem = std::move(problem);
}

/// Judges one output of one sample.
void judge(SampleResult& sample, const OutputResult& output, std::size_t row, std::int64_t samples, double tolerance)
{
    if (!output.metrics) {
        sample.over = sample.over || output.differs;
        tell(sample, whyNotCompared(output));
        return;
    }
    if (!isBySample(output.leftValue, samples) || !isBySample(output.rightValue, samples)) {
        tell(sample, fmt::format("the output {} does not tell its samples apart", printable(output.right)));
        return;
    }
    const Tensor right = rowOf(output.rightValue, row);
    const compare::Metrics measured = compare::metrics(rowOf(output.leftValue, row), right);
    if (compare::isNanThroughout(measured, right)) {
        tell(sample, fmt::format("the output {} is NaN throughout on both sides", printable(output.right)));
        return;
    }
    sample.maxAbs = compare::greater(sample.maxAbs.value_or(0), measured.maxAbs);
    sample.scaledMax = compare::greater(sample.scaledMax.value_or(0), measured.scaledMax);
    sample.over = sample.over || !(measured.scaledMax <= tolerance);
}

class Judge
{
public:
    Judge(const Task& task, const Listener& listener) : m_task(task), m_listener(listener) {}

    void add(const Batch& batch)
    {
        std::vector<Note> notes;
        const auto outputs =
            compare::compareOutputs({&m_task.left.model(), &batch.traces.left}, {&m_task.right.model(), &batch.traces.right},
                                    m_task.pair.mapping, m_task.tolerance, notes);
        const std::int64_t samples = batch.range.count();
        if (!m_sweep)
            start(outputs, samples);
        for (std::int64_t i = 0; i < samples; ++i) {
            const auto row = static_cast<std::size_t>(i);
            SampleResult sample;
            sample.index = batch.range.first + i;
            if (!m_task.set.labels.empty())
                sample.label = m_task.set.labels[static_cast<std::size_t>(sample.index)];
            for (const OutputResult& output : outputs)
                judge(sample, output, row, samples, m_task.tolerance);
            if (outputs.empty())
                tell(sample, "no output could be compared");
            if (m_classOutput) {
                const OutputResult& output = outputs[*m_classOutput];
                sample.left = row < output.argmaxLeft.size() ? output.argmaxLeft[row] : std::nullopt;
                sample.right = row < output.argmaxRight.size() ? output.argmaxRight[row] : std::nullopt;
            }
            sweep::add(*m_sweep, sample);
            if (m_listener && !m_listener(sample))
                m_isOver = true;
        }
    }

    bool isOver() const { return m_isOver; } ///< nobody wants more
    Sweep sweep() const { return m_sweep.value_or(Sweep()); }

private:
    void start(const std::vector<OutputResult>& outputs, std::int64_t samples)
    {
        int classes = 0;
        for (std::size_t i = 0; i < outputs.size() && classes == 0; ++i)
            if (classes = classesOf(outputs[i], samples); classes > 0)
                m_classOutput = i;
        const std::vector<int>& labels = m_task.set.labels;
        if (const auto wrong = std::find_if(labels.begin(), labels.end(), [&](int label) { return label >= classes; });
            classes > 0 && wrong != labels.end())
            throw Error("sweep-labels")
                .file(m_task.set.file)
                .expected(
                    fmt::format("labels from 0 to {}, the classes of the output {}", classes - 1, printable(outputs[*m_classOutput].right)))
                .found(fmt::format("{}", *wrong))
                .at(fmt::format("sample {}", wrong - labels.begin()));
        m_sweep = emptySweep(!labels.empty(), classes);
    }

    const Task& m_task;
    const Listener& m_listener;
    std::optional<Sweep> m_sweep;
    std::optional<std::size_t> m_classOutput;
    bool m_isOver = false;
};

}

Sweep run(const Task& task, const Range& range, const Progress& progress, const Listener& listener)
{
    const std::vector<Range> ranges = batchesOf(range, roomFor(task));
    Judge judge(task, listener);
    std::optional<Batch> done, next;
    for (std::size_t i = 0; i < ranges.size(); ++i) { // while both networks run, the batch before is judged and the next one made
        progress.report(static_cast<double>(i) / static_cast<double>(ranges.size()));
        Batch batch = next ? std::move(*next) : Batch{ranges[i], inputsOf(task, ranges[i]), {}};
        next.reset();
        auto left = std::async(std::launch::async, [&] { return traced(task.left, batch.inputs.left); });
        auto right = std::async(std::launch::async, [&] { return traced(task.right, batch.inputs.right); });
        if (done)
            judge.add(*done);
        if (judge.isOver())
            return judge.sweep();
        if (i + 1 < ranges.size())
            next = Batch{ranges[i + 1], inputsOf(task, ranges[i + 1]), {}};
        batch.traces.left = left.get();
        batch.traces.right = right.get();
        done = std::move(batch);
    }
    if (done)
        judge.add(*done);
    progress.report(1);
    return judge.sweep();
}

}
