// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/documents.h"

#include "core/report/fragments.h"

namespace core::report {

namespace {

Json parameterLinkJson(const mapping::ParameterLink& link)
{
    return {{"left", link.left}, {"right", link.right}, {"rule", link.rule}, {"equal", link.equal ? Json(*link.equal) : Json(nullptr)}};
}

Json linkJson(const Model& left, const Model& right, const mapping::Link& link)
{
    Json parameters = Json::array();
    for (const mapping::ParameterLink& parameter : link.parameters)
        parameters.push_back(parameterLinkJson(parameter));
    return {{"left", mapping::layerNames(left, link.left)},
            {"right", mapping::layerNames(right, link.right)},
            {"confidence", jsonNumber(link.confidence)},
            {"reasons", messagesJson(link.reasons)},
            {"origin", link.origin == mapping::LinkOrigin::Auto ? "auto" : "manual"},
            {"parameters", std::move(parameters)}};
}

}

Json mapDocument(const Model& left, const Model& right, const mapping::Mapping& mapping)
{
    Json links = Json::array(), ambiguous = Json::array();
    for (const mapping::Link& link : mapping.links)
        if (Json json = linkJson(left, right, link); !json["left"].empty() || !json["right"].empty())
            links.push_back(std::move(json));
    for (const mapping::Ambiguity& tie : mapping.ambiguous)
        ambiguous.push_back(
            {{"left", mapping::layerNames(left, tie.left)}, {"right", mapping::layerNames(right, tie.right)}, {"why", tie.why.text}});
    Json json = document("map");
    json["left"] = fileJson(left);
    json["right"] = fileJson(right);
    json["links"] = std::move(links);
    json["ambiguous"] = std::move(ambiguous);
    json["unmapped"] = {{"left", mapping::unmappedLayers(mapping, left, true)}, {"right", mapping::unmappedLayers(mapping, right, false)}};
    return json;
}

}
