// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/convention.h"

#include "core/layers/kind.h"

#include <algorithm>

namespace core::layers {

Framework convention(const Model& model)
{
    if (model.framework != Framework::None)
        return model.framework;
    const auto bears = [](const std::vector<std::string_view>& classes, const std::string& name) { // "Linear or Embedding"
        return std::any_of(classes.begin(), classes.end(), [&](std::string_view known) {
            return name == known || name.starts_with(std::string(known) + " or ") || name.ends_with(" or " + std::string(known));
        });
    };
    std::size_t torch = 0, keras = 0;
    for (std::size_t i = 0; i < model.layers.size() && i < model.ops.size(); ++i)
        if (const Kind* known = kind(model.ops[i].kind)) {
            torch += bears(known->torchClasses, model.layers[i].kind);
            keras += bears(known->kerasClasses, model.layers[i].kind);
        }
    return torch + keras == 0 ? Framework::None : torch >= keras ? Framework::Torch : Framework::Keras;
}

}
