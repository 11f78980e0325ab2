// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/json/json.h"
#include "core/mapping/mapping.h"
#include "core/rules/rules.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::mapping {

namespace {

constexpr std::string_view schema = "tieout.map/1";

Json fileJson(const Model& model)
{
    Json json;
    json["path"] = printable(model.origin.path, 4096);
    json["sha256"] = model.origin.sha256.empty() ? Json(nullptr) : Json(model.origin.sha256);
    json["framework"] = std::string(name(model.framework));
    json["format"] = model.origin.format;
    return json;
}

Json parameterJson(const ParameterLink& link)
{
    return {{"left", link.left}, {"right", link.right}, {"rule", link.rule}, {"equal", link.equal ? Json(*link.equal) : Json(nullptr)}};
}

Json reasonsJson(const std::vector<Message>& reasons)
{
    Json json = Json::array();
    for (const Message& reason : reasons)
        json.push_back({{"id", reason.id}, {"text", reason.text}, {"arguments", reason.arguments}});
    return json;
}

[[noreturn]] void malformed(std::string_view where, std::string_view expected, const Json& found)
{
    throw Error("map-malformed").file(where).expected(expected).found(printable(dumpJson(found, -1), 60));
}

const Json& member(const Json& json, const char* key, std::string_view where)
{
    const auto found = json.find(key);
    if (!json.is_object() || found == json.end())
        malformed(where, fmt::format("an object with \"{}\"", key), json);
    return *found;
}

std::string textOf(const Json& json, std::string_view where)
{
    if (!json.is_string())
        malformed(where, "a text", json);
    return json.get<std::string>();
}

std::vector<std::string> names(const Json& json, std::string_view where)
{
    if (!json.is_array())
        malformed(where, "a list of names", json);
    std::vector<std::string> result;
    for (const Json& item : json)
        result.push_back(textOf(item, where));
    return result;
}

std::vector<Message> reasonsFrom(const Json& json, std::string_view where)
{
    std::vector<Message> result;
    for (const Json& item : json) {
        Message message{textOf(member(item, "id", where), where), {}, textOf(member(item, "text", where), where)};
        if (item.contains("arguments"))
            message.arguments = names(item["arguments"], where);
        result.push_back(std::move(message));
    }
    return result;
}

ParameterLink parameterFrom(const Json& json, std::string_view where)
{
    ParameterLink link{names(member(json, "left", where), where),
                       names(member(json, "right", where), where),
                       textOf(member(json, "rule", where), where),
                       {}};
    if (json.contains("equal") && json["equal"].is_boolean())
        link.equal = json["equal"].get<bool>();
    return link;
}

Link linkFrom(const Json& json, std::string_view where)
{
    Link link;
    const Json& ops = member(json, "ops", where);
    link.left = names(member(ops, "left", where), where);
    link.right = names(member(ops, "right", where), where);
    if (link.left.empty() || link.right.empty())
        malformed(where, "a link with ops on both sides", json);
    const Json& confidence = member(json, "confidence", where);
    if (!confidence.is_number() || confidence.get<double>() < 0 || confidence.get<double>() > 1)
        malformed(where, "a confidence from 0 to 1", confidence);
    link.confidence = confidence.get<double>();
    link.reasons = reasonsFrom(member(json, "reasons", where), where);
    link.origin = textOf(member(json, "origin", where), where) == "manual" ? LinkOrigin::Manual : LinkOrigin::Auto;
    for (const Json& parameter : member(json, "parameters", where))
        link.parameters.push_back(parameterFrom(parameter, where));
    return link;
}

/// Refuses a mapping that was made for another file.
void checkFile(const Json& saved, const Model& model, std::string_view where)
{
    const Json& sha = member(saved, "sha256", where);
    const std::string path = textOf(member(saved, "path", where), where);
    const std::string framework = textOf(member(saved, "framework", where), where);
    if (framework != name(model.framework))
        throw Error("map-other-files")
            .file(where)
            .expected(fmt::format("a mapping of a {} file in place of {}", name(model.framework), printable(model.origin.path)))
            .found(fmt::format("{} ({})", printable(path), printable(framework)));
    if (sha.is_string() && !model.origin.sha256.empty() && sha.get<std::string>() != model.origin.sha256)
        throw Error("map-other-files")
            .file(where)
            .expected(fmt::format("a mapping of {} with SHA-256 {}", printable(model.origin.path), model.origin.sha256))
            .found(fmt::format("one of {} with SHA-256 {}", printable(path), printable(sha.get<std::string>())))
            .advice("--map-anyway tries it by names.");
}

/// Ops of a model without wiring may be borrowed ones, which its file does not name.
void keepKnown(std::vector<std::string>& list, const Model& model, bool parameters, bool anyway, std::string_view where)
{
    if (!parameters && !model.wired)
        return;
    const auto known = [&](const std::string& item) { return parameters ? model.parameter(item) != nullptr : model.opIndex(item) >= 0; };
    const auto stranger = std::find_if_not(list.begin(), list.end(), known);
    if (stranger != list.end() && !anyway)
        throw Error("map-other-files")
            .file(where)
            .expected(fmt::format("names of {}", printable(model.origin.path)))
            .found(printable(*stranger))
            .advice("--map-anyway tries it by names.");
    std::erase_if(list, [&](const std::string& item) { return !known(item); });
}

}

