// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <tuple>

namespace core {

/// Which file a path means, however it is spelt and whatever links lead to it: device and inode; for one that is not there yet those of
/// its folder, and its name.
struct Place
{
    unsigned long long device = 0, inode = 0;
    std::string name;
    bool operator==(const Place&) const = default;
    auto key() const { return std::tie(device, inode, name); }
    bool operator<(const Place& other) const { return key() < other.key(); }
};

Place placeOf(const std::string& path);
/// Where a write through symbolic links ends; a dangling link's own target when nothing is there yet.
std::string behindLinks(const std::string& path);
/// "." for a bare name.
std::string folderOf(const std::string& path);

}
