// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/pickle/pickle.h"
#include "core/layers/kind.h"

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

    /// With `unsupported` set when the kind is unknown, asks for something that cannot be computed, or disagrees with its weights.
    Op op() const;
    Layer layer(const Op& op) const;

private:
    std::string m_name;
    TorchClass m_class;
    const layers::Kind* m_kind;
    layers::TorchSpec m_spec;
    Attributes m_shown;
    std::vector<std::string> m_parameters;
    std::map<std::string, std::string> m_roles;
};

/// Where the shapes of a layer's parameters contradict its attributes, in words; empty when they agree.
std::string torchShapeProblem(const layers::Kind& kind, const Op& op, const std::map<std::string, Shape>& shapes);

}
