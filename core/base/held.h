// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstddef>

namespace core {

/// What a person is told where something is missing of which Tieout had made sure: its own fault, never a library's words.
[[noreturn]] void throwOwnFault();

/// The value of a map under a key that is there.
template <typename Map, typename Key>
auto& held(Map& map, const Key& key)
{
    const auto found = map.find(key);
    if (found == map.end())
        throwOwnFault();
    return found->second;
}

/// The element of a list at a place that is there.
template <typename List>
auto& heldAt(List& list, std::size_t place)
{
    if (place >= list.size())
        throwOwnFault();
    return list[place];
}

}
