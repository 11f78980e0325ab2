// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/worker/client.h"

#include <map>

namespace core::engines {

/// The one LibTorch process that all torch engines share. It is started when first needed, knows the networks that live, gets them again
/// when it had to be started anew, and is replaced by one with a wider memory limit when a large network comes. Safe from several threads.
class TorchWorker
{
public:
    /// A network as it is sent: "ops" and "shapes", and the parameters' values in that order.
    struct Network
    {
        Json head;
        std::vector<Tensor> parameters;
    };
    using Handle = std::int64_t;

    static std::shared_ptr<TorchWorker> shared();

    void start();
    /// Throws Error when the worker cannot take it.
    Handle load(std::shared_ptr<const Network> network, const Progress& progress);
    void unload(Handle handle) noexcept;
    worker::Message request(const Json& head, std::span<const std::span<const std::byte>> payload = {}, std::uint64_t payloadLimit = 0,
                            const Progress& progress = Progress());
    int processId() const;

private:
    std::shared_ptr<worker::Client> client();
    std::shared_ptr<worker::Client> makeClient(std::uint64_t addressSpace);
    std::map<Handle, std::shared_ptr<const Network>> networks() const;
    void makeRoom(const Network& another);

    std::mutex m_loading; ///< one load at a time; taken before m_mutex, never while a request runs that may need m_mutex
    mutable std::mutex m_mutex;
    std::map<Handle, std::shared_ptr<const Network>> m_networks;
    std::shared_ptr<worker::Client> m_client;
    std::uint64_t m_addressSpace = 0;
    Handle m_lastHandle = 0;
};

}
