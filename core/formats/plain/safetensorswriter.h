// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/progress.h"
#include "core/files/atomicfile.h"
#include "core/model/model.h"

#include <functional>
#include <map>
#include <span>

namespace core::formats {

/// "F32"; empty for types that safetensors lacks.
std::string_view safetensorsName(DType dtype);

/// Is told the bytes that were written of each parameter, in pieces.
using WrittenBytes = std::function<void(std::size_t parameter, std::span<const std::byte> bytes)>;

/// Writes the parameters, whose types safetensors has, under their names: the header in their order, the values by falling size of their
/// types, so that each is aligned. Values are read and written piece by piece. `metadata` goes into the header, with `format` "pt" where it
/// names none: libraries refuse a file without one. The caller commits the file.
void writeSafetensors(AtomicFile& file, std::span<const Parameter* const> parameters, const std::map<std::string, std::string>& metadata,
                      const WrittenBytes& told, const Progress& progress = Progress());

}
