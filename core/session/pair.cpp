// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/labelled.h"
#include "core/mapping/openroles.h"
#include "core/mapping/pairs.h"
#include "core/session/session.h"
#include "core/session/shapes.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::session {

namespace {

bool tellsInput(const Model& model)
{
    return model.inputShape && std::none_of(model.inputShape->begin(), model.inputShape->end(), [](std::int64_t size) { return size < 0; });
}

/// A model whose input's shape no file tells runs on one that its layers accept, and says so.
void noteGuessedInput(Model& model, const Model& file, const Model* twin)
{
    if (model.inputShape && !tellsInput(file) && !(twin && tellsInput(*twin)))
        model.notes.push_back(
            {{"input-shape-guess",
              {text(*model.inputShape)},
              fmt::format("No file tells the shape of the input: {} is taken, which the layers accept.", text(*model.inputShape))},
             Note::Severity::Info,
             ""});
}

std::shared_ptr<const Model> labelledFor(const std::shared_ptr<const Model>& model, const Model* twin)
{
    if (!model)
        return nullptr;
    Model result = twin ? withShapesOf(*twin, *model) : *model;
    const std::optional<Shape> shape = mapping::inputShapeFor(result, twin);
    if (shape)
        result.inputShape = shape;
    noteGuessedInput(result, *model, twin);
    result = mapping::labelled(std::move(result), shape).model;
    result.indexNames();
    return std::make_shared<const Model>(std::move(result));
}

/// A flattening in the other file's wiring need not be this one's.
Axes assumed(Axes axes)
{
    for (Axis& axis : axes)
        axis.isAssumed = axis.order() == Order::Known;
    return axes;
}

/// Whether the file itself tells of what its features were flattened.
bool tellsOrder(const Axes& axes)
{
    return std::any_of(axes.begin(), axes.end(), [](const Axis& axis) { return axis.order() == Order::Known && !axis.isAssumed; });
}

/// The file's model with the labels that its parameters got through the borrowed wiring.
std::shared_ptr<const Model> withLabelsOf(const Model& model, const Model& borrowed)
{
    Model result = model;
    for (Parameter& parameter : result.parameters)
        if (const Parameter* labelled = borrowed.parameter(parameter.name); labelled && !tellsOrder(parameter.axes))
            parameter.axes = assumed(labelled->axes);
    return std::make_shared<const Model>(std::move(result));
}

struct Slot
{
    std::shared_ptr<const Model>& file;
    std::shared_ptr<const Model>& run;
    std::string& cannotRun;
};

/// Why a model cannot run as a whole; empty when it can.
std::string obstacle(const Model& model)
{
    if (model.inputOps().empty() || model.outputs.empty())
        return fmt::format("{} tells no input or no output", printable(model.origin.path));
    return {};
}

/// Makes a slot runnable: as it is, or with the twin's wiring.
void prepare(const Slot& slot, const Model* twin, const mapping::Mapping& mapping, bool onLeft)
{
    if (!slot.file)
        return;
    if (slot.file->wired) {
        slot.cannotRun = obstacle(*slot.file);
        slot.run = slot.cannotRun.empty() ? slot.file : nullptr;
        return;
    }
    if (!twin || !twin->wired) {
        slot.cannotRun = fmt::format("{} has no architecture{}", printable(slot.file->origin.path),
                                     twin ? " and neither has the other side: parameters alone are compared"
                                          : ": open the other side, whose architecture it can take");
        return;
    }
    try {
        slot.run = std::make_shared<const Model>(mapping::borrow(*slot.file, *twin, mapping, onLeft));
        slot.file = withLabelsOf(*slot.file, *slot.run);
    } catch (const Error& error) {
        slot.cannotRun = error.what();
    }
}

bool borrows(const std::shared_ptr<const Model>& file, const std::shared_ptr<const Model>& run)
{
    return file && run && !file->wired;
}

void finish(Pair& pair)
{
    prepare({pair.left, pair.runLeft, pair.cannotRunLeft}, pair.right.get(), pair.mapping, true);
    prepare({pair.right, pair.runRight, pair.cannotRunRight}, pair.left.get(), pair.mapping, false);
}

void linkBorrowed(Pair& pair, bool newLinks)
{
    if (borrows(pair.left, pair.runLeft))
        pair.mapping = mapping::withBorrowed(std::move(pair.mapping), *pair.runLeft, *pair.right, true, newLinks);
    if (borrows(pair.right, pair.runRight))
        pair.mapping = mapping::withBorrowed(std::move(pair.mapping), *pair.runRight, *pair.left, false, newLinks);
}

/// What the values say now counts among the reasons.
void noteSameValues(mapping::Link& link, bool same)
{
    const auto isValues = [](const Message& reason) { return reason.id == "same-values"; };
    const bool known = std::any_of(link.reasons.begin(), link.reasons.end(), isValues);
    if (same && !known)
        link.reasons.push_back({"same-values", {}, "same values"});
    else if (!same && known)
        std::erase_if(link.reasons, isValues);
}

/// Rules and values of the parameters, after their labels are known.
void compareValues(Pair& pair, const Progress& progress)
{
    if (!pair.left || !pair.right)
        return;
    pair.mapping = mapping::withRules(std::move(pair.mapping), *pair.left, *pair.right);
    compare::KnownParameters known = pair.known ? *pair.known : compare::KnownParameters();
    pair.parameters = compare::compareParameters(*pair.left, *pair.right, pair.mapping, &known, progress);
    pair.known = std::make_shared<const compare::KnownParameters>(std::move(known));
    std::size_t next = 0;
    for (mapping::Link& link : pair.mapping.links) {
        bool same = !link.parameters.empty();
        for (mapping::ParameterLink& parameters : link.parameters) {
            parameters.equal = pair.parameters[next++].link.equal;
            same = same && parameters.equal.value_or(false);
        }
        noteSameValues(link, same);
    }
}

/// Both files with labels, not linked yet; as `before` has them where that was made of the same files.
Pair labelledPair(std::shared_ptr<const Model> left, std::shared_ptr<const Model> right, const Pair* before)
{
    Pair pair;
    if (before && before->openedLeft == left && before->openedRight == right) {
        pair.known = before->known;
        pair.labelledLeft = before->labelledLeft;
        pair.labelledRight = before->labelledRight;
    } else {
        pair.labelledLeft = labelledFor(left, right.get());
        pair.labelledRight = labelledFor(right, left.get());
    }
    pair.left = pair.labelledLeft;
    pair.right = pair.labelledRight;
    pair.openedLeft = std::move(left);
    pair.openedRight = std::move(right);
    return pair;
}

/// What one file leaves open of its parameters' roles, as the other's layers tell; returns whether there was any.
bool settleRoles(Pair& pair)
{
    if (!pair.left || !pair.right)
        return false;
    auto left = mapping::withSettledRoles(*pair.left, *pair.right, pair.mapping, true);
    auto right = mapping::withSettledRoles(*pair.right, *pair.left, pair.mapping, false);
    if (left)
        pair.left = std::make_shared<const Model>(std::move(*left));
    if (right)
        pair.right = std::make_shared<const Model>(std::move(*right));
    return left || right;
}

}

