// SPDX-License-Identifier: GPL-3.0-or-later
// Recurrent layers, attention and products.
#include "core/layers/torchcode.h"

#include "core/layers/product.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace core::layers {

namespace {

/// The inputs that an op takes under that name, in order.
std::vector<std::string> inputsNamed(const Call& call, const TorchNames& names, std::string_view name)
{
    std::vector<std::string> result;
    for (std::size_t i = 0; i < call.op.inputs.size(); ++i)
        if (call.op.inputs[i].name == name)
            result.push_back(names.inputs[i]);
    return result;
}

void requireInputs(const Call& call, std::initializer_list<std::string_view> known)
{
    for (const Input& input : call.op.inputs)
        if (std::find(known.begin(), known.end(), input.name) == known.end())
            noTorchCode(call.op, "inputs that the module takes", "an input called " + printable(input.name));
}

/// nn.LSTM, nn.GRU, nn.RNN of one direction; backwards the sequence is turned before and, where it is put out in order, behind.
TorchCode recurrent(const Call& call, const TorchNames& names, std::size_t count)
{
    requireInputs(call, {"", "initial_state"});
    const Attributes& settings = call.op.attributes;
    const std::string flip = settings.boolean("reverse", false) ? fmt::format(".flip({})", settings.integer("time", 1)) : "";
    std::vector<std::string> states = inputsNamed(call, names, "initial_state");
    for (std::string& state : states)
        state += ".unsqueeze(0)";
    std::string arguments = names.inputs.front() + flip;
    if (count == 2 && states.size() == 2)
        arguments += fmt::format(", ({}, {})", states[0], states[1]);
    else if (!states.empty())
        arguments += ", " + states.front();
    TorchCode result{fmt::format("{}({})", names.module, arguments), {"[0]" + (settings.boolean("turned", false) ? "" : flip)}};
    if (count == 2)
        result.outputs.insert(result.outputs.end(), {"[1][0][0]", "[1][1][0]"});
    else
        result.outputs.emplace_back("[1][0]");
    return result;
}

TorchCode ofOneState(const Call& call, const TorchNames& names)
{
    return recurrent(call, names, 1);
}

TorchCode ofTwoStates(const Call& call, const TorchNames& names)
{
    return recurrent(call, names, 2);
}

TorchCode multihead(const Call& call, const TorchNames& names)
{
    requireInputs(call, {"", "key", "value"});
    const Attributes& settings = call.op.attributes;
    const std::string query = inputsNamed(call, names, "").front();
    const auto other = [&](std::string_view name) {
        const auto found = inputsNamed(call, names, name);
        return found.empty() ? query : found.front();
    };
    const bool scores = settings.boolean("scores", false);
    std::string arguments = fmt::format("{}, {}, {}, need_weights={}", query, other("key"), other("value"), scores ? "True" : "False");
    if (scores && !settings.boolean("averaged", true))
        arguments += ", average_attn_weights=False";
    if (settings.boolean("causal", false))
        arguments += fmt::format(", attn_mask=nn.Transformer.generate_square_subsequent_mask({}.shape[1])", query);
    return {fmt::format("{}({})", names.module, arguments), {"[0]", "[1]"}};
}

/// Query, value, and a key that is the third or named.
TorchCode attention(const Call& call, const TorchNames& names)
{
    requireInputs(call, {"", "key"});
    const Attributes& settings = call.op.attributes;
    if (settings.boolean("scores", false))
        noTorchCode(call.op, "an attention whose scores nobody takes", "return_attention_scores");
    const std::vector<std::string> plain = inputsNamed(call, names, ""), keys = inputsNamed(call, names, "key");
    if (plain.size() < 2)
        noTorchCode(call.op, "a query and values", std::to_string(plain.size()) + " inputs");
    const std::string &query = plain[0], &value = plain[1], &key = !keys.empty() ? keys[0] : plain.size() > 2 ? plain[2] : plain[1];
    const double factor = settings.real("factor", 1);
    if (settings.boolean("causal", false) || factor == 0)
        return {fmt::format("nn.functional.scaled_dot_product_attention({}, {}, {}{}{})", query, key, value,
                            settings.boolean("causal", false) ? ", is_causal=True" : "",
                            factor == 0 ? std::string() : ", scale=" + pythonNumber(factor))};
    const std::string scaled = factor == 1 ? std::string() : " * " + pythonNumber(factor);
    return {fmt::format("torch.softmax({} @ {}.transpose(-2, -1){}, dim=-1) @ {}", query, key, scaled, value)};
}

/// A letter for each dimension, those of the samples and the summed one the same in both.
std::string sumOfProducts(const Product& product, std::size_t rankA, std::size_t rankB)
{
    char next = 'a';
    std::string a, b, result;
    const char summed = 'z';
    for (std::size_t d = 0; d < rankA; ++d) {
        a += d == product.a ? summed : next++;
        if (d != product.a)
            result += a.back();
    }
    for (std::size_t d = 0; d < rankB; ++d) {
        b += d < product.batch ? a[d] : d == product.b ? summed : next++;
        if (d >= product.batch && d != product.b)
            result += b.back();
    }
    return fmt::format("{},{}->{}", a, b, result);
}

TorchCode dot(const Call& call, const TorchNames& names)
{
    const std::vector<Value> inputs = call.inputs();
    const Product product = productOf(call.op, inputs[0], inputs[1]);
    std::string a = names.inputs[0], b = names.inputs[1];
    if (call.op.attributes.boolean("normalize", false)) {
        a = fmt::format("nn.functional.normalize({}, dim={})", a, product.a);
        b = fmt::format("nn.functional.normalize({}, dim={})", b, product.b);
    }
    const std::size_t rankA = inputs[0].shape.size(), rankB = inputs[1].shape.size();
    const bool isNumber = rankA == product.batch + 1 && rankB == product.batch + 1;
    return {fmt::format("torch.einsum(\"{}\", {}, {}){}", sumOfProducts(product, rankA, rankB), a, b, isNumber ? ".unsqueeze(-1)" : "")};
}

const TorchFunction table[] = {
    {"lstm", ofTwoStates, true},    {"gru", ofOneState, true}, {"rnn", ofOneState, true},
    {"multihead", multihead, true}, {"attention", attention},  {"dot", dot},
};

}

std::span<const TorchFunction> torchSequenceCode()
{
    return table;
}

}
