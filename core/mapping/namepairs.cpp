// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/namepairs.h"

#include "core/base/held.h"
#include "core/mapping/fit.h"
#include "core/mapping/hash.h"
#include "core/mapping/names.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace core::mapping {

namespace {

constexpr std::size_t longestName = 64; ///< in tokens; longer ones are compared as a whole only

struct Named
{
    int op = -1;
    std::vector<std::string> tokens;
};

std::string className(const Model& model, const Op& op)
{
    const Layer* layer = model.layer(op.layer);
    return layer ? layer->kind : std::string();
}

bool isNumber(const std::string& token)
{
    return token.find_first_not_of("0123456789") == std::string::npos;
}

/// The first tokens that the names of all layers with weights have in common, at least one word of each left over.
std::size_t commonPrefix(const std::vector<Named>& names)
{
    if (names.size() < 2)
        return 0;
    std::size_t length = longestName;
    const auto& first = names.front().tokens;
    for (const Named& name : names) {
        const auto end = std::mismatch(first.begin(), first.end(), name.tokens.begin(), name.tokens.end()).first;
        const auto word = std::find_if_not(name.tokens.rbegin(), name.tokens.rend(), isNumber);
        const auto words = name.tokens.rend() - word; // tokens up to the last word
        length = std::min(
            {length, static_cast<std::size_t>(end - first.begin()), static_cast<std::size_t>(std::max<std::ptrdiff_t>(words - 1, 0))});
    }
    return length;
}

std::vector<Named> weightedNames(const Board& board, bool onLeft)
{
    std::vector<Named> result;
    for (const int op : board.participants(onLeft)) {
        const Op& own = opAt(board.side(onLeft), op);
        if (!own.parameters.empty() && !own.layer.empty())
            if (auto tokens = nameTokens(own.layer); !tokens.empty())
                result.push_back({op, std::move(tokens)});
    }
    return result;
}

/// Free ops with names of their own, without the prefix that all share. Ops of one layer share its name: the family tells them apart.
std::vector<Named> givenNames(const Board& board, bool onLeft)
{
    const std::size_t prefix = commonPrefix(weightedNames(board, onLeft));
    const Labelled& side = board.side(onLeft);
    std::vector<Named> result;
    for (const int op : board.free(onLeft, false)) {
        const Op& own = opAt(side, op);
        if (own.layer.empty() || isNumberedName(own.layer, className(side.model, own)))
            continue;
        std::vector<std::string> tokens = nameTokens(own.layer);
        if (tokens.size() > prefix)
            tokens.erase(tokens.begin(), tokens.begin() + static_cast<std::ptrdiff_t>(prefix));
        result.push_back({op, std::move(tokens)});
    }
    return result;
}

/// Hashes of a name's ends, the whole name first, each with the op's family. A number alone is no name.
std::vector<std::uint64_t> ends(const Named& name, const std::string& family)
{
    std::vector<std::uint64_t> result;
    std::uint64_t hash = hashed(family);
    for (auto token = name.tokens.rbegin(); token != name.tokens.rend(); ++token) {
        hash = joined(hash, hashed(*token));
        result.push_back(hash);
    }
    std::reverse(result.begin(), result.end());
    if (result.size() > longestName)
        result.resize(1);
    while (result.size() > 1 && isNumber(name.tokens[result.size() - 1]))
        result.pop_back();
    return result;
}

/// By hash: the ops of both sides that have it, and whether each has it as its whole name.
struct Holders
{
    std::array<std::vector<int>, 2> whole, end; ///< [right, left]
};

std::unordered_map<std::uint64_t, Holders> holders(const Board& board)
{
    std::unordered_map<std::uint64_t, Holders> result;
    for (const bool onLeft : {false, true})
        for (const Named& name : givenNames(board, onLeft)) {
            const auto hashes = ends(name, family(board.side(onLeft), name.op));
            for (std::size_t i = 0; i < hashes.size(); ++i)
                (i == 0 ? result[hashes[i]].whole : result[hashes[i]].end)[onLeft].push_back(name.op);
        }
    return result;
}

/// The op that alone has a name, or the end of one; -1 when none has or several have it.
int onlyHolder(const Holders& holders, bool onLeft, bool ends)
{
    const std::vector<int>&whole = holders.whole[onLeft], &end = holders.end[onLeft];
    const std::size_t count = whole.size() + (ends ? end.size() : 0);
    return count != 1 ? -1 : whole.empty() ? end.front() : whole.front();
}

void pairUnique(Board& board, bool ends)
{
    for (const auto& [hash, found] : holders(board)) {
        const int left = onlyHolder(found, true, ends), right = onlyHolder(found, false, ends);
        const bool oneIsWhole = !found.whole[0].empty() || !found.whole[1].empty();
        if (left >= 0 && right >= 0 && oneIsWhole && board.fits(left, right))
            board.pair(left, right, ends ? Rank::WeakName : Rank::Name);
    }
}

void pairNumbered(Board& board)
{
    using Names = std::unordered_map<std::string, int>; ///< -1: not the only one
    std::unordered_map<std::uint64_t, std::array<Names, 2>> groups;
    for (const bool onLeft : {false, true})
        for (const int op : board.free(onLeft, true)) {
            const auto [place, isNew] = groups[board.colour(onLeft, op)][onLeft].try_emplace(opAt(board.side(onLeft), op).layer, op);
            if (!isNew)
                place->second = -1;
        }
    for (const auto& [colour, names] : groups) {
        const auto& [right, left] = names;
        const auto hasMate = [&, &right = right](const auto& entry) {
            const auto mate = right.find(entry.first);
            return mate != right.end() && entry.second >= 0 && mate->second >= 0 && board.fits(entry.second, mate->second);
        };
        if (left.size() == right.size() && std::all_of(left.begin(), left.end(), hasMate))
            for (const auto& [layer, op] : left)
                board.pair(op, held(right, layer), Rank::WeakName);
    }
}

}

void pairByNames(Board& board)
{
    pairUnique(board, false);
    board.report();
}

void pairByWeakNames(Board& board)
{
    pairUnique(board, true);
    pairNumbered(board);
    board.report();
}

}
