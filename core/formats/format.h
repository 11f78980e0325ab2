// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/progress.h"
#include "core/files/file.h"
#include "core/model/model.h"

#include <span>
#include <string_view>

namespace core::formats {

/// One file format. Content decides, never the name. `matches` looks at the first bytes (up to 4 KiB) and the file; it never throws for
/// foreign content.
struct Format
{
    std::string_view id;       ///< "torch-zip", "keras-h5"
    Framework framework;       ///< whose files these are
    std::string_view patterns; ///< empty for one that is only recognised; "*.pt *.pth", for dialogs and drop areas only
    bool (*matches)(std::span<const std::byte> head, const File& file);
    /// Reads the structure and no tensor. Throws Error.
    Model (*read)(std::shared_ptr<const File> file, const Progress& progress);
    /// The same with the architecture out of another file, for weights without one; null for a format that always has its own.
    Model (*readWith)(std::shared_ptr<const File> file, const std::string& architecture, const Progress& progress) = nullptr;
};

/// The table, in the order in which the formats are asked.
std::span<const Format* const> formats();

/// Opens any supported file. Throws Error; for foreign content it says what the file is ("a Git LFS pointer", "a gzip archive", "an ONNX
/// model", ...). `architecture` is a Keras configuration (JSON) for Keras weights that have none of their own, which else is looked for
/// beside them.
Model openModel(const std::string& path, const Progress& progress = Progress(), const std::string& architecture = "");

/// The same for one that is open.
Model openModel(std::shared_ptr<const File> file, const Progress& progress = Progress(), const std::string& architecture = "");

/// "*.pt *.pth", of all formats of one framework.
std::string patterns(Framework framework);

}
