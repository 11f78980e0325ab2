// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/progress.h"
#include "core/model/model.h"

namespace core::convert {

/// One parameter of a dump: its name and layout are the source's.
struct DumpedTensor
{
    std::string name;
    Shape shape;
    DType from = DType::Float32, to = DType::Float32; ///< differ where the file has no such type and a wider one holds the same values
};

struct Dump
{
    std::string kind; ///< "npz" or "safetensors"
    std::vector<DumpedTensor> tensors;
    std::vector<Message> warnings; ///< what was left out or widened
};

/// Writes all parameters of a model that can be read to `path`, one at a time; the new file is opened again and every byte compared with
/// what was read before it takes its place. Throws Error("dump-dtype") naming parameters whose type the file cannot hold,
/// Error("dump-proof") when what is read back differs, Error("convert-same-file"), and what reading and writing throw.
Dump dump(const Model& model, const std::string& path, std::string_view kind, const Progress& progress = Progress());

/// Throws Error("convert-same-file") when `path` is the model's own file.
void refuseSource(const std::string& path, const Model& model);

}
