// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/pickle/pickle.h"

#include <string>
#include <vector>

namespace core::formats {

/// A value inside another one, under a key or at an index.
struct TorchChild
{
    const PickleNode* key = nullptr; ///< null in a list
    std::size_t index = 0;
    const PickleNode* node = nullptr;

    std::string name() const; ///< safe to show
};

/// The values directly inside a dict, list, tuple, set or object (its attributes and items); none inside anything else.
std::vector<TorchChild> torchChildren(const PickleNode& node);
/// A key as a name.
std::string torchKey(const PickleNode& key);
/// "a.b", or "b" when `path` is empty.
std::string joined(const std::string& path, const std::string& name);

/// A module or state dict somewhere in a file.
struct TorchFound
{
    std::string path; ///< empty for the file's value itself
    const PickleNode* node = nullptr;
};

/// What a checkpoint's model is: the value itself, or the one under a usual key, or the only one, or the largest. `node` is null when
/// there is none. `others` are models beside it.
struct TorchChoice
{
    TorchFound model;
    std::vector<TorchFound> others;
};
TorchChoice chooseTorchModel(const PickleNode& root);

}
