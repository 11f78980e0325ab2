// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/worker/protocol.h"

#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <string>
#include <unistd.h>

namespace core::worker {

static_assert(std::endian::native == std::endian::little);

namespace {

constexpr std::array<char, 4> magic{'T', 'I', 'E', 'O'};

struct Header
{
    std::array<char, 4> magic;
    std::uint32_t jsonLength;
    std::uint64_t payloadLength;
};
static_assert(sizeof(Header) == 16);

void waitForever(int fd, short events)
{
    pollfd entry{fd, events, 0};
    while (::poll(&entry, 1, -1) < 0 && errno == EINTR) {
    }
}

// Whether a failed read or write may be repeated; waits where it would block.
bool mayRepeat(int fd, short events, const Waiter& wait)
{
    if (errno == EINTR)
        return true;
    if (errno != EAGAIN && errno != EWOULDBLOCK)
        return false;
    wait ? wait(fd, events) : waitForever(fd, events);
    return true;
}

void writeAll(int fd, std::span<const std::byte> bytes, const Waiter& wait)
{
    while (!bytes.empty()) {
        const auto written = ::write(fd, bytes.data(), bytes.size());
        if (written >= 0)
            bytes = bytes.subspan(static_cast<std::size_t>(written));
        else if (!mayRepeat(fd, POLLOUT, wait))
            throw Error("worker-gone").expected("the other process reading").found(std::strerror(errno));
    }
}

void readAll(int fd, std::span<std::byte> bytes, const Waiter& wait)
{
    while (!bytes.empty()) {
        const auto got = ::read(fd, bytes.data(), bytes.size());
        if (got > 0)
            bytes = bytes.subspan(static_cast<std::size_t>(got));
        else if (got == 0 || !mayRepeat(fd, POLLIN, wait))
            throw Error("worker-gone").expected("a message").found(got == 0 ? "the end of the pipe" : std::strerror(errno));
    }
}

void checkHeader(const Header& header, std::uint64_t payloadLimit)
{
    if (header.magic != magic)
        throw Error("worker-message").expected("a message").found("bytes that are none");
    if (header.jsonLength > jsonLimit)
        throw Error("worker-message")
            .expected("at most " + std::to_string(jsonLimit) + " bytes of JSON")
            .found(std::to_string(header.jsonLength));
    if (header.payloadLength > payloadLimit)
        throw Error("worker-message")
            .expected("at most " + std::to_string(payloadLimit) + " bytes")
            .found(std::to_string(header.payloadLength));
}

Json parsed(const std::string& text)
{
    Json head;
    try {
        head = parseJson(text, "a message of a worker");
    } catch (const Error& error) {
        throw Error("worker-message").expected("a message").found(error.what());
    }
    if (!head.is_object())
        throw Error("worker-message").expected("a JSON object").found(head.type_name());
    return head;
}

}

void send(int fd, const Json& head, Pieces payload, const Waiter& wait)
{
    const std::string json = dumpJson(head, -1);
    if (json.size() > jsonLimit)
        throw Error("worker-message")
            .expected("at most " + std::to_string(jsonLimit) + " bytes of JSON")
            .found(std::to_string(json.size()));
    Header header{magic, static_cast<std::uint32_t>(json.size()), 0};
    for (const auto& piece : payload)
        header.payloadLength += piece.size();

    std::string front(sizeof header, '\0');
    std::memcpy(front.data(), &header, sizeof header);
    front += json;
    writeAll(fd, std::as_bytes(std::span(front)), wait);
    for (const auto& piece : payload)
        writeAll(fd, piece, wait);
}

Message receive(int fd, std::uint64_t payloadLimit, const Waiter& wait)
{
    Header header;
    readAll(fd, std::as_writable_bytes(std::span(&header, 1)), wait);
    checkHeader(header, payloadLimit);
    std::string json;
    while (json.size() < header.jsonLength) { // a header that lies costs no more than what follows it
        constexpr std::size_t piece = 1 << 20;
        const std::size_t at = json.size();
        json.resize(std::min<std::size_t>(header.jsonLength, at + piece));
        readAll(fd, std::as_writable_bytes(std::span(json).subspan(at)), wait);
    }
    Message message{parsed(json), std::vector<std::byte>(header.payloadLength)};
    readAll(fd, message.payload, wait);
    return message;
}

}
