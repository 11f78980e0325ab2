// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json/json.h"
#include "core/tensor/tensor.h"

#include <cstdint>
#include <vector>

namespace core::worker {

/// One message between the window's process and a worker: a small JSON head and raw bytes.
/// On the wire: magic "TIEO", uint32 JSON length, uint64 payload length (little-endian), JSON, payload.
struct Message
{
    Json head;
    std::vector<std::byte> payload;
};

constexpr int protocolVersion = 1;
constexpr std::uint32_t jsonLimit = 256u << 20;

/// Both block until the whole message has passed. read throws Error("worker-gone") at end of file or a broken pipe, Error("worker-message") on a
/// wrong magic, a length above the cap or malformed JSON.
void send(int fd, const Json& head, std::span<const std::span<const std::byte>> payload = {});
Message receive(int fd, std::uint64_t payloadLimit);

}
