// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/options.h"
#include "core/session/session.h"

namespace app {

/// Opens the command's first file, with its SHA-256 if that is asked for. Throws core::Error.
core::Model openFirst(const Options& options);

/// Two files in their slots, mapped.
struct OpenPair
{
    core::session::Pair pair;
    bool swapped = false; ///< the first argument is on the right
};
/// `arrays` tell their shapes to models that declare none; `willRun` starts LibTorch's worker while the rest is read.
OpenPair openPair(const std::string& first, const std::string& second, const Options& options, const core::session::ArraysInput* arrays,
                  bool willRun);

/// The file's text. Throws core::Error.
std::string readText(const std::string& path, std::uint64_t limit);
/// Writes a whole file or none.
void writeText(const std::string& path, std::string_view text);

}
