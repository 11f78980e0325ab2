// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/files/filewindow.h"

#include <algorithm>

namespace core {

std::span<const std::byte> FileWindow::at(std::uint64_t offset, std::size_t length)
{
    const bool isInside = offset >= m_start && offset - m_start <= m_bytes.size() && length <= m_bytes.size() - (offset - m_start);
    if (!isInside) {
        const std::uint64_t left = offset < m_file.size() ? m_file.size() - offset : 0;
        // A length beyond the end goes to read() as it is, which says so.
        m_bytes = m_file.read(offset, std::max<std::uint64_t>(length, std::min<std::uint64_t>(left, m_size)));
        m_start = offset;
    }
    return std::span<const std::byte>(m_bytes).subspan(static_cast<std::size_t>(offset - m_start), length);
}

}
