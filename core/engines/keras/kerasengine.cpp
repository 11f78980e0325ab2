// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/keras/kerasengine.h"

#include <chrono>

namespace core::engines {

KerasEngine::KerasEngine(std::shared_ptr<const Model> model, const Progress& progress)
    : m_model(std::move(model)), m_weights(readWeights(*m_model, progress))
{
    for (std::size_t i = 0; i < m_model->ops.size(); ++i)
        m_weightsOfOps[static_cast<int>(i)] = weightsOf(m_model->ops[i], m_weights);
}

void KerasEngine::prepare(const Feeds& feeds, const std::vector<int>& wanted)
{
    m_program.reset();
    auto unavailable = m_weights.unavailable;
    for (;;) {
        Program program{planRun(*m_model, feeds, wanted, unavailable), {}, {}, {}};
        program.uses.resize(m_model->ops.size());
        std::int64_t scratch = 0;
        const auto known = unavailable.size();
        for (const int index : program.plan.order) {
            const Op& op = m_model->ops[static_cast<std::size_t>(index)];
            const auto& input = *program.plan.values[static_cast<std::size_t>(op.inputs.front())];
            try {
                program.steps.push_back(
                    computation(op, m_weightsOfOps[index], input, *program.plan.values[static_cast<std::size_t>(index)]));
                scratch = std::max(scratch, program.steps.back().scratch);
            } catch (const Error& error) {
                unavailable.emplace(index, error.what());
                break;
            }
            for (const int used : op.inputs)
                ++program.uses[static_cast<std::size_t>(used)];
        }
        if (unavailable.size() != known)
            continue;
        for (const int op : program.plan.wanted)
            ++program.uses[static_cast<std::size_t>(op)];
        program.scratch.resize(static_cast<std::size_t>(scratch));
        m_program = std::move(program);
        return;
    }
}

Tensor KerasEngine::compute(std::size_t step, const std::vector<std::optional<Tensor>>& values)
{
    const auto index = static_cast<std::size_t>(m_program->plan.order[step]);
    const Tensor& input = *values[static_cast<std::size_t>(m_model->ops[index].inputs.front())];
    const auto& [shape, axes] = *m_program->plan.values[index];
    const auto& run = m_program->steps[step].run;
    if (!run)
        return input.reshaped(shape, axes);
    auto bytes = std::make_shared<std::vector<std::byte>>(static_cast<std::size_t>(elementCount(shape)) * sizeof(float));
    run(input.floats().data(), reinterpret_cast<float*>(bytes->data()), m_program->scratch.data());
    return {DType::Float32, shape, std::move(bytes), axes};
}

Trace KerasEngine::run(const Feeds& feeds, const std::vector<int>& wanted, const Progress& progress)
{
    auto given = checkedFeeds(*m_model, feeds);
    if (!m_program || !fits(m_program->plan, given, wanted))
        prepare(given, wanted);
    const auto& plan = m_program->plan;
    const auto begin = std::chrono::steady_clock::now();
    std::vector<std::optional<Tensor>> values(m_model->ops.size());
    for (auto& [index, feed] : given)
        values[static_cast<std::size_t>(index)] = std::move(feed);
    auto uses = m_program->uses;
    for (std::size_t step = 0; step < plan.order.size(); ++step) {
        progress.report(static_cast<double>(step) / static_cast<double>(plan.order.size()));
        const auto index = static_cast<std::size_t>(plan.order[step]);
        values[index] = compute(step, values);
        for (const int input : m_model->ops[index].inputs)
            if (--uses[static_cast<std::size_t>(input)] == 0)
                values[static_cast<std::size_t>(input)].reset();
    }
    Trace trace{std::vector<std::optional<Tensor>>(values.size()), plan.problems.texts, 0};
    for (const int op : plan.wanted)
        trace.values[static_cast<std::size_t>(op)] = std::move(values[static_cast<std::size_t>(op)]);
    trace.milliseconds = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
    return trace;
}

}
