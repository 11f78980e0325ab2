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

void KerasEngine::prepare(const Feeds& feeds, const std::vector<Port>& wanted)
{
    m_program.reset();
    auto unavailable = m_weights.unavailable;
    for (;;) {
        Program program{planRun(*m_model, feeds, wanted, unavailable), {}, {}, {}};
        std::int64_t scratch = 0;
        const auto known = unavailable.size();
        for (const int index : program.plan.order) {
            const layers::Call call(m_model->ops[static_cast<std::size_t>(index)], program.plan.values);
            try {
                program.steps.push_back(computation(call, m_weightsOfOps[index], program.plan.outputs(index)));
                scratch = std::max(scratch, program.steps.back().scratch);
            } catch (const Error& error) {
                unavailable.emplace(index, error.what());
                break;
            }
        }
        if (unavailable.size() != known)
            continue;
        program.uses = program.plan.uses(*m_model);
        program.scratch.resize(static_cast<std::size_t>(scratch));
        m_program = std::move(program);
        return;
    }
}

std::vector<Tensor> KerasEngine::compute(std::size_t step, const ByPort<std::optional<Tensor>>& values)
{
    const int index = m_program->plan.order[step];
    Computation::Buffers buffers;
    buffers.scratch = m_program->scratch.data();
    const auto& inputs = m_model->ops[static_cast<std::size_t>(index)].inputs;
    for (const Input& input : inputs)
        buffers.inputs.push_back(values[input.port]->floats().data());
    const auto outputs = m_program->plan.outputs(index);
    const auto& run = m_program->steps[step].run;
    if (!run)
        return {values[inputs.front().port]->reshaped(outputs.front().shape, outputs.front().axes)};
    std::vector<std::shared_ptr<std::vector<std::byte>>> bytes;
    for (const auto& [shape, axes] : outputs) {
        bytes.push_back(std::make_shared<std::vector<std::byte>>(static_cast<std::size_t>(elementCount(shape)) * sizeof(float)));
        buffers.outputs.push_back(reinterpret_cast<float*>(bytes.back()->data()));
    }
    run(buffers);
    std::vector<Tensor> results;
    for (std::size_t i = 0; i < outputs.size(); ++i)
        results.emplace_back(DType::Float32, outputs[i].shape, std::move(bytes[i]), outputs[i].axes);
    return results;
}

Trace KerasEngine::run(const Feeds& feeds, const std::vector<Port>& wanted, const Progress& progress)
{
    auto given = checkedFeeds(*m_model, feeds);
    if (!m_program || !fits(m_program->plan, given, wanted))
        prepare(given, wanted);
    const auto& plan = m_program->plan;
    const auto begin = std::chrono::steady_clock::now();
    ByPort<std::optional<Tensor>> values(m_model->ops.size());
    for (auto& [port, feed] : given)
        values[port] = std::move(feed);
    auto uses = m_program->uses;
    for (std::size_t step = 0; step < plan.order.size(); ++step) {
        progress.report(static_cast<double>(step) / static_cast<double>(plan.order.size()));
        const int index = plan.order[step];
        auto results = compute(step, values);
        for (std::size_t output = 0; output < results.size(); ++output)
            if (const Port port(index, static_cast<int>(output)); uses[port] > 0 && !plan.fed.contains(port))
                values[port] = std::move(results[output]);
        for (const Input& input : m_model->ops[static_cast<std::size_t>(index)].inputs)
            if (--uses[input.port] == 0)
                values[input.port].reset();
    }
    Trace trace{ByPort<std::optional<Tensor>>(values.size()), plan.problems.texts, 0};
    for (const Port port : plan.wanted)
        trace.values[port] = std::move(values[port]);
    trace.milliseconds = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
    return trace;
}

}
