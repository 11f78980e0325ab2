// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/leftovers.h"

#include "core/base/held.h"
#include "core/mapping/fit.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>

namespace core::mapping {

namespace {

constexpr std::size_t mostClassPairs = 200'000;

/// Free ops with weights of one colour, by what no match can tell apart.
using Classes = std::map<int, std::vector<int>>;
struct Group
{
    Classes left, right;
    bool isHuge() const { return left.size() * right.size() > mostClassPairs; }
};

std::map<std::uint64_t, Group> groups(Board& board)
{
    std::map<std::uint64_t, Group> result;
    for (const bool onLeft : {false, true})
        for (const int op : board.free(onLeft, true)) {
            Group& group = result[board.colour(onLeft, op)];
            (onLeft ? group.left : group.right)[board.matcher().classOf(onLeft, op)].push_back(op);
        }
    std::erase_if(result, [](const auto& entry) { return entry.second.left.empty() || entry.second.right.empty(); });
    return result;
}

bool isExact(const Match& match)
{
    return match.sameKind && match.difference.empty() && match.missing.empty();
}

/// How many ops of the other side a class may be paired with, and one of them.
struct Candidates
{
    std::size_t count = 0;
    int op = -1;
};

void pairOnly(Board& board, const Group& group, bool exact)
{
    std::map<int, Candidates> ofLeft, ofRight;
    for (const auto& [leftClass, left] : group.left)
        for (const auto& [rightClass, right] : group.right) {
            if (!board.fits(left.front(), right.front()) || (exact && !isExact(board.matcher().match(left.front(), right.front()))))
                continue;
            ofLeft[leftClass].count += right.size();
            ofLeft[leftClass].op = right.front();
            ofRight[rightClass].count += left.size();
        }
    for (const auto& [leftClass, candidates] : ofLeft) {
        const std::vector<int>& left = held(group.left, leftClass);
        if (left.size() != 1 || candidates.count != 1 || held(ofRight, board.matcher().classOf(false, candidates.op)).count != 1)
            continue;
        board.pair(left.front(), candidates.op, Rank::Shape);
    }
}

struct Cluster
{
    std::set<int> left, right;
};

/// Clusters that share an op or a layer become one.
class Clusters
{
public:
    explicit Clusters(const Board& board) : m_board(board) {}

    void add(const std::vector<int>& left, const std::vector<int>& right)
    {
        const int id = static_cast<int>(m_clusters.size());
        m_clusters.emplace_back();
        m_parents.push_back(id);
        for (const bool onLeft : {true, false})
            for (const int op : onLeft ? left : right) {
                (onLeft ? m_clusters.back().left : m_clusters.back().right).insert(op);
                const std::string& layer = opAt(m_board.side(onLeft), op).layer;
                join(id, m_holders.try_emplace({onLeft, layer.empty() ? std::to_string(op) : "." + layer}, id).first->second);
            }
    }

    std::vector<Cluster> merged()
    {
        std::map<int, Cluster> roots;
        for (std::size_t id = 0; id < m_clusters.size(); ++id) {
            Cluster& whole = roots[root(static_cast<int>(id))];
            whole.left.merge(m_clusters[id].left);
            whole.right.merge(m_clusters[id].right);
        }
        std::vector<Cluster> result;
        for (auto& [id, cluster] : roots)
            result.push_back(std::move(cluster));
        std::sort(result.begin(), result.end(), [](const Cluster& a, const Cluster& b) { return *a.left.begin() < *b.left.begin(); });
        return result;
    }

private:
    int root(int id)
    {
        while (m_parents[static_cast<std::size_t>(id)] != id)
            id = m_parents[static_cast<std::size_t>(id)] = m_parents[static_cast<std::size_t>(m_parents[static_cast<std::size_t>(id)])];
        return id;
    }
    void join(int a, int b) { m_parents[static_cast<std::size_t>(root(a))] = root(b); }

    const Board& m_board;
    std::vector<Cluster> m_clusters;
    std::vector<int> m_parents;
    std::map<std::pair<bool, std::string>, int> m_holders;
};

std::vector<int> all(const Classes& classes)
{
    std::vector<int> result;
    for (const auto& [id, ops] : classes)
        result.insert(result.end(), ops.begin(), ops.end());
    return result;
}

/// Ops of the classes that fit each other; all of them where there are too many classes to look at each pair.
void addGroup(Board& board, const Group& group, Clusters& clusters)
{
    if (group.isHuge()) {
        clusters.add(all(group.left), all(group.right));
        return;
    }
    for (const auto& [leftClass, left] : group.left)
        for (const auto& [rightClass, right] : group.right)
            if (board.fits(left.front(), right.front()))
                clusters.add(left, right);
}

Message whyAmbiguous(const Board& board, std::size_t left, std::size_t right)
{
    std::string looked = board.comparesValues() ? "values, names" : "names";
    looked += board.sides().wired ? ", wiring and shapes leave it open" : " and shapes leave it open, and order in a file tells nothing";
    return {"equal-worth",
            {std::to_string(left), std::to_string(right)},
            fmt::format("{} on the left and {} on the right fit each other equally well: {}", left, right, looked)};
}

}

void pairByShape(Board& board)
{
    for (const bool exact : {true, false})
        for (const auto& [colour, group] : groups(board)) {
            board.report();
            if (!group.isHuge())
                pairOnly(board, group, exact);
        }
}

std::vector<Ambiguity> ambiguities(Board& board, const std::vector<Pairing>& contested)
{
    Clusters clusters(board);
    for (const auto& [colour, group] : groups(board))
        addGroup(board, group, clusters);
    const auto areFree = [&](bool onLeft, const std::vector<int>& ops) {
        return std::all_of(ops.begin(), ops.end(), [&](int op) { return board.isFree(onLeft, op); });
    };
    for (const Pairing& pairing : contested)
        if (areFree(true, pairing.left) && areFree(false, pairing.right))
            clusters.add(pairing.left, pairing.right);
    std::vector<Ambiguity> result;
    for (const Cluster& cluster : clusters.merged()) {
        Ambiguity ambiguity;
        for (const int op : cluster.left)
            ambiguity.left.push_back(opAt(board.sides().left, op).name);
        for (const int op : cluster.right)
            ambiguity.right.push_back(opAt(board.sides().right, op).name);
        ambiguity.why = whyAmbiguous(board, ambiguity.left.size(), ambiguity.right.size());
        result.push_back(std::move(ambiguity));
    }
    return result;
}

}
