// SPDX-License-Identifier: GPL-3.0-or-later
// input: shape without batch. Its value is fed.
#include "core/layers/shapekinds.h"
#include "core/layers/spec.h"

namespace core::layers {

namespace {

Attributes fromKeras(const KerasSpec& spec)
{
    Attributes canonical;
    for (const char* key : {"batch_input_shape", "batch_shape"}) {
        const auto found = spec.config.find(key);
        if (found == spec.config.end() || found->is_null())
            continue;
        const Json& list = found->is_object() && found->contains("items") ? (*found)["items"] : *found;
        if (!list.is_array() || list.empty())
            throw Error("attribute").expected(std::string("a shape called ") + key).found(printable(dumpJson(*found, -1)));
        Ints shape;
        for (std::size_t i = 1; i < list.size(); ++i) {
            if (!list[i].is_null() && !list[i].is_number_integer())
                throw Error("attribute").expected(std::string("sizes in ") + key).found(printable(dumpJson(list, -1)));
            shape.push_back(list[i].is_null() ? -1 : list[i].get<std::int64_t>());
        }
        canonical.set("shape", shape);
    }
    return canonical;
}

Json toKeras(const Op& op)
{
    Json shape = Json::array({nullptr});
    for (const std::int64_t size : op.attributes.integers("shape"))
        shape.push_back(size < 0 ? Json(nullptr) : Json(size));
    return {{"batch_input_shape", shape}};
}

}

const Kind inputKind{.id = "input",
                     .torchClasses = {},
                     .kerasClasses = {"InputLayer"},
                     .transparent = true,
                     .fromKeras = fromKeras,
                     .toKeras = toKeras,
                     .difference = noDifference};

}
