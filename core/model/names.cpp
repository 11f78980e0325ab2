// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/names.h"

#include <fmt/format.h>

namespace core {

std::string className(const Model& model, const Op& op)
{
    const Layer* layer = model.layer(op.layer);
    return layer ? layer->kind : op.kind;
}

std::string shownOp(const Model& model, int op)
{
    const Op& shown = model.ops[static_cast<std::size_t>(op)];
    const Layer* layer = model.layer(shown.layer);
    const bool told = layer && shown.kind != "input" && !layer->kind.empty() && layer->kind != shown.name;
    return printable(shown.name) + (told ? fmt::format(" ({})", printable(layer->kind)) : "");
}

}
