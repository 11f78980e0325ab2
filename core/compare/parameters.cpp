// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compare/compare.h"
#include "core/rules/equality.h"

#include <cmath>

namespace core::compare {

std::vector<ParameterResult> compareParameters(const Model& left, const Model& right, const mapping::Mapping& mapping)
{
    std::vector<ParameterResult> results;
    for (const mapping::Link& link : mapping.links)
        for (const mapping::ParameterLink& parameters : link.parameters) {
            ParameterResult result{parameters, false, std::nan("")};
            const Parameter* a = parameters.left.size() == 1 ? left.parameter(parameters.left.front()) : nullptr;
            const Parameter* b = parameters.right.size() == 1 ? right.parameter(parameters.right.front()) : nullptr;
            if (a && b) {
                try {
                    const rules::ValueDifference difference = rules::valueDifference(*a, *b);
                    result.equal = difference.equal;
                    result.maxAbs = difference.maxAbs;
                } catch (const Error&) {
                    result.equal = false; // unreadable or of another shape: told as not equal, with no number
                }
            }
            result.link.equal = result.equal;
            results.push_back(std::move(result));
        }
    return results;
}

}
