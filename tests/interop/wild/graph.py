# SPDX-License-Identifier: GPL-3.0-or-later
"""A network told once for both frameworks: nodes over values whose order of elements is known on both sides.

`Value.perm` has the shape that Keras sees (without the batch); each entry is the place of the same number in PyTorch's
value, row-major. Every flatten, reshape and transpose only rearranges it, so the weights of a true twin follow from it.
"""

import numpy as np


class Value:
    def __init__(self, shape, perm=None, kind="flat"):
        self.shape = tuple(int(n) for n in shape)
        self.perm = np.arange(int(np.prod(shape))).reshape(shape) if perm is None else perm
        self.kind = kind  # image (C,H,W), volume (C,D,H,W), signal (C,T), sequence (T,F), flat (F), tokens (T); other: an order of its own

    @property
    def plain(self):
        """Whether both sides have the same order."""
        return self.perm.shape == self.shape and bool((self.perm.reshape(-1) == np.arange(self.perm.size)).all())


def image(channels, height, width):
    plain = np.arange(channels * height * width).reshape(channels, height, width)
    return Value((channels, height, width), plain.transpose(1, 2, 0), "image")


def signal(channels, steps):
    return Value((channels, steps), np.arange(channels * steps).reshape(channels, steps).T, "signal")


def volume(channels, *sizes):
    plain = np.arange(channels * int(np.prod(sizes))).reshape(channels, *sizes)
    return Value((channels, *sizes), np.moveaxis(plain, 0, -1), "volume")


def sequence(steps, features):
    return Value((steps, features), None, "sequence")


class Node:
    """One use of an operation. `share` is the node whose module and weights it uses again."""

    def __init__(self, place, op, inputs, args, share=None):
        self.id, self.op, self.inputs, self.args, self.share = place, op, inputs, args, share
        self.weights, self.value, self.dropped, self.torch_name, self.keras_name = {}, None, False, None, None

    def ins(self, graph):
        return [graph.nodes[i].value for i in self.inputs]


class Graph:
    def __init__(self, seed):
        self.seed, self.nodes, self.inputs, self.outputs = seed, [], [], []
        self.plain = False
        self.generation = None  # of Keras, where the network holds what only one has

    def input(self, value, tokens=0):
        node = Node(len(self.nodes), "input", [], {"tokens": tokens})
        node.value = value
        self.nodes.append(node)
        self.inputs.append(node.id)
        return node.id

    def add(self, op, *inputs, share=None, **args):
        """Refuses by an exception when the operation cannot follow these values; then the graph stays as it was."""
        from ops import OPS  # which needs the values above
        node = Node(len(self.nodes), op, list(inputs), args, share)
        node.value = OPS[op].out(node, [self.nodes[i].value for i in inputs])
        if min(node.value.shape, default=1) < 1 or np.prod(node.value.shape) > 4000:
            raise ValueError("too small or too large")
        rng = np.random.default_rng([self.seed, node.id])
        node.weights = self.nodes[share].weights if share is not None else OPS[op].weights(node, node.ins(self), rng)
        self.nodes.append(node)
        return node.id

    def value(self, place):
        return self.nodes[place].value

    def replay(self):
        """Shapes and orders again, after a node's arguments changed or a node was dropped (its input goes through)."""
        from ops import OPS  # which needs the values above
        for node in self.nodes:
            if node.op != "input":
                node.value = node.ins(self)[0] if node.dropped else OPS[node.op].out(node, node.ins(self))
        return self

    def computed(self):
        return [node for node in self.nodes if node.op != "input"]

    def weighted(self):
        return [node for node in self.computed() if node.weights and node.share is None and not node.dropped]

    def is_chain(self):
        return len(self.inputs) == len(self.outputs) == 1 and all(
            len(node.inputs) == 1 and node.inputs[0] == node.id - 1 and node.share is None for node in self.computed())


def noise(graph, seed, count):
    """One array an input, in PyTorch's order."""
    rng = np.random.default_rng([graph.seed, seed, 77])
    found = []
    for place in graph.inputs:
        node = graph.nodes[place]
        size = (count, *node.value.shape)
        tokens = node.args["tokens"]
        found.append(rng.integers(0, tokens, size).astype(np.int64) if tokens else rng.normal(0, 1, size).astype(np.float32))
    return found


def to_keras(value, array):
    """PyTorch's batch in Keras' order."""
    return array.reshape(len(array), -1)[:, value.perm.reshape(-1)].reshape(len(array), *value.perm.shape)


def to_torch(value, array):
    back = np.argsort(value.perm.reshape(-1))
    return array.reshape(len(array), -1)[:, back].reshape(len(array), *value.shape)
