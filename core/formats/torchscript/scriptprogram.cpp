// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torchscript/scriptprogram.h"

#include "core/formats/torchscript/scriptparser.h"

#include <algorithm>

namespace core::formats {

const ScriptSource* ScriptProgram::source(const std::string& qualified, std::string& name)
{
    const std::size_t dot = qualified.rfind('.');
    if (dot == std::string::npos)
        return nullptr;
    name = qualified.substr(dot + 1);
    std::string record = "code/" + qualified.substr(0, dot) + ".py";
    std::replace(record.begin(), record.end() - 3, '.', '/');
    const auto known = m_sources.find(record);
    if (known != m_sources.end())
        return known->second.get();
    const ZipEntry* entry = m_records.find(record);
    if (!entry)
        return m_sources.emplace(record, nullptr).first->second.get();
    if (entry->size > totalLimit - m_total)
        throw Error("script-large").expected("at most 64 MiB of source").found("more").at(printable(record));
    const auto bytes = m_records.directory().contents(*entry, fileLimit);
    m_total += bytes.size();
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return m_sources.emplace(record, std::make_unique<ScriptSource>(parseScript(text, record))).first->second.get();
}

const ScriptClass* ScriptProgram::type(const std::string& qualified)
{
    std::string name;
    const ScriptSource* found = source(qualified, name);
    const auto type = found ? found->classes.find(name) : decltype(found->classes.end())();
    return found && type != found->classes.end() ? &type->second : nullptr;
}

const ScriptFunction* ScriptProgram::function(const std::string& qualified)
{
    std::string name;
    const ScriptSource* found = source(qualified, name);
    const auto function = found ? found->functions.find(name) : decltype(found->functions.end())();
    return found && function != found->functions.end() ? &function->second : nullptr;
}

bool isScriptClass(const PickleNode& node)
{
    if (!node.is(PickleNode::Type::Object) || !node.callable->is(PickleNode::Type::Global))
        return false;
    const std::string_view module = node.callable->module();
    return (module == "__torch__" || module.starts_with("__torch__.")) && !module.starts_with("__torch__.torch.classes");
}

std::pair<std::string, std::string> scriptClassName(const std::string& qualified)
{
    std::vector<std::string> parts;
    for (std::size_t begin = 0; begin <= qualified.size();) {
        const std::size_t end = std::min(qualified.find('.', begin), qualified.size());
        std::string part = qualified.substr(begin, end - begin);
        if (part != "__torch__" && !part.starts_with("___torch_mangle_"))
            parts.push_back(std::move(part));
        begin = end + 1;
    }
    std::pair<std::string, std::string> result;
    if (parts.empty())
        return result;
    result.second = printable(parts.back());
    parts.pop_back();
    for (const std::string& part : parts)
        result.first += (result.first.empty() ? "" : ".") + printable(part);
    return result;
}

}
