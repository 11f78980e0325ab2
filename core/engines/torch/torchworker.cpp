// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/torch/torchworker.h"

#include "core/base/error.h"

namespace core::engines {

namespace {

constexpr std::uint64_t gib = std::uint64_t{1} << 30;
constexpr std::uint64_t libTorchItself = 3 * gib; ///< idle it reserves 0.73 GiB; the rest is for activations
constexpr std::uint64_t copiesOfModel = 4;
constexpr std::uint64_t modelsAtFirst = gib / 4;

std::uint64_t bytesOf(const TorchWorker::Network& network)
{
    std::uint64_t bytes = 0;
    for (const auto& parameter : network.parameters)
        bytes += parameter.bytes().size();
    return bytes;
}

template <typename Request>
void sendNetwork(TorchWorker::Handle handle, const TorchWorker::Network& network, Request request)
{
    Json head = network.head;
    head["request"] = "load";
    head["handle"] = handle;
    std::vector<std::span<const std::byte>> payload;
    for (const auto& parameter : network.parameters)
        payload.push_back(parameter.bytes());
    request(head, payload);
}

}

std::shared_ptr<TorchWorker> TorchWorker::shared()
{
    static const auto worker = std::make_shared<TorchWorker>();
    return worker;
}

std::map<TorchWorker::Handle, std::shared_ptr<const TorchWorker::Network>> TorchWorker::networks() const
{
    const std::lock_guard lock(m_mutex);
    return m_networks;
}

std::shared_ptr<worker::Client> TorchWorker::makeClient(std::uint64_t addressSpace)
{
    auto made = std::make_shared<worker::Client>(
        worker::Options{.program = "tieout-worker-torch", .addressSpace = addressSpace, .watchdog = std::chrono::seconds(60)});
    made->onRestart([this](const worker::Client::Request& request) {
        for (const auto& [handle, network] : networks())
            sendNetwork(handle, *network, request);
    });
    return made;
}

std::shared_ptr<worker::Client> TorchWorker::client()
{
    const std::lock_guard lock(m_mutex);
    if (!m_client) {
        m_addressSpace = libTorchItself + copiesOfModel * modelsAtFirst;
        m_client = makeClient(m_addressSpace);
    }
    return m_client;
}

void TorchWorker::start()
{
    client();
}

// A limit cannot be raised in a running process that keeps it: a wider one means another process, which gets all networks.
void TorchWorker::makeRoom(const Network& another)
{
    std::uint64_t bytes = bytesOf(another);
    const auto living = networks();
    for (const auto& [handle, network] : living)
        bytes += bytesOf(*network);
    const auto needed = libTorchItself + copiesOfModel * bytes;
    client();
    {
        const std::lock_guard lock(m_mutex);
        if (needed <= m_addressSpace)
            return;
    }
    const auto wider = makeClient(needed + gib);
    for (const auto& [handle, network] : living)
        sendNetwork(handle, *network, [&](const Json& head, const auto& payload) { wider->request(head, payload); });
    const std::lock_guard lock(m_mutex);
    m_client = wider;
    m_addressSpace = needed + gib;
}

TorchWorker::Handle TorchWorker::load(std::shared_ptr<const Network> network, const Progress& progress)
{
    const std::lock_guard loading(m_loading);
    makeRoom(*network);
    Handle handle = 0;
    {
        const std::lock_guard lock(m_mutex);
        handle = ++m_lastHandle;
    }
    // Counted among those that a restarted worker gets only when it is there, so that no network is sent twice.
    const auto send = [&] {
        sendNetwork(handle, *network, [&](const Json& head, const auto& payload) { request(head, payload, 0, progress); });
    };
    send();
    const int starts = client()->starts();
    {
        const std::lock_guard lock(m_mutex);
        m_networks.emplace(handle, network);
    }
    if (client()->starts() != starts)
        send();
    return handle;
}

void TorchWorker::unload(Handle handle) noexcept
try {
    {
        const std::lock_guard lock(m_mutex);
        m_networks.erase(handle);
    }
    if (processId() >= 0)
        request(Json{{"request", "unload"}, {"handle", handle}});
} catch (...) { // a worker that is gone holds nothing
}

worker::Message TorchWorker::request(const Json& head, std::span<const std::span<const std::byte>> payload, std::uint64_t payloadLimit,
                                     const Progress& progress)
{
    return client()->request(head, payload, payloadLimit, progress);
}

int TorchWorker::processId() const
{
    std::shared_ptr<worker::Client> current;
    {
        const std::lock_guard lock(m_mutex);
        current = m_client;
    }
    return current ? current->processId() : -1;
}

}
