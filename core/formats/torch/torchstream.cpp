// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torch/torchstream.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::formats {

TorchStream::TorchStream(const std::shared_ptr<const File>& file, std::uint64_t offset, std::uint64_t size)
    : m_file(file), m_path(file->path()), m_start(offset), m_size(size), m_window(*file)
{
}

TorchStream::TorchStream(SharedBytes bytes, std::string path) : m_bytes(std::move(bytes)), m_path(std::move(path)), m_size(m_bytes->size())
{
}

Pickle TorchStream::pickle(const std::string& where, const Progress& progress, std::uint64_t guess)
{
    constexpr std::uint64_t limit = std::uint64_t{1} << 30;
    for (std::uint64_t length = std::min(m_bytes ? left() : guess, left());; length = std::min({length * 8, left(), limit})) {
        std::vector<std::byte> piece;
        if (m_file)
            piece = m_file->read(m_start + m_position, length);
        const auto bytes = m_file ? std::span<const std::byte>(piece) : std::span<const std::byte>(*m_bytes).subspan(m_position);
        try {
            Pickle pickle = Pickle::read(bytes, m_path, where, progress);
            m_position += pickle.size();
            return pickle;
        } catch (const Error& error) {
            if (error.id() != "pickle-cut" || length == left() || length >= limit)
                throw;
        }
    }
}

std::int64_t TorchStream::integer(std::size_t width, const std::string& where)
{
    if (width > left())
        throw Error("torch-cut").file(m_path).expected(fmt::format("{} more bytes", width)).found(fmt::to_string(left())).at(where);
    const auto bytes = m_file ? m_window->at(m_start + m_position, width) : std::span<const std::byte>(*m_bytes).subspan(m_position, width);
    m_position += width;
    std::uint64_t value = width < 8 && std::to_integer<int>(bytes.back()) > 127 ? ~std::uint64_t{0} : 0;
    for (std::size_t i = width; i-- > 0;)
        value = value << 8 | std::to_integer<std::uint64_t>(bytes[i]);
    return static_cast<std::int64_t>(value);
}

TorchStorage TorchStream::storage(std::uint64_t size)
{
    TorchStorage storage{m_start + m_position, std::min(size, left()), "", {}};
    if (m_bytes)
        storage.load = [bytes = m_bytes, at = m_position, length = storage.size]() -> SharedBytes {
            const auto first = bytes->begin() + static_cast<std::ptrdiff_t>(at);
            return std::make_shared<const std::vector<std::byte>>(first, first + static_cast<std::ptrdiff_t>(length));
        };
    m_position += storage.size;
    return storage;
}

}
