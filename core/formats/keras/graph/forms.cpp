// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/keras/graph/nodes.h"
#include "core/layers/operators.h"

#include <algorithm>

namespace core::formats {

namespace {

/// Of Keras 2: ["conv2d", 0, 0, {keywords}], or a constant in its place: ["_CONSTANT_VALUE", -1, 1.0, {keywords}].
bool isKeras2Element(const Json& json)
{
    return json.is_array() && json.size() >= 3 && json[0].is_string() && json[1].is_number_integer();
}

bool isKeras2Constant(const Json& json)
{
    return isKeras2Element(json) && json[0] == "_CONSTANT_VALUE" && json[1] == -1;
}

/// x[..., 0] with the dimensions that the dots stand for, where the file tells how many x has: Keras 3 reads no dots in an .h5.
Json withoutEllipsis(const Json& positional)
{
    const auto isDots = [](const Json& item) { return textIn(item, "class_name") == "__ellipsis__"; };
    if (!positional.is_array() || positional.size() != 2 || !positional[1].is_array())
        return positional;
    const Json* config = memberOf(positional[0], "config");
    const Json* shape = config ? memberOf(*config, "shape") : nullptr;
    const Json& key = positional[1];
    const auto taken = std::count_if(key.begin(), key.end(), [&](const Json& item) { return !item.is_null() && !isDots(item); });
    const auto rank = shape && shape->is_array() ? static_cast<std::ptrdiff_t>(shape->size()) : -1;
    if (rank < taken || std::count_if(key.begin(), key.end(), isDots) != 1)
        return positional;
    const Json whole{{"class_name", "__slice__"}, {"config", {{"start", nullptr}, {"stop", nullptr}, {"step", nullptr}}}};
    Json items = Json::array();
    for (const Json& item : key) {
        if (!isDots(item))
            items.push_back(item);
        for (std::ptrdiff_t d = taken; isDots(item) && d < rank; ++d)
            items.push_back(whole);
    }
    return Json::array({positional[0], std::move(items)});
}

class FormReader
{
public:
    Json form(const Json& node)
    {
        if (node.is_object() && node.contains("args") && node["args"].is_array())
            return {{"args", numbered(withoutEllipsis(node["args"]))}, {"kwargs", numbered(node.value("kwargs", Json::object()))}};
        if (isKeras2Element(node)) {
            Json first = element(node);
            return {{"args", Json::array({std::move(first)})}, {"kwargs", keywords(node)}};
        }
        Json list = Json::array();
        if (!node.is_array() || node.empty() || !std::all_of(node.begin(), node.end(), isKeras2Element))
            return {};
        for (const Json& one : node)
            list.push_back(element(one));
        return {{"args", Json::array({std::move(list)})}, {"kwargs", keywords(node[0])}};
    }

    const std::vector<KerasTensor>& tensors() const { return m_tensors; }

private:
    Json placed(const Json& tensor)
    {
        collectKerasTensors(tensor, m_tensors);
        return {{layers::tensorKey, m_tensors.size() - 1}};
    }

    Json element(const Json& json) { return isKeras2Constant(json) ? json[2] : placed(Json::array({json[0], json[1], json[2]})); }

    Json keywords(const Json& json) { return json.size() > 3 && json[3].is_object() ? numbered(json[3]) : Json::object(); }

    Json numbered(const Json& json)
    {
        std::vector<KerasTensor> own;
        const bool isModern = textIn(json, "class_name") == "__keras_tensor__", isOld = json.is_array() && isKeras2Element(json);
        if (isModern || isOld)
            collectKerasTensors(json, own);
        if (own.size() == 1)
            return placed(json);
        if (!json.is_structured())
            return json;
        Json result = json.is_array() ? Json::array() : Json::object();
        for (const auto& [key, value] : json.items()) {
            if (json.is_array())
                result.push_back(numbered(value));
            else
                result[key] = numbered(value);
        }
        return result;
    }

    std::vector<KerasTensor> m_tensors;
};

bool areSame(const std::vector<KerasTensor>& a, const std::vector<KerasTensor>& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const KerasTensor& one, const KerasTensor& other) {
        return one.layer == other.layer && one.node == other.node && one.tensor == other.tensor;
    });
}

}

std::vector<Json> kerasForms(const Json& nodes, const std::vector<std::vector<KerasTensor>>& calls)
{
    std::vector<Json> result;
    for (const Json& node : nodes) {
        FormReader reader;
        Json form = reader.form(node);
        const bool isSame = result.size() < calls.size() && areSame(reader.tensors(), calls[result.size()]);
        result.push_back(isSame ? std::move(form) : Json());
    }
    return result;
}

Json withTensors(const Json& form, const std::function<Json(std::size_t)>& tensor)
{
    if (const Json* index = memberOf(form, layers::tensorKey))
        return tensor(index->get<std::size_t>());
    if (!form.is_structured())
        return form;
    Json result = form.is_array() ? Json::array() : Json::object();
    for (const auto& [key, value] : form.items()) {
        if (form.is_array())
            result.push_back(withTensors(value, tensor));
        else
            result[key] = withTensors(value, tensor);
    }
    return result;
}

}
