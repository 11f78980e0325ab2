// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/values.h"

#include "core/mapping/fit.h"
#include "core/mapping/hash.h"
#include "core/rules/rules.h"
#include "core/tensor/doubles.h"
#include "core/tensor/stream.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>
#include <set>
#include <unordered_map>

namespace core::mapping {

namespace {

constexpr std::size_t tellingValues = 3;  ///< so many different numbers make a parameter worth comparing
constexpr std::size_t tellingNumbers = 2; ///< so many different ones but 0, 1 and -1 do for all parameters of an op together

/// A parameter's numbers as a bag, which is the same in every layout.
struct Numbers
{
    std::uint64_t sum = 0, count = 0;
    std::set<double> different; ///< the first few
    std::uint64_t otherSum = 0; ///< of those but 0, 1 and -1, with which layers begin or which they leave out
    std::set<double> other;     ///< the first few

    void add(double number);
    bool tells() const { return different.size() >= tellingValues; }
};

void Numbers::add(double number)
{
    const double one = number == 0 ? 0 : number; // -0 equals 0
    const std::uint64_t hash = mixed(std::isnan(one) ? 1 : std::bit_cast<std::uint64_t>(one));
    ++count;
    sum += hash;
    if (different.size() < tellingValues && !std::isnan(number))
        different.insert(number);
    if (std::isnan(number) || number == 0 || std::abs(number) == 1)
        return;
    otherSum += hash;
    if (other.size() < tellingNumbers)
        other.insert(number);
}

/// Empty of a parameter that cannot be read or holds no real numbers.
std::optional<Numbers> numbersOf(const Parameter& parameter, const Progress& progress)
{
    const TensorSource& source = parameter.source;
    if (!parameter.problem.empty() || !isFloating(source.dtype) || !isReal(source.dtype))
        return {};
    Numbers result;
    std::vector<double> numbers;
    try {
        streamBytes(
            source,
            [&](std::span<const std::byte> bytes) {
                numbers.resize(bytes.size() / static_cast<std::size_t>(itemSize(source.dtype)));
                toDoubles(source.dtype, bytes.data(), numbers.size(), numbers.data());
                for (const double number : numbers)
                    result.add(number);
            },
            progress);
    } catch (const Error&) {
        return {};
    }
    return result;
}

/// Ops of one colour on both sides, in the order of their lists.
struct Group
{
    std::vector<int> left, right;
};

/// Hashes of what an op's parameters hold, the largest first; where none tells anything alone, of what they hold together.
using Bags = std::vector<std::uint64_t>;

class Bagger
{
public:
    explicit Bagger(Board& board) : m_board(board) {}

    Bags bags(bool onLeft, int op)
    {
        const Model& model = m_board.side(onLeft).model;
        std::vector<std::pair<std::string, const Parameter*>> parameters;
        for (const auto& [role, name] : opAt(m_board.side(onLeft), op).parameters)
            if (const Parameter* parameter = model.parameter(name); parameter && !rules::isCounter(*parameter))
                parameters.emplace_back(role, parameter);
        std::stable_sort(parameters.begin(), parameters.end(),
                         [](const auto& a, const auto& b) { return count(*a.second) > count(*b.second); });
        Bags result;
        std::set<double> other;
        std::uint64_t otherSum = 0;
        for (const auto& [role, parameter] : parameters) {
            const auto [known, isNew] = m_known.try_emplace(parameter, std::nullopt);
            if (isNew)
                known->second = numbersOf(*parameter, m_board.progress());
            if (!known->second)
                continue;
            if (known->second->tells())
                result.push_back(joined(known->second->sum, known->second->count));
            other.insert(known->second->other.begin(), known->second->other.end());
            otherSum += known->second->otherSum;
        }
        if (result.empty() && other.size() >= tellingNumbers)
            result.push_back(mixed(otherSum));
        return result;
    }

private:
    Board& m_board;
    std::unordered_map<const Parameter*, std::optional<Numbers>> m_known; ///< shared ones are read once
};

/// The first bag of each op that some op of the other side has too; 0 for none.
std::vector<std::uint64_t> sharedBags(const std::vector<Bags>& own, const std::vector<Bags>& others)
{
    std::set<std::uint64_t> there;
    for (const Bags& bags : others)
        there.insert(bags.begin(), bags.end());
    std::vector<std::uint64_t> result;
    for (const Bags& bags : own) {
        const auto found = std::find_if(bags.begin(), bags.end(), [&](std::uint64_t bag) { return there.contains(bag); });
        result.push_back(found == bags.end() ? 0 : *found);
    }
    return result;
}

void pairGroup(Board& board, Bagger& bagger, const Group& group)
{
    std::vector<Bags> bagsLeft, bagsRight;
    for (const int op : group.left)
        bagsLeft.push_back(bagger.bags(true, op));
    for (const int op : group.right)
        bagsRight.push_back(bagger.bags(false, op));
    const auto left = sharedBags(bagsLeft, bagsRight), right = sharedBags(bagsRight, bagsLeft);
    std::unordered_map<std::uint64_t, Group> byBag;
    for (std::size_t i = 0; i < left.size(); ++i)
        byBag[left[i]].left.push_back(group.left[i]);
    for (std::size_t i = 0; i < right.size(); ++i)
        byBag[right[i]].right.push_back(group.right[i]);
    for (const auto& [bag, ops] : byBag) {
        const bool evenly = bag != 0 && !ops.left.empty() && ops.left.size() == ops.right.size();
        if (!evenly || !board.fits(ops.left.front(), ops.right.front()))
            continue; // copies of which one side has more: any of them may be another's mate
        for (const int op : ops.left)
            board.restrict(true, op, bag);
        for (const int op : ops.right)
            board.restrict(false, op, bag);
        if (ops.left.size() == 1)
            board.pair(ops.left.front(), ops.right.front(), Rank::Values);
    }
}

}

void pairByValues(Board& board)
{
    std::unordered_map<std::uint64_t, Group> groups;
    for (const int op : board.free(true, true))
        groups[board.colour(true, op)].left.push_back(op);
    for (const int op : board.free(false, true))
        groups[board.colour(false, op)].right.push_back(op);
    Bagger bagger(board);
    for (const auto& [colour, group] : groups) {
        board.report();
        if (!group.left.empty() && !group.right.empty() && group.left.size() + group.right.size() > 2)
            pairGroup(board, bagger, group);
    }
}

}
