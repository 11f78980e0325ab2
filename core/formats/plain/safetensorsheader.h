// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/tensor.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace core::formats {

/// One tensor as a safetensors header tells it; offsets are bytes behind the header.
struct SafetensorsEntry
{
    std::string name, dtype;
    Shape shape;
    std::vector<std::uint64_t> offsets;
};

struct SafetensorsHeader
{
    std::vector<SafetensorsEntry> tensors; ///< in the header's order
    std::vector<std::pair<std::string, std::string>> metadata;
};

/// Reads the JSON header in one pass; it nests three levels at most. Throws Error("safetensors-header").
SafetensorsHeader parseSafetensorsHeader(std::string_view json, std::string_view where);

/// The texts that a safetensors file's header has of its own, as they are written there. Throws Error.
std::map<std::string, std::string> safetensorsMetadata(const std::string& path);

}
