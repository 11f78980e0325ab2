// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/keras/graph/order.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace core::formats {

namespace {

struct Place
{
    std::size_t depth = 0;
    std::optional<std::int64_t> index; ///< when a walk met the layer first
};

/// Calls as a depth-first walk from the outputs leaves them; numbers the layers as it enters them.
std::vector<std::size_t> leavingOrder(const KerasOrder& graph, std::vector<Place>& places)
{
    std::vector<std::size_t> left;
    std::vector<bool> entered(graph.calls.size(), false);
    std::int64_t counter = 0;
    std::vector<std::pair<std::size_t, std::size_t>> stack;
    const auto enter = [&](std::size_t call) {
        if (entered[call])
            return;
        entered[call] = true;
        auto& index = places[graph.calls[call].layer].index;
        if (!index)
            index = counter++;
        stack.emplace_back(call, 0);
    };
    for (const auto output : graph.outputs) {
        enter(output);
        while (!stack.empty()) {
            auto& [call, next] = stack.back();
            if (next < graph.calls[call].inputs.size()) {
                enter(graph.calls[call].inputs[next++]);
            } else {
                left.push_back(call);
                stack.pop_back();
            }
        }
    }
    return left;
}

}

std::vector<std::size_t> kerasLayerOrder(const KerasOrder& graph, std::size_t layerCount, const std::vector<std::size_t>& inputLayers)
{
    std::vector<Place> places(layerCount);
    const auto left = leavingOrder(graph, places);
    std::vector<std::size_t> depth(graph.calls.size(), 0);
    for (auto it = left.rbegin(); it != left.rend(); ++it) {
        const auto& call = graph.calls[*it];
        auto& place = places[call.layer];
        place.depth = depth[*it] = std::max(depth[*it], place.depth);
        for (const auto producer : call.inputs)
            depth[producer] = std::max(depth[producer], place.depth + 1);
    }
    for (const auto layer : inputLayers)
        if (!places[layer].index)
            places[layer].index = -1;

    std::vector<std::size_t> order;
    for (std::size_t layer = 0; layer < layerCount; ++layer)
        if (places[layer].index)
            order.push_back(layer);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return std::pair(places[b].depth, *places[a].index) < std::pair(places[a].depth, *places[b].index);
    });
    return order;
}

}
