// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torch/write/identifiers.h"

#include <algorithm>
#include <array>

namespace core::formats {

namespace {

constexpr std::array<std::string_view, 35> keywords{
    "False",  "None",     "True", "and",    "as",   "assert",  "async",  "await",  "break", "class",  "continue", "def",
    "del",    "elif",     "else", "except", "for",  "finally", "from",   "global", "if",    "import", "in",       "is",
    "lambda", "nonlocal", "not",  "or",     "pass", "raise",   "return", "try",    "while", "with",   "yield"};

/// dir(nn.Module()) without what begins with _.
constexpr std::array<std::string_view, 54> taken{"T_destination",
                                                 "add_module",
                                                 "apply",
                                                 "bfloat16",
                                                 "buffers",
                                                 "call_super_init",
                                                 "children",
                                                 "compile",
                                                 "cpu",
                                                 "cuda",
                                                 "double",
                                                 "dump_patches",
                                                 "eval",
                                                 "extra_repr",
                                                 "float",
                                                 "forward",
                                                 "get_buffer",
                                                 "get_extra_state",
                                                 "get_parameter",
                                                 "get_submodule",
                                                 "half",
                                                 "ipu",
                                                 "load_state_dict",
                                                 "modules",
                                                 "mtia",
                                                 "named_buffers",
                                                 "named_children",
                                                 "named_modules",
                                                 "named_parameters",
                                                 "parameters",
                                                 "register_backward_hook",
                                                 "register_buffer",
                                                 "register_forward_hook",
                                                 "register_forward_pre_hook",
                                                 "register_full_backward_hook",
                                                 "register_full_backward_pre_hook",
                                                 "register_load_state_dict_post_hook",
                                                 "register_load_state_dict_pre_hook",
                                                 "register_module",
                                                 "register_parameter",
                                                 "register_state_dict_post_hook",
                                                 "register_state_dict_pre_hook",
                                                 "requires_grad_",
                                                 "set_extra_state",
                                                 "set_submodule",
                                                 "share_memory",
                                                 "state_dict",
                                                 "to",
                                                 "to_empty",
                                                 "train",
                                                 "training",
                                                 "type",
                                                 "xpu",
                                                 "zero_grad"};

bool isLetter(char letter)
{
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
}

template <std::size_t Size>
bool contains(const std::array<std::string_view, Size>& words, std::string_view word)
{
    return std::find(words.begin(), words.end(), word) != words.end();
}

}

std::string identifier(std::string_view name)
{
    std::string result;
    for (const char letter : name)
        result += isLetter(letter) || (letter >= '0' && letter <= '9') ? letter : '_';
    result.resize(std::min<std::size_t>(result.size(), 80));
    if (result.empty() || !isLetter(result.front()))
        result = "x" + result;
    return contains(keywords, result) ? result + "_" : result;
}

bool isPlainAttribute(std::string_view name)
{
    return identifier(name) == name && !contains(taken, name);
}

}
