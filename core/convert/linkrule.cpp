// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/convert/rules.h"
#include "core/mapping/mapping.h"

namespace core::convert {

namespace {

std::vector<const Parameter*> named(const Model& model, const std::vector<std::string>& names)
{
    std::vector<const Parameter*> result;
    for (const std::string& parameterName : names) {
        result.push_back(model.parameter(parameterName));
        if (!result.back())
            throw Error("rule-parameter").file(model.origin.path).expected("a parameter of the file").found(printable(parameterName));
    }
    return result;
}

}

std::vector<Tensor> applyRule(const mapping::ParameterLink& link, const Model& left, const Model& right, bool toRight)
{
    const std::vector<const Parameter*> from = named(toRight ? left : right, toRight ? link.left : link.right);
    const std::vector<const Parameter*> to = named(toRight ? right : left, toRight ? link.right : link.left);
    std::vector<Tensor> values;
    for (const Parameter* parameter : from)
        values.push_back(read(parameter->source));
    return applyRule(link.rule, values, from, to);
}

}
