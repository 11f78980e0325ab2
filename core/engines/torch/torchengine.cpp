// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/torch/torchengine.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::engines {

namespace {

Json toJson(const Attributes& attributes)
{
    auto result = Json::object();
    for (const auto& [name, attribute] : attributes)
        result[name] = std::visit([](const auto& value) { return Json(value); }, attribute);
    return result;
}

TorchWorker::Network networkOf(const Model& model, const Weights& weights)
{
    TorchWorker::Network network{{{"ops", Json::array()}, {"shapes", Json::array()}}, {}};
    std::map<std::string, std::size_t> sent;
    for (const auto& [name, tensor] : weights.values) {
        sent.emplace(name, network.parameters.size());
        network.parameters.push_back(tensor);
        network.head["shapes"].push_back(tensor.shape());
    }
    for (const Op& op : model.ops) {
        auto parameters = Json::object(), inputs = Json::array();
        for (const auto& [name, port] : op.inputs)
            inputs.push_back({{"name", name}, {"op", port.op}, {"output", port.output}});
        for (const auto& [role, name] : op.parameters)
            if (const auto found = sent.find(name); found != sent.end())
                parameters[role] = found->second;
        const bool runs = op.unsupported.empty();
        network.head["ops"].push_back({{"kind", runs ? op.kind : std::string()},
                                       {"attributes", runs ? toJson(op.attributes) : Json::object()},
                                       {"inputs", inputs},
                                       {"parameters", parameters}});
    }
    return network;
}

std::uint64_t bytesOf(const Shape& shape)
{
    return static_cast<std::uint64_t>(elementCount(shape)) * sizeof(float);
}

Error brokenAnswer(std::string_view what)
{
    return Error("worker-answer").expected("the activations that were asked for").found(what);
}

}

TorchEngine::TorchEngine(std::shared_ptr<const Model> model, const Progress& progress)
    : m_model(std::move(model)), m_worker(TorchWorker::shared())
{
    m_worker->start();
    auto weights = readWeights(*m_model, progress);
    m_unavailable = std::move(weights.unavailable);
    m_handle = m_worker->load(std::make_shared<const TorchWorker::Network>(networkOf(*m_model, weights)), progress);
}

TorchEngine::~TorchEngine()
{
    m_worker->unload(m_handle);
}

Trace TorchEngine::run(const Feeds& feeds, const std::vector<Port>& wanted, const Progress& progress)
{
    const auto given = checkedFeeds(*m_model, feeds);
    if (!m_plan || !fits(*m_plan, given, wanted))
        m_plan = planRun(*m_model, given, wanted, m_unavailable);
    Json head{{"request", "run"}, {"handle", m_handle}, {"feeds", Json::array()}, {"order", m_plan->order}, {"wanted", Json::array()}};
    std::vector<std::span<const std::byte>> payload;
    for (const auto& [port, feed] : given) {
        head["feeds"].push_back({{"op", port.op}, {"output", port.output}, {"shape", feed.shape()}});
        payload.push_back(feed.bytes());
    }
    std::uint64_t limit = 0;
    for (const Port port : m_plan->wanted) {
        if (given.contains(port))
            continue;
        head["wanted"].push_back({{"op", port.op}, {"output", port.output}});
        limit += bytesOf(m_plan->values[port]->shape);
    }
    auto trace = traceOf(m_worker->request(head, payload, limit, progress));
    for (const Port port : m_plan->wanted)
        if (const auto feed = given.find(port); feed != given.end())
            trace.values[port] = feed->second;
    return trace;
}

Trace TorchEngine::traceOf(const worker::Message& answer) const
try {
    Trace trace{ByPort<std::optional<Tensor>>(m_model->ops.size()), {}, answer.head.at("milliseconds").get<double>()};
    std::span<const std::byte> left(answer.payload);
    for (const auto& value : answer.head.at("values")) {
        if (!value.at("op").is_number_unsigned() || !value.at("output").is_number_unsigned() || !isIntegerList(value.at("shape")))
            throw brokenAnswer(dumpJson(value, -1));
        const Port port(value.at("op").get<int>(), value.at("output").get<int>());
        const auto shape = value.at("shape").get<Shape>();
        if (!std::binary_search(m_plan->wanted.begin(), m_plan->wanted.end(), port))
            throw brokenAnswer(fmt::format("output {} of op {}", port.output, port.op));
        const auto& expected = *m_plan->values[port];
        if (shape != expected.shape || bytesOf(shape) > left.size())
            throw brokenAnswer(fmt::format("{} for {}, {} bytes", text(shape), text(expected.shape), left.size()))
                .at(printable(m_model->ops[static_cast<std::size_t>(port.op)].name));
        const auto bytes = left.first(bytesOf(shape));
        trace.values[port] =
            Tensor(DType::Float32, shape, std::make_shared<const std::vector<std::byte>>(bytes.begin(), bytes.end()), expected.axes);
        left = left.subspan(bytes.size());
    }
    auto problems = m_plan->problems;
    for (const auto& problem : answer.head.at("problems")) {
        if (!problem.at("op").is_number_integer())
            throw brokenAnswer(dumpJson(problem, -1));
        problems.add(problem.at("op").get<int>(), printable(problem.at("text").get<std::string>(), 1000));
    }
    for (const int op : m_plan->order)
        if (!problems.texts.contains(op))
            problems.inherit(*m_model, op);
    trace.problems = std::move(problems.texts);
    return trace;
} catch (const Json::exception&) {
    throw brokenAnswer("values of other types");
}

}
