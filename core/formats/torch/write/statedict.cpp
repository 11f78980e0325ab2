// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/names.h"
#include "core/formats/torch/write/pickler.h"

namespace core::formats {

void writeTorchStateDict(AtomicFile& file, const NamedTensors& tensors)
{
    PythonValue root = PythonValue::of(PythonValue::Type::OrderedDict);
    for (std::size_t i = 0; i < tensors.size(); ++i)
        root.set(rawName(tensors[i].first), PythonValue::tensor(i, false));
    writeTorchArchive(file, root, tensors);
}

void writeTorchStateDict(const std::string& path, const NamedTensors& tensors)
{
    AtomicFile file(path);
    writeTorchStateDict(file, tensors);
    file.commit();
}

}
