// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/files/outputs.h"

#include "core/base/error.h"
#include "core/files/atomicfile.h"
#include "core/files/place.h"

#include <fmt/format.h>
#include <map>

namespace core {

void checkOutputs(const std::vector<NamedPath>& inputs, const std::vector<NamedPath>& outputs)
{
    std::map<Place, std::string> taken;
    for (const NamedPath& input : inputs)
        if (!input.path.empty())
            taken.emplace(placeOf(input.path), input.role + ", which is read");
    for (const NamedPath& output : outputs) {
        if (output.path.empty())
            continue;
        const auto [other, isNew] = taken.emplace(placeOf(output.path), output.role);
        if (!isNew)
            throw Error("output-clash")
                .file(output.path)
                .expected(fmt::format("a file of its own for {}", output.role))
                .found(fmt::format("the file of {}", other->second))
                .advice("Give another name: nothing was written.");
        const AtomicFile probe(output.path); // leaves nothing
    }
}

}
