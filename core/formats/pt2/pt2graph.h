// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/aten/atengraph.h"
#include "core/json/json.h"

#include <map>
#include <memory>

namespace core::formats {

/// A member of an object, null where there is none.
const Json& pt2Member(const Json& json, const char* key);
/// Sizes or strides of a tensor's metadata; -1 for one that is an expression.
Shape pt2Sizes(const Json& sizes);

/// Turns the graph of an exported program (torch/_export/serde/schema.py) into ops of a model whose parameters are already there.
class Pt2Graph
{
public:
    explicit Pt2Graph(Model& model) : m_model(model), m_graph(model) {}

    /// `module` is the program's graph_module. Throws Error("pt2-graph") for a value from nowhere.
    void read(const Json& module);

private:
    void readInputs(const Json& signature, const Json& tensors);
    void readModules(const Json& nodes);
    void readNode(const Json& node);
    AtenValue argument(const Json& argument);
    AtenValue list(const Json& values, const char* kind);
    AtenValue named(const Json& reference, const char* key) const;
    void setOutputs(const Json& outputs, const AtenValue& result);
    void setName(const Json& output, const AtenValue& value);

    Model& m_model;
    AtenGraph m_graph;
    std::map<std::string, AtenValue> m_values;
    std::map<std::string, std::unique_ptr<AtenModule>> m_modules; ///< by path
    std::vector<const AtenModule*> m_order;
    std::map<std::string, int> m_invocations; ///< by the call's key: "L__self___pool@1"
};

}
