// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/fragments.h"

#include "core/layers/told.h"
#include "core/report/summary.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace core::report {

namespace {

Json numbersJson(const Reals& numbers)
{
    Json list = Json::array();
    for (const double number : numbers)
        list.push_back(jsonNumber(number));
    return list;
}

Json nested(const Shape& shape, std::span<const float> values, std::size_t axis, std::size_t& at)
{
    if (axis == shape.size())
        return jsonNumber(values[at++]);
    Json list = Json::array();
    for (std::int64_t i = 0; i < shape[axis]; ++i)
        list.push_back(nested(shape, values, axis + 1, at));
    return list;
}

}

Json document(std::string_view command)
{
    return {{"schema", fmt::format("tieout.{}/1", command)}};
}

double figureOf(const Statistics& statistics, double figure)
{
    return statistics.nans + statistics.infs == statistics.count ? std::nan("") : figure;
}

Json textOrNull(const std::string& text)
{
    return text.empty() ? Json(nullptr) : Json(text);
}

Json summaryJson(const Summary& summary)
{
    return {{"headline", summary.headline}, {"detail", summary.detail}, {"notes", summary.notes}};
}

Json assumedJson(const std::optional<mapping::Assumption>& assumed)
{
    if (!assumed)
        return nullptr;
    return {{"side", assumed->onLeft ? "left" : "right"}, {"from", assumed->from}, {"what", assumed->what}};
}

Json fileJson(const Model& model)
{
    Json json = {{"path", model.origin.path},
                 {"sha256", textOrNull(model.origin.sha256)},
                 {"framework", name(model.framework)},
                 {"format", model.origin.format}};
    if (!model.origin.unhashed.empty())
        json["sha256_problem"] = model.origin.unhashed;
    return json;
}

Json notesJson(const std::vector<Note>& notes)
{
    Json list = Json::array();
    for (const Note& note : notes)
        list.push_back({{"id", note.message.id}, {"severity", name(note.severity)}, {"where", note.where}, {"text", note.message.text}});
    return list;
}

Json messagesJson(const std::vector<Message>& messages)
{
    Json list = Json::array();
    for (const Message& message : messages)
        list.push_back({{"id", message.id}, {"text", message.text}});
    return list;
}

Json shapeJson(const Shape& shape)
{
    Json list = Json::array();
    for (const std::int64_t size : shape)
        list.push_back(size < 0 ? Json(nullptr) : Json(size));
    return list;
}

Json shapesJson(const std::vector<Shape>& shapes)
{
    Json list = Json::array();
    for (const Shape& shape : shapes)
        list.push_back(shapeJson(shape));
    return list;
}

Json attributesJson(const Attributes& attributes)
{
    Json object = Json::object();
    for (const auto& [key, attribute] : attributes)
        object[key] = std::visit(
            [](const auto& value) -> Json {
                if constexpr (std::is_same_v<std::decay_t<decltype(value)>, double>)
                    return jsonNumber(value);
                else if constexpr (std::is_same_v<std::decay_t<decltype(value)>, Reals>)
                    return numbersJson(value);
                else
                    return value;
            },
            attribute);
    return object;
}

Json nestedJson(const Tensor& tensor)
{
    std::size_t at = 0;
    return nested(tensor.shape(), tensor.floats(), 0, at);
}

Json inputJson(const InputInfo& input, bool pair)
{
    const auto number = [](std::optional<int> value) { return value ? Json(*value) : Json(nullptr); };
    Json preprocess = textOrNull(input.preprocessLeft);
    if (pair)
        preprocess = {{"left", textOrNull(input.preprocessLeft)}, {"right", textOrNull(input.preprocessRight)}};
    return {{"source", textOrNull(input.source)},
            {"index", number(input.index)},
            {"label", number(input.label)},
            {"file", textOrNull(input.file)},
            {"preprocess", preprocess}};
}

std::string shownKind(const Model& model, const Op& op)
{
    const Layer* layer = model.layer(op.layer);
    return layer && op.name == op.layer ? layer->kind : op.kind;
}

std::vector<std::string> inputLayers(const Model& model, std::string_view layer)
{
    std::vector<std::string> names;
    for (const int index : model.opsOf(layer))
        for (const int input : producers(model.ops[static_cast<std::size_t>(index)])) {
            const std::string& from = model.ops[static_cast<std::size_t>(input)].layer;
            if (!from.empty() && from != layer && std::find(names.begin(), names.end(), from) == names.end())
                names.push_back(from);
        }
    return names;
}

std::map<std::string, Shape> outputShapes(const Model& model)
{
    std::map<std::string, Shape> shapes;
    const layers::Values values = layers::toldValues(model);
    for (std::size_t i = 0; i < model.ops.size(); ++i) {
        if (!values[i] || values[i]->shape.empty() || model.ops[i].name != model.ops[i].layer)
            continue;
        Shape shape = values[i]->shape;
        shape[0] = -1;
        shapes.emplace(model.ops[i].layer, std::move(shape));
    }
    return shapes;
}

}
