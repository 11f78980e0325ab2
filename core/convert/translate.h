// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mapping/mapping.h"

namespace core::convert {

/// A twin made from a model: the same network in another framework, without weights.
struct Translation
{
    std::shared_ptr<const Model> source; ///< as it was, the order of features told wherever the twin has them in the same one
    std::shared_ptr<const Model> twin;   ///< wired, with labelled parameters; reading their values gives zeros
    mapping::Mapping mapping;            ///< between the two, each op with what it became; parameter links with their rules
    bool sourceOnLeft = true;
    std::vector<Message> notes; ///< what a person should know: the layout of inputs and outputs, what training state does not carry over
};

/// `source` has labelled parameters and an input shape (session::prepared). Every op becomes one of the same kind in the target's layout,
/// or the ops that the target computes it by (Kind::turned, Kind::spread); layers that are called several times stay one. A model that is
/// of the target's framework already is its own twin. Throws Error("translate-...") for a model without wiring or of unknown input shape,
/// and one that names every layer that has no exact twin, with what differs.
Translation translate(std::shared_ptr<const Model> source, Framework target);

}
