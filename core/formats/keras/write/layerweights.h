// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/keras/write/architecture.h"
#include "core/formats/write.h"

#include <map>

namespace core::formats {

constexpr const char* writtenKerasVersion = "2.15.0"; ///< the generation whose rules the configuration follows
constexpr const char* writtenBackend = "tensorflow";

/// A layer that is written, in Keras' order, with its parameters in Keras' order: trained ones first.
struct WrittenLayer
{
    std::string name, className;
    std::vector<std::string> parameters; ///< names in the model
};
std::vector<WrittenLayer> writtenLayers(const Model& model, const KerasArchitecture& architecture);

/// Values by the parameters' names.
class ValuesByName
{
public:
    explicit ValuesByName(const NamedTensors& tensors);
    /// Throws Error("keras-write") when there are none.
    const Tensor& of(const std::string& name) const;

private:
    std::map<std::string, const Tensor*> m_values;
};

}
