// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/progress.h"
#include "core/formats/aten/atengraph.h"
#include "core/formats/torchscript/scriptprogram.h"
#include "core/formats/torchscript/scripttree.h"

#include <unordered_map>
#include <unordered_set>

namespace core::formats {

/// An object of a class that is no module, made while forward runs.
struct ScriptInstance final : AtenObject
{
    const ScriptClass* type = nullptr;
    mutable std::map<std::string, AtenValue> fields;
};

/// Follows a TorchScript module's forward with values that are known only in part, and writes down the operators that it calls. No tensor
/// is computed and nothing outside is called. Branches on what is known are decided; those on what is not become one opaque operator
/// ("if", "loop") with edges from what goes in and to what comes out. Throws Error("script-...") where no such graph can be told.
class ScriptEvaluator
{
public:
    ScriptEvaluator(ScriptProgram& program, AtenGraph& graph, const std::vector<std::string>& constants, const Progress& progress)
        : m_program(program), m_graph(graph), m_constants(constants), m_progress(progress)
    {
    }

    /// What forward returns. `shapes` are those of the example inputs, where the file has them.
    AtenValue run(std::shared_ptr<const ScriptModule> root, const std::vector<Shape>& shapes);

private:
    enum class Flow { Next, Return, Break, Continue };
    using Expression = const ScriptExpression*;

    struct Frame
    {
        const AtenModule* module = nullptr; ///< whose operators these are
        int invocation = 0;
        std::unordered_map<std::string, AtenValue> names;
        AtenValue result;
    };
    struct Arguments
    {
        std::vector<AtenValue> values;
        std::vector<std::pair<std::string, AtenValue>> keywords;
    };

    // scriptevaluator.cpp: statements
    AtenValue invoke(const ScriptFunction& function, Arguments arguments, const AtenModule* module, int invocation);
    Flow execute(const ScriptBlock& block, Frame& frame);
    Flow execute(const ScriptStatement& statement, Frame& frame);
    Flow executeIf(const ScriptStatement& statement, Frame& frame);
    Flow executeWhile(const ScriptStatement& statement, Frame& frame);
    Flow executeFor(const ScriptStatement& statement, Frame& frame);
    void assign(const std::vector<Expression>& targets, const AtenValue& value, Frame& frame);
    void assignOne(const ScriptExpression& target, const AtenValue& value, Frame& frame);
    void opaque(const ScriptStatement& statement, std::string_view name, Frame& frame);

    // scriptexpressions.cpp
    AtenValue evaluate(const ScriptExpression& expression, Frame& frame);
    AtenValue evaluateName(const ScriptExpression& expression, const Frame& frame) const;
    AtenValue evaluateAttribute(const ScriptExpression& expression, Frame& frame);
    AtenValue evaluateCall(const ScriptExpression& expression, Frame& frame);
    AtenValue evaluateSubscript(const ScriptExpression& expression, Frame& frame);
    AtenValue evaluateOperator(const ScriptExpression& expression, Frame& frame);
    AtenValue evaluateItems(const ScriptExpression& expression, Frame& frame);
    Arguments evaluateArguments(const ScriptExpression& call, Frame& frame);
    AtenValue callPlain(const ScriptExpression& expression, Frame& frame);
    AtenValue callGlobal(const std::string& dotted, Arguments arguments, Frame& frame);
    AtenValue callOperator(const std::string& name, const Arguments& arguments, Frame& frame);
    AtenValue callMethod(const AtenValue& object, const std::string& name, Arguments arguments, Frame& frame);
    AtenValue attributeOf(const AtenValue& object, const std::string& name);
    AtenValue moduleAttribute(const ScriptModule& module, const std::string& name);
    AtenValue ofNode(const ScriptModule& module, const std::string& own, const PickleNode& node, int depth) const;

    ScriptProgram& m_program;
    AtenGraph& m_graph;
    const std::vector<std::string>& m_constants;
    const Progress& m_progress;
    std::unordered_map<std::string, AtenValue> m_changed; ///< attributes that the code sets, by path
    std::size_t m_steps = 0;
    int m_depth = 0, m_invocations = 0;
};

}
