// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/files/file.h"

namespace core::digits {

/// The first `limit` bytes of a file's content, inflated when it starts with gzip's magic (RFC 1952; several members follow each other).
/// `whole` tells whether that is all there is. Nothing larger than what is really there is allocated. Throws Error("gzip-...").
struct Content
{
    std::vector<std::byte> bytes;
    bool whole = true;
};
Content readContent(const File& file, std::uint64_t limit);

}
