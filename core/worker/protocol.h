// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json/json.h"
#include "core/tensor/tensor.h"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace core::worker {

/// One message between the window's process and a worker: a small JSON head and raw bytes.
/// On the wire: magic "TIEO", uint32 JSON length, uint64 payload length (little-endian), JSON, payload.
///
/// A worker greets with {"protocol":1}. Requests are {"request":"name",...}, answered by {"ok":true,...} or
/// {"error":{"id","file","expected","found","at","advice"}}, with any number of {"progress":0..1} before. {"cancel":true} needs no answer
/// of its own.
struct Message
{
    Json head;
    std::vector<std::byte> payload;
};

constexpr int protocolVersion = 1;
constexpr std::uint32_t jsonLimit = 256u << 20;

using Pieces = std::span<const std::span<const std::byte>>;

/// Called when a non-blocking descriptor would block; returns when it may be tried again, or throws. `events` are poll()'s.
using Waiter = std::function<void(int fd, short events)>;

/// Both return when the whole message has passed. They throw Error("worker-gone") at end of file or a broken pipe, receive also
/// Error("worker-message") on a wrong magic, a length above the cap or malformed JSON. Without a waiter the descriptor may be of either
/// sort.
void send(int fd, const Json& head, Pieces payload = {}, const Waiter& wait = {});
Message receive(int fd, std::uint64_t payloadLimit, const Waiter& wait = {});

}
