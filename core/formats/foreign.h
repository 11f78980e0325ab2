// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace core::formats {

/// Whether `text` stands at byte `at` of a file's first bytes.
bool hasAt(std::span<const std::byte> head, std::size_t at, std::string_view text);
bool startsWith(std::span<const std::byte> head, std::string_view text);

}
