// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/call.h"

#include <algorithm>

namespace core::layers {

namespace {

Error unknownInput(const Op& op)
{
    return Error("call-input").expected("an input of known shape").found("none").at(printable(op.name));
}

}

Call::Call(const Op& called, const Values& values) : op(called)
{
    for (const Input& input : op.inputs) {
        const std::optional<Value>& value = values[input.port];
        m_values.push_back(value ? &*value : nullptr);
    }
}

bool Call::isKnown() const
{
    return !m_values.empty() && std::find(m_values.begin(), m_values.end(), nullptr) == m_values.end();
}

const Value* Call::find(std::string_view name) const
{
    for (std::size_t i = 0; i < m_values.size(); ++i)
        if ((i < op.inputs.size() ? std::string_view(op.inputs[i].name) : std::string_view()) == name)
            return m_values[i];
    return nullptr;
}

const Value& Call::input() const
{
    const Value* value = find();
    if (!value)
        throw unknownInput(op);
    return *value;
}

std::vector<Value> Call::inputs() const
{
    std::vector<Value> result;
    for (std::size_t i = 0; i < m_values.size(); ++i) {
        if (i < op.inputs.size() && !op.inputs[i].name.empty())
            continue;
        if (!m_values[i])
            throw unknownInput(op);
        result.push_back(*m_values[i]);
    }
    return result;
}

}
