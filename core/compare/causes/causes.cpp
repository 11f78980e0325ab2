// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compare/causes/causes.h"

namespace core::compare {

std::vector<Cause> causesOf(const Report&, const Side&, const Side&, const mapping::Mapping&, const Progress&)
{
    return {};
}

std::vector<Cause> causesOfParameters(const Report&, const Model&, const Model&, const mapping::Mapping&, const Progress&)
{
    return {};
}

}
