// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/worker/torch/graph.h"

#include "core/base/error.h"
#include "core/base/progress.h"
#include "core/tensor/shape.h"

#include <algorithm>
#include <chrono>
#include <cstring>

namespace core::worker::torch {

namespace {

/// Takes float tensors off a payload, in order.
class Payload
{
public:
    explicit Payload(std::span<const std::byte> bytes) : m_bytes(bytes) {}

    at::Tensor take(const Shape& shape)
    {
        const auto count = elementCount(shape);
        const auto size = static_cast<std::uint64_t>(count) * sizeof(float);
        if (size > m_bytes.size())
            throw Error("graph-payload").expected(std::to_string(size) + " bytes for " + text(shape)).found(std::to_string(m_bytes.size()));
        auto tensor = at::empty(shape, at::kFloat);
        std::memcpy(tensor.data_ptr(), m_bytes.data(), size);
        m_bytes = m_bytes.subspan(size);
        return tensor;
    }

    void expectEnd() const
    {
        if (!m_bytes.empty())
            throw Error("graph-payload").expected("no more bytes").found(std::to_string(m_bytes.size()));
    }

private:
    std::span<const std::byte> m_bytes;
};

template <typename T>
T field(const Json& json, const char* name)
{
    try {
        return json.at(name).get<T>();
    } catch (const Json::exception&) {
        throw Error("graph-message").expected(std::string("a field \"") + name + "\"").found("none, or one of another type");
    }
}

std::size_t indexBelow(std::int64_t index, std::size_t limit, const char* what)
{
    if (index < 0 || static_cast<std::size_t>(index) >= limit)
        throw Error("graph-index").expected("an index below " + std::to_string(limit)).found(std::to_string(index)).at(what);
    return static_cast<std::size_t>(index);
}

Attribute attribute(const std::string& name, const Json& value)
{
    if (value.is_boolean())
        return value.get<bool>();
    if (value.is_number_integer())
        return value.get<std::int64_t>();
    if (value.is_number())
        return value.get<double>();
    if (value.is_string())
        return value.get<std::string>();
    if (!value.is_array() || !std::all_of(value.begin(), value.end(), [](const Json& v) { return v.is_number(); }))
        throw Error("graph-message").expected("an attribute's value").found(value.type_name()).at(printable(name));
    if (std::all_of(value.begin(), value.end(), [](const Json& v) { return v.is_number_integer(); }))
        return value.get<Ints>();
    return value.get<Reals>();
}

Port port(const Json& json, std::size_t limit)
{
    constexpr std::size_t outputs = 1024;
    const auto op = indexBelow(field<std::int64_t>(json, "op"), limit, "ops");
    return {static_cast<int>(op), static_cast<int>(indexBelow(field<std::int64_t>(json, "output"), outputs, "outputs"))};
}

Operation operation(const Json& json, std::size_t index, const std::vector<at::Tensor>& parameters)
{
    Operation result;
    result.kind = field<std::string>(json, "kind");
    const auto attributes = field<Json>(json, "attributes");
    for (const auto& [name, value] : attributes.items())
        result.attributes.set(name, attribute(name, value));
    for (const auto& input : field<Json>(json, "inputs"))
        result.inputs.emplace_back(field<std::string>(input, "name"), port(input, index));
    for (const auto& [role, at] : field<std::map<std::string, std::int64_t>>(json, "parameters"))
        result.parameters[role] = parameters[indexBelow(at, parameters.size(), "parameters")];
    return result;
}

Tensor toTensor(const at::Tensor& value)
{
    const auto dense = value.contiguous();
    const auto* begin = static_cast<const std::byte*>(dense.data_ptr());
    auto bytes = std::make_shared<const std::vector<std::byte>>(begin, begin + dense.nbytes());
    return {DType::Float32, dense.sizes().vec(), std::move(bytes)};
}

/// The values of one run; a value is dropped after its last use.
class Run
{
public:
    Run(const std::vector<Operation>& operations, const Message& request) : m_operations(operations), m_values(operations.size())
    {
        Payload payload(request.payload);
        for (const auto& feed : field<Json>(request.head, "feeds"))
            m_values[port(feed, operations.size())] = payload.take(field<Shape>(feed, "shape"));
        payload.expectEnd();
        for (const auto op : field<Ints>(request.head, "order"))
            m_order.push_back(indexBelow(op, operations.size(), "ops"));
        for (const auto& wanted : field<Json>(request.head, "wanted"))
            m_wanted.push_back(port(wanted, operations.size()));
        m_uses.resize(operations.size());
        for (const auto op : m_order)
            for (const Input& input : operations[op].inputs)
                ++m_uses[input.port];
        for (const Port wanted : m_wanted)
            ++m_uses[wanted];
    }

    void compute(const std::function<bool(double)>& progress)
    {
        for (std::size_t i = 0; i < m_order.size(); ++i) {
            if (!progress(static_cast<double>(i) / static_cast<double>(m_order.size())))
                throw Cancelled();
            computeOne(m_order[i]);
        }
    }

    Answer answer(double milliseconds) const
    {
        Answer answer{{{"values", Json::array()}, {"problems", m_problems}, {"milliseconds", milliseconds}}, {}, {}};
        for (const Port wanted : m_wanted) {
            if (!m_values[wanted].defined())
                continue;
            answer.payload.push_back(toTensor(m_values[wanted]));
            answer.head["values"].push_back({{"op", wanted.op}, {"output", wanted.output}, {"shape", answer.payload.back().shape()}});
        }
        return answer;
    }

private:
    void computeOne(std::size_t op)
    {
        std::vector<at::Tensor> inputs;
        for (const Input& input : m_operations[op].inputs) {
            if (!m_values[input.port].defined())
                return;
            inputs.push_back(m_values[input.port]);
        }
        try {
            auto results = torch::compute(m_operations[op], inputs);
            for (std::size_t output = 0; output < results.size(); ++output)
                if (const Port result(static_cast<int>(op), static_cast<int>(output)); m_uses[result] > 0 && !m_values[result].defined())
                    m_values[result] = std::move(results[output]);
        } catch (const c10::Error& e) {
            m_problems.push_back({{"op", op}, {"text", std::string("LibTorch: ") + e.what_without_backtrace()}});
        } catch (const Error& e) {
            m_problems.push_back({{"op", op}, {"text", e.what()}});
        }
        for (const Input& input : m_operations[op].inputs)
            if (--m_uses[input.port] == 0)
                m_values[input.port].reset();
    }

    const std::vector<Operation>& m_operations;
    ByPort<at::Tensor> m_values;
    std::vector<std::size_t> m_order;
    std::vector<Port> m_wanted;
    ByPort<int> m_uses;
    Json m_problems = Json::array();
};

}

Graph::Graph(const Message& request)
{
    Payload payload(request.payload);
    std::vector<at::Tensor> parameters;
    for (const auto& shape : field<std::vector<Shape>>(request.head, "shapes"))
        parameters.push_back(payload.take(shape));
    payload.expectEnd();
    for (const auto& op : field<Json>(request.head, "ops"))
        m_operations.push_back(operation(op, m_operations.size(), parameters));
}

Answer Graph::run(const Message& request, const std::function<bool(double)>& progress) const
{
    const c10::InferenceMode inference;
    Run run(m_operations, request);
    const auto begin = std::chrono::steady_clock::now();
    run.compute(progress);
    return run.answer(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
}

}
