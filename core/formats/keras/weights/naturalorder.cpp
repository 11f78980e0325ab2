// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/keras/weights/naturalorder.h"

#include "core/base/letters.h"

#include <algorithm>

namespace core::formats {

namespace {

/// The digits at the front, without leading zeros; what was read leaves `text`.
std::string_view takeNumber(std::string_view& text)
{
    const auto end = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), isDigit) - text.begin());
    auto number = text.substr(0, end);
    text.remove_prefix(end);
    number.remove_prefix(std::min(number.find_first_not_of('0'), number.size()));
    return number;
}

/// A path's parts end before anything that goes on in one: "dense/x" before "dense_1".
int rank(char c)
{
    return c == '/' ? -1 : static_cast<unsigned char>(c);
}

}

bool naturalLess(std::string_view a, std::string_view b)
{
    const auto wholeA = a, wholeB = b;
    while (!a.empty() && !b.empty()) {
        if (isDigit(a.front()) && isDigit(b.front())) {
            const auto x = takeNumber(a), y = takeNumber(b);
            if (x != y)
                return x.size() != y.size() ? x.size() < y.size() : x < y;
        } else if (a.front() != b.front()) {
            return rank(a.front()) < rank(b.front());
        } else {
            a.remove_prefix(1);
            b.remove_prefix(1);
        }
    }
    return a.empty() && b.empty() ? wholeA < wholeB : a.empty();
}

}
