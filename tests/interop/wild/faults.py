# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a wrong twin: one thing of a network's copy is changed. Whether it shows is for the real frameworks to say."""

import copy

import numpy as np

from ops import OPS


def spoiled(graph, r, side):
    """(copy for one side, what was done, {node: roles} whose values changed)."""
    g = copy.deepcopy(graph)
    for node in g.computed():  # shared weights stay shared
        if node.share is not None:
            node.weights = g.nodes[node.share].weights
    # PyTorch's recurrent layers have no activation to set; its Linear knows no other order.
    ways = [weight, setting, setting, setting, setting, swapped, missing, inputs, noughts] + [order] * (side == "keras")
    r.shuffle(ways)
    for way in ways:
        try:
            found = way(g, r, side) if way is setting else way(g, r)
        except ValueError:
            found = None
        if found:
            g.replay()
            return (g, *found)
    return (g, *weight(g, r))


def weight(g, r):
    node = r.choice(g.weighted())
    role = r.choice(sorted(node.weights))
    values = node.weights[role] = node.weights[role].copy()
    at = r.randrange(values.size)
    values.reshape(-1)[at] += 0.35
    _share(g)
    return f"one value of {node.op} {node.id} {role}", {node.id: {role}}


def noughts(g, r):
    nodes = [n for n in g.weighted() if "bias" in n.weights]
    if not nodes:
        return None
    node = r.choice(nodes)
    node.weights["bias"] = np.zeros_like(node.weights["bias"])
    _share(g)
    return f"no bias in {node.op} {node.id}", {node.id: {"bias"}}


def setting(g, r, side):
    other = {"keras": ("batch statistics", "padding mode"), "torch": ("axis", "activation of time")}[side]
    found = [(node, what, change) for node in g.computed() if node.share is None
             for what, change in OPS[node.op].faults(node) if what not in other]
    found += [(n, "activation (fused)", {"fused": _next(n.args["fused"])}) for n in g.computed() if n.args.get("fused")]
    if not found:
        return None
    kinds = sorted({what for _, what, _ in found})
    rarer = [what for what in kinds if not what.startswith("activation")]
    chosen = r.choice(rarer if rarer and r.random() < 0.8 else kinds)
    node, what, change = r.choice([entry for entry in found if entry[1] == chosen])
    before = dict(node.args)
    node.args.update(change)
    if what == "batch statistics":
        node.weights = {role: w for role, w in node.weights.items() if not role.startswith("running")}
    if what == "activation (fused)":
        user = next(n for n in g.nodes if n.args.get("into") and n.inputs == [node.id])
        user.args.update(name=change["fused"][0], slope=change["fused"][2])
    try:
        if not fits(g.replay()):
            raise ValueError
    except ValueError:
        node.args = before
        return None
    return f"{what} of {node.op} {node.id}", {}


def fits(g):
    """Whether every layer's weights still have the shapes that it needs, and strides go with dilations."""
    for node in g.computed():
        if any(0 in value.shape for value in node.ins(g)):
            return False
        needed = OPS[node.op].weights(node, node.ins(g), np.random.default_rng(1))
        if {k: v.shape for k, v in needed.items()} != {k: v.shape for k, v in node.weights.items()}:
            return False
        if max(node.args.get("stride", [1]) if isinstance(node.args.get("stride"), list) else [1]) > 1 and max(node.args.get("dilation", [1])) > 1:
            return False
    return True


def _next(fused):
    from ops_point import NEXT
    return (NEXT[fused[0]], fused[1], fused[2])


def swapped(g, r):
    """Two layers of equal shapes exchange what they hold."""
    nodes = g.weighted()
    shapes = {n.id: (n.op, tuple(sorted((k, v.shape) for k, v in n.weights.items()))) for n in nodes}
    pairs = [(a, b) for a in nodes for b in nodes if a.id < b.id and shapes[a.id] == shapes[b.id]]
    if not pairs:
        return None
    a, b = r.choice(pairs)
    a.weights, b.weights = b.weights, a.weights
    _share(g)
    return f"{a.op} {a.id} and {b.id} exchanged", {a.id: set(a.weights), b.id: set(a.weights)}


def missing(g, r):
    """A layer that keeps shape and order is left out, without its weights."""
    kept = ("act", "batchnorm", "groupnorm", "layernorm", "prelu", "scaled", "arithmetic", "flip", "channels", "softmax", "curve", "capped", "unit_norm",
            "rms_norm", "padded_pool", "heeding", "number", "norm3d")
    nodes = [n for n in g.computed() if n.op in kept and not n.args.get("into") and n.id not in g.outputs]
    if not nodes:
        return None
    node = r.choice(nodes)
    node.dropped = True
    return f"{node.op} {node.id} is missing", {}


def order(g, r):
    """A dense layer's weights as if the flatten before it had kept PyTorch's order."""
    nodes = [n for n in g.weighted() if n.op == "dense" and n.ins(g)[0].kind == "flat" and not n.ins(g)[0].plain]
    if not nodes:
        return None
    node = r.choice(nodes)
    node.args["straight"] = True
    return f"flatten order of dense {node.id}", {node.id: {"weight"}}


def inputs(g, r):
    """The inputs of a merge, or of the network, in another order."""
    nodes = [n for n in g.computed() if n.op == "merge" and n.args["kind"] in ("concat", "subtract") and len(set(n.inputs)) > 1]
    if not nodes:
        return None
    node = r.choice(nodes)
    shapes = [g.value(i) for i in node.inputs]
    if any(s.shape != shapes[0].shape for s in shapes):
        return None
    node.inputs = node.inputs[::-1]
    return f"inputs of {node.args['kind']} {node.id} reversed", {}


def _share(g):
    for node in g.computed():
        if node.share is not None:
            node.weights = g.nodes[node.share].weights
