// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/aten/atenarguments.h"

namespace core::formats {

AtenValue argumentOf(const AtenCall& call, std::size_t index, std::string_view schema)
{
    for (const auto& [name, value] : call.arguments)
        if (!name.empty() && name == schema)
            return value;
    return index < call.arguments.size() && call.arguments[index].first.empty() ? call.arguments[index].second : AtenValue();
}

bool isOne(const AtenValue& value)
{
    return value.isNone() || (value.isNumber() && value.number() == 1);
}

bool isInteger(const AtenValue& value, std::int64_t number)
{
    return value.is(AtenValue::Type::Integer) && value.integer == number;
}

}