Json toJson(const Mapping& mapping, const Model& left, const Model& right)
{
    Json json;
    json["schema"] = std::string(schema);
    json["left"] = fileJson(left);
    json["right"] = fileJson(right);
    json["links"] = Json::array();
    for (const Link& link : mapping.links) {
        Json item;
        item["left"] = layerNames(left, link.left);
        item["right"] = layerNames(right, link.right);
        item["ops"] = {{"left", link.left}, {"right", link.right}};
        item["confidence"] = link.confidence;
        item["reasons"] = reasonsJson(link.reasons);
        item["origin"] = link.origin == LinkOrigin::Manual ? "manual" : "auto";
        item["parameters"] = Json::array();
        for (const ParameterLink& parameter : link.parameters)
            item["parameters"].push_back(parameterJson(parameter));
        json["links"].push_back(std::move(item));
    }
    json["ambiguous"] = Json::array();
    for (const Ambiguity& ambiguity : mapping.ambiguous)
        json["ambiguous"].push_back({{"left", layerNames(left, ambiguity.left)},
                                     {"right", layerNames(right, ambiguity.right)},
                                     {"why", ambiguity.why.text},
                                     {"ops", {{"left", ambiguity.left}, {"right", ambiguity.right}}},
                                     {"id", ambiguity.why.id},
                                     {"arguments", ambiguity.why.arguments}});
    json["unmapped"] = {{"left", unmappedLayers(mapping, left, true)}, {"right", unmappedLayers(mapping, right, false)}};
    return json;
}

Mapping fromJson(const Json& json, const Model& left, const Model& right, bool anyway, std::string_view where)
{
    if (textOf(member(json, "schema", where), where) != schema)
        malformed(where, fmt::format("a document of the schema {}", schema), json["schema"]);
    if (!anyway) {
        checkFile(member(json, "left", where), left, where);
        checkFile(member(json, "right", where), right, where);
    }
    Mapping mapping;
    for (const Json& item : member(json, "links", where)) {
        Link link = linkFrom(item, where);
        keepKnown(link.left, left, false, anyway, where);
        keepKnown(link.right, right, false, anyway, where);
        for (ParameterLink& parameter : link.parameters) {
            keepKnown(parameter.left, left, true, anyway, where);
            keepKnown(parameter.right, right, true, anyway, where);
        }
        std::erase_if(link.parameters, [](const ParameterLink& parameter) {
            const bool isOneSided = parameter.rule == rules::neutralRule;
            return isOneSided ? parameter.left.empty() && parameter.right.empty() : parameter.left.empty() || parameter.right.empty();
        });
        if (!link.left.empty() && !link.right.empty())
            mapping.links.push_back(std::move(link));
    }
    for (const Json& item : member(json, "ambiguous", where)) {
        const Json& ops = member(item, "ops", where);
        Ambiguity ambiguity{names(member(ops, "left", where), where),
                            names(member(ops, "right", where), where),
                            {textOf(member(item, "id", where), where), names(member(item, "arguments", where), where),
                             textOf(member(item, "why", where), where)}};
        keepKnown(ambiguity.left, left, false, anyway, where);
        keepKnown(ambiguity.right, right, false, anyway, where);
        if (!ambiguity.left.empty() && !ambiguity.right.empty())
            mapping.ambiguous.push_back(std::move(ambiguity));
    }
    return mapping;
}

}