bool swapsSides(const Model& a, const Model& b)
{
    return a.framework == Framework::Keras && b.framework == Framework::Torch;
}

Pair makePair(std::shared_ptr<const Model> left, std::shared_ptr<const Model> right, const Progress& progress)
{
    Pair pair = labelledPair(std::move(left), std::move(right), nullptr);
    if (pair.left && pair.right)
        pair.mapping = mapping::autoMap(*pair.left, *pair.right, true, progress);
    if (settleRoles(pair)) // more parameters can be linked
        pair.mapping = mapping::autoMap(*pair.left, *pair.right, true, progress);
    finish(pair);
    linkBorrowed(pair, true);
    compareValues(pair, progress);
    return pair;
}

Pair makePair(std::shared_ptr<const Model> left, std::shared_ptr<const Model> right, mapping::Mapping mapping, const Pair* before,
              const Progress& progress)
{
    Pair pair = labelledPair(std::move(left), std::move(right), before);
    pair.mapping = std::move(mapping);
    settleRoles(pair);
    finish(pair);
    linkBorrowed(pair, false);
    compareValues(pair, progress);
    return pair;
}

std::vector<Note> assumedOrders(const Pair& pair, bool onLeft)
{
    std::vector<Note> result;
    const auto &file = onLeft ? pair.left : pair.right, &twin = onLeft ? pair.right : pair.left;
    if (!borrows(file, onLeft ? pair.runLeft : pair.runRight))
        return result;
    const auto isAssumed = [](const Axis& axis) { return axis.isAssumed; };
    for (const mapping::Link& link : pair.mapping.links)
        for (const mapping::ParameterLink& linked : link.parameters)
            for (const Parameter* parameter : mapping::parametersNamed(*file, onLeft ? linked.left : linked.right))
                if (!linked.equal.value_or(false) && std::any_of(parameter->axes.begin(), parameter->axes.end(), isAssumed))
                    result.push_back({{"order-assumed",
                                       {parameter->name, twin->origin.path},
                                       fmt::format("the order in which {} takes its features is not in the file; that of {} is assumed",
                                                   printable(parameter->name), printable(twin->origin.path))},
                                      Note::Severity::Warning,
                                      parameter->layer});
    return result;
}

std::shared_ptr<const Model> prepared(Model model, const Shape* inputShape)
{
    const std::optional<Shape> shape = inputShape ? std::optional(*inputShape) : mapping::inputShapeFor(model, nullptr);
    const bool isGuessed = !inputShape && !tellsInput(model);
    model.inputShape = shape;
    if (isGuessed)
        noteGuessedInput(model, Model(), nullptr);
    return std::make_shared<const Model>(mapping::labelled(std::move(model), shape).model);
}

}
