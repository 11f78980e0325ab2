// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/files/place.h"

#include <filesystem>
#include <sys/stat.h>

namespace core {

Place placeOf(const std::string& path)
{
    struct stat status
    {
    };
    if (::stat(path.c_str(), &status) == 0)
        return {status.st_dev, status.st_ino, {}};
    const std::string target = behindLinks(path);
    if (::stat(folderOf(target).c_str(), &status) == 0)
        return {status.st_dev, status.st_ino, std::filesystem::path(target).filename().string()};
    return {0, 0, std::filesystem::path(target).lexically_normal().string()};
}

std::string behindLinks(const std::string& path)
{
    std::error_code error;
    std::filesystem::path result = path;
    for (int hops = 0; std::filesystem::is_symlink(result, error) && hops < 40; ++hops) {
        const auto target = std::filesystem::read_symlink(result, error);
        result = target.is_absolute() ? target : result.parent_path() / target;
    }
    return result.string();
}

std::string folderOf(const std::string& path)
{
    const std::string folder = std::filesystem::path(path).parent_path().string();
    return folder.empty() ? "." : folder;
}

}
