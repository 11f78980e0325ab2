// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/keras/graph/activation.h"

#include "core/base/error.h"
#include "core/formats/keras/config/config.h"

#include <fmt/format.h>

namespace core::formats {

namespace {

/// A function is written as an object only where it is not Keras' own: {"class_name":"function","config":"my_fn",...}.
KerasActivation functionActivation(const Json& object, const std::string& name)
{
    const auto owner = kerasOwner(object);
    const auto mark = name.find('>');
    const KerasOwner whose{true, mark != std::string::npos ? name.substr(0, mark) : owner.package == "builtins" ? "" : owner.package};
    return {name, {}, fmt::format("its activation is {}: what it computes is not in the file", whose.title(name.substr(mark + 1)))};
}

}

KerasActivation activationOf(const Json& config)
{
    const auto found = config.find("activation");
    if (found == config.end() || found->is_null() || *found == "linear")
        return {};
    if (found->is_string())
        return {found->get<std::string>(), {"Activation", {{"activation", *found}}}};
    const auto className = bareClassName(*found);
    const auto inner = found->is_object() ? found->find("config") : found->end();
    if (inner != found->end() && inner->is_string())
        return functionActivation(*found, inner->get<std::string>());
    KerasActivation activation{className.empty() ? "of an unknown form" : className,
                               {className, inner != found->end() && inner->is_object() ? *inner : Json::object()}};
    if (const auto owner = kerasOwner(*found); owner.isForeign)
        return {className, {}, fmt::format("its activation is {}: what it computes is not in the file", owner.title(className))};
    return activation;
}

std::string cannotCompute(const KerasActivation& activation)
{
    return fmt::format("Tieout cannot compute the activation {} yet", printable(activation.name));
}

}
