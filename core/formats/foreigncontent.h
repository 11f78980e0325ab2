// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/base/progress.h"
#include "core/files/file.h"

#include <span>

namespace core::formats {

/// The error for a file that no format claims: what it is, which models it seems to hold, and how to come to them. Reads the names in
/// archives, never extracts one. A damaged zip archive says what is wrong with it: throws Error("zip-...").
Error foreignError(const std::shared_ptr<const File>& file, std::span<const std::byte> head, const Progress& progress);

/// The error for a folder: which of its files can be opened. `endings` are those of known files: ".pt".
Error folderError(const std::string& path, std::span<const std::string> endings);

}
