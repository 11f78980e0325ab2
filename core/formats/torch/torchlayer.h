// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/pickle/pickle.h"
#include "core/layers/steps.h"

namespace core::formats {

/// The class of a module: {"torch.nn.modules.conv", "Conv2d"}.
struct TorchClass
{
    std::string package, name;
    bool isTorch() const; ///< one of torch.nn's own, whose computation is known by its name
    std::string full() const { return package.empty() ? name : package + "." + name; }
};

/// The class of an object made by NEWOBJ, a call, or copyreg's _reconstructor (protocols 0 and 1).
TorchClass torchClass(const PickleNode& object);

/// Collects what belongs to one layer and turns it into the model's Layer and Op through the table of kinds.
class TorchLayer
{
public:
    /// `raw` is for the table of kinds, `shown` for people.
    TorchLayer(std::string name, TorchClass type, Attributes raw, Attributes shown);

    const std::string& name() const { return m_name; }
    /// What the parameter `own` ("weight") is to this layer's kind ("kernel"), else its last part.
    std::string role(const std::string& own) const;
    /// `own` as the module calls it, `full` as the model does.
    void add(const std::string& own, const std::string& full, const Shape& shape);

    /// The layer's ops, of which `first` is the index of the first in the model, with `inputs` (none: nothing is connected). `unsupported`
    /// is set where the kind is unknown, asks for something that cannot be computed, or disagrees with its weights.
    std::vector<Op> ops(int first, const std::vector<Input>& inputs) const;
    Layer layer(const std::vector<Op>& ops) const;

private:
    Op op() const;
    std::vector<Op> steps(const layers::Steps& steps, int first, const std::vector<Input>& inputs) const;

    std::string m_name;
    TorchClass m_class;
    const layers::Kind* m_kind;
    layers::TorchSpec m_spec;
    Attributes m_shown;
    std::vector<std::string> m_parameters;
    std::map<std::string, std::string> m_roles, m_fullNames; ///< by role, and by the module's own name
};

/// Gives a step the parameters that its layer calls by the step's names for them; `full` and `shapes` are by those names. A parameter that
/// is not there, or has another shape, is the reason why it cannot run.
void takeStepParameters(Op& op, const std::map<std::string, std::string>& full, const std::map<std::string, Shape>& shapes);

/// Where the shapes of a layer's parameters contradict its attributes, in words; empty when they agree.
std::string torchShapeProblem(const layers::Kind& kind, const Op& op, const std::map<std::string, Shape>& shapes);

}
