// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/kind.h"
#include "core/model/model.h"

#include <optional>
#include <vector>

namespace core::mapping {

/// A model whose parameters bear axis labels, and shape and labels of what each op computes (empty where that is unknown).
struct Labelled
{
    Model model;
    layers::Values values;
};

/// `inputShape` is without batch, in the model's own layout; empty: nothing is inferred. Labels that a model without wiring has already are
/// kept.
Labelled labelled(Model model, const std::optional<Shape>& inputShape);

/// What `model` takes: as its file says, else as `twin` says (axes moved to this framework), else guessed.
std::optional<Shape> inputShapeFor(const Model& model, const Model* twin);

/// The shape (without batch) that an input of another model has for the samples that one of `from` takes as `shape`: channels change
/// places.
Shape shapeInLayout(const Shape& shape, const Model& from, int fromOp, const Model& to, int toOp);

/// A value's shape and labels in the layout of another framework (what has channels; others stay).
std::optional<layers::Value> inLayout(const std::optional<layers::Value>& value, Framework framework);

/// An axis of `input`, batch included, as another framework counts it: by its label, else the same.
std::int64_t axisInLayout(std::int64_t axis, const std::optional<layers::Value>& input, Framework to);

}
