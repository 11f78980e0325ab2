// SPDX-License-Identifier: GPL-3.0-or-later
// centercrop: output, the sizes that are left of the image's middle; where they differ by an odd number one more goes behind. Keras
// stretches images that are smaller, which is refused.
#include "core/layers/imagekinds.h"
#include "core/layers/spec.h"
#include "core/layers/turned.h"
#include "core/layers/window.h"

#include <fmt/format.h>

namespace core::layers {

namespace {

Attributes fromKeras(const KerasSpec& spec)
{
    Attributes canonical{{"output", Ints{kerasInt(spec.config, "height", 0), kerasInt(spec.config, "width", 0)}}};
    setKerasLayout(canonical, spec.config);
    return canonical;
}

Json toKeras(const Op& op)
{
    const Ints output = op.attributes.integers("output", 2);
    Json config{{"height", output[0]}, {"width", output[1]}};
    if (op.attributes.boolean("channels_first", false)) // which Keras 2 cannot be told
        config["data_format"] = kerasLayout(op);
    return config;
}

std::vector<Value> infer(const Call& call)
{
    const Picture picture = pictureOf(call.op, call.input(), 2);
    const Ints output = call.op.attributes.integers("output", 2);
    for (std::size_t d = 0; d < output.size(); ++d)
        if (output[d] < 1 || output[d] > picture.sizes[d])
            throw Error("shape-window")
                .expected(fmt::format("an image of at least {}, else Keras stretches it", timesWord(output)))
                .found(timesWord(picture.sizes))
                .at(printable(call.op.name));
    return {resized(call.input(), picture, output)};
}

std::string difference(const Call& a, const Call& b)
{
    return differs("output size", a.op.attributes.integers("output"), b.op.attributes.integers("output"));
}

std::vector<std::string> words(const Op& op, std::int64_t)
{
    return {"to " + timesWord(op.attributes.integers("output"))};
}

}

const Kind centerCrop{.id = "centercrop",
                      .torchClasses = {},
                      .kerasClasses = {"CenterCrop"},
                      .effect = Effect::Images,
                      .fromKeras = fromKeras,
                      .toKeras = toKeras,
                      .inputAxes = imageAxes<2>,
                      .infer = infer,
                      .difference = difference,
                      .words = words,
                      .turned = turnedImages};

}
