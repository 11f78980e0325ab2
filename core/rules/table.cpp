// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rules/table.h"

#include "core/base/error.h"
#include "core/base/letters.h"
#include "core/rules/depthwise.h"
#include "core/rules/heads.h"
#include "core/rules/layout.h"
#include "core/rules/rules.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <fmt/format.h>
#include <functional>
#include <iterator>

namespace core::rules {

namespace {

std::pair<std::string_view, std::string_view> sides(std::string_view id)
{
    const std::size_t at = id.find(arrow);
    return at == id.npos ? std::pair(id, id) : std::pair(id.substr(0, at), id.substr(at + arrow.size()));
}

/// "C,H,W" of "chw".
std::string listed(std::string_view letters)
{
    std::string result;
    for (const char letter : upper(letters)) {
        const bool isDivider = letter == '|' || letter == '*';
        if (!result.empty() && !isDivider && result.back() != ' ')
            result += ',';
        result += isDivider ? " + " : std::string(1, letter);
    }
    return result;
}

std::string none(std::string_view)
{
    return {};
}

std::string turned(std::string_view id)
{
    const auto [from, to] = sides(id);
    return id.find(arrow) == id.npos ? std::string(id) : fmt::format("{}{}{}", to, arrow, from);
}

std::string turnedFlattening(std::string_view id)
{
    return std::string(flattenPrefix) + turned(id.substr(flattenPrefix.size()));
}

/// The one tensor and its parameters.
const Tensor& single(const Application& what)
{
    if (what.tensors.size() != 1 || what.from.size() != 1 || what.to.size() != 1)
        throw Error("rule-count")
            .expected("one parameter on each side")
            .found(fmt::format("{} and {}", what.tensors.size(), what.to.size()))
            .at(what.id);
    return what.tensors[0];
}

/// In the twin's shape, type and labels.
std::vector<Tensor> finished(const Application& what, const Tensor& tensor)
{
    const Parameter& target = *what.to[0];
    if (elementCount(tensor.shape()) != elementCount(target.source.shape))
        throw Error("rule-shape").expected(text(target.source.shape)).found(text(tensor.shape())).at(what.id);
    return {cast(tensor.reshaped(target.source.shape, target.axes), target.source.dtype)};
}

/// Axes change places as the letters of the id say, or as "transpose" and "same" do.
std::vector<Tensor> permute(const Application& what)
{
    const Tensor& tensor = single(what);
    if (what.id == "same")
        return finished(what, tensor);
    const auto [from, to] = what.id == "transpose" ? std::pair<std::string_view, std::string_view>("ab", "ba") : sides(what.id);
    const bool isKnown = from.size() == tensor.shape().size() && from.find('?') == from.npos && what.id.find(arrow) != what.id.npos;
    if (what.id != "transpose" && !isKnown) {
        const Parameter &source = *what.from[0], &target = *what.to[0];
        return finished(what, tensor.withAxes(source.axes).relabelled(target.source.shape, target.axes));
    }
    return finished(what, tensor.withAxes(axesOf(from)).relabelled(what.to[0]->source.shape, axesOf(to)));
}

/// `tensor` with element k along dimension `d` taken from order[k].
Tensor gathered(const Tensor& tensor, std::size_t d, const std::vector<std::int64_t>& order)
{
    const Shape& shape = tensor.shape();
    const auto split = shape.begin() + static_cast<std::ptrdiff_t>(d);
    const auto outer = static_cast<std::size_t>(elementCount(Shape(shape.begin(), split)));
    const std::size_t block = static_cast<std::size_t>(elementCount(Shape(split + 1, shape.end()))) * itemSize(tensor.dtype());
    auto out = std::make_shared<std::vector<std::byte>>(tensor.bytes().size());
    std::byte* to = out->data();
    for (std::size_t o = 0; o < outer; ++o)
        for (const std::int64_t from : order) {
            std::memcpy(to, tensor.bytes().data() + (o * order.size() + static_cast<std::size_t>(from)) * block, block);
            to += block;
        }
    return Tensor(tensor.dtype(), shape, std::move(out), tensor.axes());
}

std::vector<std::string_view> divided(std::string_view text)
{
    std::vector<std::string_view> result;
    while (true) {
        const std::size_t end = text.find('*');
        result.push_back(text.substr(0, end));
        if (end == text.npos)
            return result;
        text.remove_prefix(end + 1);
    }
}

/// The same with the order along flattened axes changed, from the parts in the first half of the id to those in the second.
std::vector<Tensor> reorder(const Application& what)
{
    const Tensor& tensor = single(what);
    const Parameter &source = *what.from[0], &target = *what.to[0];
    const auto [first, second] = sides(what.id.substr(flattenPrefix.size()));
    const auto from = divided(first), to = divided(second);
    const auto found = dimensions(source, target);
    const auto refused = [&] { return Error("rule-shape").expected(text(target.axes)).found(text(source.axes)).at(what.id); };
    if (!found || from.size() != to.size() || found->mixed.size() != from.size())
        throw refused();
    Axes fromAxes(source.axes.size()), toAxes(target.axes.size());
    for (std::size_t t = 0; t < toAxes.size(); ++t)
        fromAxes[static_cast<std::size_t>(found->from[t])] = toAxes[t] = Axis{std::string(1, static_cast<char>('a' + t)), {}};
    Tensor result = tensor.withAxes(fromAxes).relabelled(target.source.shape, toAxes);
    for (std::size_t k = 0; k < from.size(); ++k) {
        const auto t = static_cast<std::size_t>(found->mixed[k]);
        const Axis& b = target.axes[t];
        const Axis& a = source.axes[static_cast<std::size_t>(found->from[t])];
        const Axis& like = b.order() == Order::Known && b.parts.size() >= a.parts.size() ? b : a; // the one that tells each dimension
        const auto order = like.order() == Order::Known
                               ? elementOrder(axisLike(from[k], like), axisLike(to[k], like), target.source.shape[t])
                               : std::nullopt;
        if (!order)
            throw refused();
        result = gathered(result, t, *order);
    }
    return finished(what, result);
}

std::vector<Tensor> giveNeutral(const Application& what)
{
    std::vector<Tensor> result;
    for (const Parameter* target : what.to) {
        const auto value = neutralValue(*target);
        if (!what.tensors.empty() || !value)
            throw Error("rule-count").expected("a parameter that only the twin has").found(target->role).at(what.id);
        const std::vector<float> values(static_cast<std::size_t>(elementCount(target->source.shape)), static_cast<float>(*value));
        result.push_back(cast(Tensor::fromFloats(target->source.shape, values, target->axes), target->source.dtype));
    }
    return result;
}

/// Whether the id takes and gives so many tensors, all of one shape; throws otherwise.
void require(const Application& what, std::size_t taken, std::size_t given)
{
    if (what.tensors.size() != taken || what.to.size() != given)
        throw Error("rule-count")
            .expected(fmt::format("{} and {} parameters", taken, given))
            .found(fmt::format("{} and {}", what.tensors.size(), what.to.size()))
            .at(what.id);
    for (const Parameter* target : what.to)
        for (const Tensor& tensor : what.tensors)
            if (tensor.shape() != target->source.shape)
                throw Error("rule-shape").expected(text(target->source.shape)).found(text(tensor.shape())).at(what.id);
}

/// In the wider of the two types, as the layer adds them.
std::vector<Tensor> sumOfTwo(const Application& what)
{
    require(what, 2, 1);
    std::vector<float> sum;
    const Tensor a = what.tensors[0].toFloat32(), b = what.tensors[1].toFloat32();
    std::transform(a.floats().begin(), a.floats().end(), b.floats().begin(), std::back_inserter(sum), std::plus<>());
    return {cast(Tensor::fromFloats(a.shape(), sum, what.to[0]->axes), what.to[0]->source.dtype)};
}

std::vector<Tensor> oneAndZeros(const Application& what)
{
    require(what, 1, 2);
    const std::vector<float> zeros(static_cast<std::size_t>(what.tensors[0].count()));
    const Parameter &first = *what.to[0], &second = *what.to[1];
    return {cast(what.tensors[0].withAxes(first.axes), first.source.dtype),
            cast(Tensor::fromFloats(second.source.shape, zeros, second.axes), second.source.dtype)};
}

/// A row of a parameter as one of its own, whose values are not looked at.
Parameter rowOf(const Parameter& parameter)
{
    Parameter row = parameter;
    row.source.shape.erase(row.source.shape.begin());
    if (!row.axes.empty())
        row.axes.erase(row.axes.begin());
    return row;
}

/// Throws unless `rows` has so many rows of the shape that each of `others` has.
void requireRows(const Application& what, const std::vector<const Parameter*>& rows, const std::vector<const Parameter*>& others)
{
    const bool isOne = rows.size() == 1 && rows[0]->source.shape.size() == 2 && what.tensors.size() == what.from.size();
    const bool fits = isOne && rows[0]->source.shape[0] == static_cast<std::int64_t>(others.size()) &&
                      std::all_of(others.begin(), others.end(),
                                  [&](const Parameter* other) { return other->source.shape == Shape{rows[0]->source.shape[1]}; });
    if (!fits)
        throw Error("rule-count").expected("a parameter with a row for each of the other side's").found("others").at(what.id);
}

/// One below the other, each in the order that the labels of its row ask for.
std::vector<Tensor> asRows(const Application& what)
{
    requireRows(what, what.to, what.from);
    const Parameter row = rowOf(*what.to[0]);
    std::vector<float> values;
    for (std::size_t i = 0; i < what.from.size(); ++i) {
        const Tensor one = applyRule(ruleId(*what.from[i], row), {what.tensors[i].toFloat32()}, {what.from[i]}, {&row})[0].toFloat32();
        values.insert(values.end(), one.floats().begin(), one.floats().end());
    }
    return {cast(Tensor::fromFloats(what.to[0]->source.shape, values, what.to[0]->axes), what.to[0]->source.dtype)};
}

std::vector<Tensor> asSingles(const Application& what)
{
    requireRows(what, what.from, what.to);
    const Parameter row = rowOf(*what.from[0]);
    const Tensor all = what.tensors[0].toFloat32();
    const auto width = static_cast<std::size_t>(row.source.shape[0]);
    std::vector<Tensor> result;
    for (std::size_t i = 0; i < what.to.size(); ++i) {
        const auto values = all.floats().subspan(i * width, width);
        const Tensor one = Tensor::fromFloats(row.source.shape, std::vector<float>(values.begin(), values.end()), row.axes);
        result.push_back(applyRule(ruleId(row, *what.to[i]), {one}, {&row}, {what.to[i]})[0]);
    }
    return result;
}

std::vector<Tensor> refuse(const Application& what)
{
    throw Error("order-unknown").expected("a rule that says how values are laid out").found(what.id);
}

template <const std::string_view& Id>
bool is(std::string_view id)
{
    return id == Id;
}

template <const std::string_view& Id>
std::string always(std::string_view)
{
    return std::string(Id);
}

constexpr std::array<Rule, 15> table{
    Rule{is<keptRule>, [](std::string_view) { return std::string("kept"); }, refuse, none, none},
    Rule{is<neutralRule>, [](std::string_view) { return std::string("neutral value"); }, giveNeutral, none, none},
    Rule{is<biasSumRule>, [](std::string_view) { return std::string("sum of both biases"); }, sumOfTwo, none,
         [](std::string_view) { return std::string(biasZeroRule); }},
    Rule{is<biasZeroRule>, [](std::string_view) { return std::string("one bias, the other zero"); }, oneAndZeros,
         [](std::string_view) { return std::string(biasSumRule); }, [](std::string_view) { return std::string(biasSumRule); }},
    Rule{is<biasRowsRule>, [](std::string_view) { return std::string("both biases as rows"); }, asRows,
         [](std::string_view) { return std::string(biasSplitRule); }, [](std::string_view) { return std::string(biasSplitRule); }},
    Rule{is<biasSplitRule>, [](std::string_view) { return std::string("a bias of each row"); }, asSingles,
         [](std::string_view) { return std::string(biasRowsRule); }, [](std::string_view) { return std::string(biasRowsRule); }},
    Rule{is<headsSplitRule>, [](std::string_view) { return std::string("into query, key, value"); }, headsSplit, always<headsJoinRule>,
         always<headsJoinRule>},
    Rule{is<headsJoinRule>, [](std::string_view) { return std::string("query, key, value in one"); }, headsJoin, always<headsSplitRule>,
         always<headsSplitRule>},
    Rule{is<headsApartRule>, [](std::string_view) { return std::string("heads apart"); }, headsApart, always<headsTogetherRule>,
         always<headsTogetherRule>},
    Rule{is<headsTogetherRule>, [](std::string_view) { return std::string("heads together"); }, headsTogether, always<headsApartRule>,
         always<headsApartRule>},
    Rule{is<channelsApartRule>, [](std::string_view) { return std::string("channels and multiplier apart"); }, channelsApart,
         always<channelsJoinedRule>, always<channelsJoinedRule>},
    Rule{is<channelsJoinedRule>, [](std::string_view) { return std::string("channels and multiplier joined"); }, channelsJoined,
         always<channelsApartRule>, always<channelsApartRule>},
    Rule{is<orderUnknownRule>, [](std::string_view) { return std::string("order unknown"); }, refuse, none, none},
    Rule{[](std::string_view id) { return id.starts_with(flattenPrefix); },
         [](std::string_view id) {
             const auto [from, to] = sides(id.substr(flattenPrefix.size()));
             return listed(from) + " -> " + listed(to);
         },
         reorder, turnedFlattening, turnedFlattening},
    Rule{[](std::string_view) { return true; },
         [](std::string_view id) {
             const auto [from, to] = sides(id);
             return id == "transpose" ? "transposed" : id.find(arrow) == id.npos ? std::string(id) : upper(from) + " -> " + upper(to);
         },
         permute, turned, turned},
};

const Rule& ruleOf(std::string_view id)
{
    return *std::find_if(table.begin(), table.end(), [&](const Rule& rule) { return rule.covers(id); });
}

}

std::span<const Rule> rules()
{
    return table;
}

std::string ruleTitle(std::string_view ruleId)
{
    return ruleOf(ruleId).title(ruleId);
}

std::string inverseRule(std::string_view ruleId)
{
    return ruleOf(ruleId).inverse(ruleId);
}

std::string oppositeRule(std::string_view ruleId)
{
    return ruleOf(ruleId).opposite(ruleId);
}

bool isOfRoles(std::string_view ruleId)
{
    return ruleId == biasSumRule || ruleId == biasZeroRule || ruleId.starts_with("heads-") || ruleId.starts_with("channels-");
}

bool keepsCount(std::string_view ruleId)
{
    return !inverseRule(ruleId).empty() && ruleId != biasZeroRule;
}

bool isBijective(std::string_view ruleId)
{
    return !inverseRule(ruleId).empty();
}

std::vector<Tensor> applyRule(std::string_view ruleId, const std::vector<Tensor>& from, const std::vector<const Parameter*>& fromParameters,
                              const std::vector<const Parameter*>& to)
{
    return ruleOf(ruleId).apply({ruleId, from, fromParameters, to});
}

}
