// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/aten/atenvalue.h"

namespace core::formats {

AtenValue AtenValue::ofReal(double r)
{
    AtenValue result;
    result.type = Type::Real;
    result.real = r;
    return result;
}

AtenValue AtenValue::ofString(std::string s)
{
    AtenValue result;
    result.type = Type::String;
    result.text = std::move(s);
    return result;
}

AtenValue AtenValue::ofItems(Type type, std::vector<AtenValue> values)
{
    AtenValue result;
    result.type = type;
    result.items = std::make_shared<AtenItems>();
    result.items->values = std::move(values);
    return result;
}

AtenValue AtenValue::ofParameter(std::string name)
{
    AtenValue result = ofString(std::move(name));
    result.type = Type::Parameter;
    return result;
}

AtenValue AtenValue::ofObject(std::shared_ptr<const AtenObject> object)
{
    AtenValue result;
    result.type = Type::Object;
    result.object = std::move(object);
    return result;
}

AtenValue AtenValue::computed(Type type, int value, int output)
{
    AtenValue result;
    result.type = type;
    result.value = value;
    result.output = output;
    return result;
}

}
