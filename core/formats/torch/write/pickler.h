// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/files/atomicfile.h"
#include "core/formats/torch/write/pythonvalue.h"
#include "core/formats/write.h"

namespace core::formats {

/// Writes the archive that torch.save makes of `root`: its pickle and the bytes of `tensors`, which it holds by their places. Only the
/// opcodes that torch.load(weights_only=True) knows, protocol 2, records exactly as long as declared (formats.md A1, "What a valid writer
/// must emit"). The caller commits the file. Throws Error("torch-write-dtype"), Error("torch-write-name") for two tensors of one name.
void writeTorchArchive(AtomicFile& file, const PythonValue& root, const NamedTensors& tensors);

}
