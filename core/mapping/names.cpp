// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/names.h"

#include <algorithm>
#include <array>
#include <utility>

namespace core::mapping {

namespace {

enum class Sort { Other, Upper, Lower, Digit };

Sort sortOf(char c)
{
    if (c >= '0' && c <= '9')
        return Sort::Digit;
    if (c >= 'A' && c <= 'Z')
        return Sort::Upper;
    // Bytes of other alphabets are letters.
    return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80 ? Sort::Lower : Sort::Other;
}

char lower(char c)
{
    return sortOf(c) == Sort::Upper ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lettersAndDigits(std::string_view text)
{
    std::string result;
    for (const char c : text)
        if (sortOf(c) != Sort::Other)
            result += lower(c);
    return result;
}

/// Whether a token begins at `i`: at a change between letters and digits, and where a word begins in camel case ("convBlock", "LSTMCell").
bool beginsToken(std::string_view name, std::size_t i)
{
    const Sort before = sortOf(name[i - 1]), here = sortOf(name[i]);
    if ((before == Sort::Digit) != (here == Sort::Digit))
        return true;
    if (here != Sort::Upper)
        return false;
    return before == Sort::Lower || (i + 1 < name.size() && sortOf(name[i + 1]) == Sort::Lower);
}

using Alias = std::pair<std::string_view, std::string_view>;

/// Names of one thing that differ by more than letter case and signs.
constexpr std::array aliases{
    Alias{"cat", "concatenate"},
    Alias{"concat", "concatenate"},
    Alias{"mul", "multiply"},
    Alias{"sub", "subtract"},
    Alias{"avg", "average"},
    Alias{"mean", "reducemean"},
    Alias{"view", "reshape"},
    Alias{"unsafeview", "reshape"},
    Alias{"unflatten", "reshape"},
    Alias{"transpose", "permute"},
    Alias{"t", "permute"},
    Alias{"layernorm", "normalization/layer"},
    Alias{"layernormalization", "normalization/layer"},
    Alias{"groupnorm", "normalization/group"},
    Alias{"groupnormalization", "normalization/group"},
    Alias{"instancenorm1d", "normalization/instance"},
    Alias{"instancenorm2d", "normalization/instance"},
    Alias{"convtranspose1d", "conv1dtranspose"},
    Alias{"convtranspose2d", "conv2dtranspose"},
    Alias{"convtranspose3d", "conv3dtranspose"},
    Alias{"maxpool1d", "maxpooling1d"},
    Alias{"maxpool3d", "maxpooling3d"},
    Alias{"avgpool1d", "averagepooling1d"},
    Alias{"avgpool3d", "averagepooling3d"},
    Alias{"upsample", "upsampling2d"},
    Alias{"upsamplenearest2d", "upsampling2d"},
    Alias{"upsamplebilinear2d", "upsampling2d"},
    Alias{"leakyrelu", "activation/leakyrelu"},
    Alias{"prelu", "activation/prelu"},
    Alias{"relu6", "activation/relu6"},
    Alias{"rrelu", "activation/rrelu"},
    Alias{"elu", "activation/elu"},
    Alias{"celu", "activation/celu"},
    Alias{"selu", "activation/selu"},
    Alias{"gelu", "activation/gelu"},
    Alias{"silu", "activation/silu"},
    Alias{"swish", "activation/silu"},
    Alias{"mish", "activation/mish"},
    Alias{"softplus", "activation/softplus"},
    Alias{"softsign", "activation/softsign"},
    Alias{"hardsigmoid", "activation/hardsigmoid"},
    Alias{"hardswish", "activation/hardsilu"},
    Alias{"hardsilu", "activation/hardsilu"},
    Alias{"hardtanh", "activation/hardtanh"},
    Alias{"logsigmoid", "activation/logsigmoid"},
    Alias{"activation", "activation/"},
};

}

std::vector<std::string> nameTokens(std::string_view name)
{
    std::vector<std::string> result;
    bool open = false;
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (sortOf(name[i]) == Sort::Other) {
            open = false;
            continue;
        }
        if (!open || beginsToken(name, i))
            result.emplace_back();
        result.back() += lower(name[i]);
        open = true;
    }
    return result;
}

bool isNumberedName(std::string_view name, std::string_view className)
{
    if (std::none_of(name.begin(), name.end(), [](char c) { return sortOf(c) == Sort::Upper || sortOf(c) == Sort::Lower; }))
        return true;
    const std::size_t slash = name.find_last_of("/.");
    std::string_view last = slash == std::string_view::npos ? name : name.substr(slash + 1);
    const std::string wanted = lettersAndDigits(className);
    if (wanted.empty())
        return false;
    if (lettersAndDigits(last) == wanted)
        return true;
    while (!last.empty() && sortOf(last.back()) == Sort::Digit)
        last.remove_suffix(1);
    return !last.empty() && last.back() == '_' && lettersAndDigits(last) == wanted;
}

std::string classFamily(std::string_view className)
{
    const std::string own = lettersAndDigits(className);
    const auto found = std::find_if(aliases.begin(), aliases.end(), [&](const Alias& alias) { return alias.first == own; });
    return found == aliases.end() ? own : std::string(found->second);
}

}
