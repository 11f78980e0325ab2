// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/keras/config/owner.h"

#include "core/base/error.h"
#include "core/formats/keras/config/config.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace core::formats {

namespace {

/// The part before '>' of a registered name, or empty.
std::string packageOf(std::string_view registered)
{
    const auto end = registered.find('>');
    return std::string(end == std::string_view::npos ? std::string_view() : registered.substr(0, end));
}

bool isKerasModule(std::string_view module)
{
    constexpr std::array<std::string_view, 4> roots{"keras", "tf_keras", "tensorflow.keras", "tensorflow.python.keras"};
    return std::any_of(roots.begin(), roots.end(), [&](std::string_view root) {
        return module.starts_with(root) && (module.size() == root.size() || module[root.size()] == '.');
    });
}

}

std::string KerasOwner::title(std::string_view className) const
{
    return package.empty() ? fmt::format("{} of the user's own code", printable(className))
                           : fmt::format("{} of the package {}", printable(className), printable(package));
}

std::string KerasOwner::reason(std::string_view className) const
{
    return fmt::format("it is {}, not Keras' own: what it computes is not in the file", title(className));
}

KerasOwner kerasOwner(const Json& object)
{
    const std::string registered = textIn(object, "registered_name"), module = textIn(object, "module");
    for (const auto& name : {textIn(object, "class_name"), registered})
        if (auto package = packageOf(name); !package.empty())
            return {true, std::move(package), false};
    if (module == "__main__")
        return {true, {}, false};
    if (module.empty())
        return {!registered.empty(), {}, false};
    return isKerasModule(module) ? KerasOwner() : KerasOwner{true, module, true};
}

std::string bareClassName(const Json& object)
{
    const auto name = textIn(object, "class_name");
    return name.substr(name.find('>') + 1);
}

bool isKerasOperator(const Json& object)
{
    const std::string name = textIn(object, "class_name"), module = textIn(object, "module");
    return name == "TFOpLambda" || name == "SlicingOpLambda" || module == "keras.ops" || module.starts_with("keras.ops.") ||
           module.starts_with("keras.src.ops.");
}

}
