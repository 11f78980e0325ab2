# SPDX-License-Identifier: GPL-3.0-or-later
"""A seed's pair: the network for PyTorch, the network for Keras (a true or a wrong twin), and how each is written."""

import copy
import random

import numpy as np

from draw import network
from faults import spoiled
from ops import OPS

NAMES = {"conv": "conv", "depthwise": "dw", "transposed": "up", "conv1d": "conv", "batchnorm": "bn", "dense": "fc", "act": "act",
         "recurrent": "rnn", "embedding": "emb", "attention": "attn"}

# What a Keras Sequential cannot hold: it is called with a tensor twice, or is no layer.
CALLED = ("attention", "heeding", "number", "cut", "reduced")


class Pair:
    def __init__(self, seed):
        graph, r = network(seed)
        self.seed, self.fault, self.changed = seed, None, {}
        self.torch_graph = self.keras_graph = graph
        if r.random() < 0.55:
            self.on = r.choice(("torch", "keras"))
            spoilt, self.fault, self.changed = spoiled(graph, r, self.on)
            setattr(self, f"{self.on}_graph", spoilt)
        self.writer = graph.generation or r.choice(("keras2", "keras3"))
        self.torch, self.keras = torch_plan(self.torch_graph, r), keras_plan(self.keras_graph, r, self.writer)
        name(self, r)

    def text(self):
        ops = " ".join(f"{n.id}:{n.op}" + (f"/{n.args['kind']}" if "kind" in n.args else "") + f"({','.join(map(str, n.inputs))})"
                       for n in self.torch_graph.computed())
        fault = f"{self.fault} (in {self.on})" if self.fault else "true twins"
        return f"{self.torch['form']} | {self.writer} {self.keras['form']}/{self.keras['save']} {self.keras['policy']} | {fault} | {ops}"


def runs(graph, fits):
    """Chains inside of which nobody else looks, longest first."""
    users = {}
    for node in graph.computed():
        for place in node.inputs:
            users.setdefault(place, []).append(node.id)
    found, now = [], []
    for node in graph.computed():
        follows = now and node.inputs == [now[-1]] and users[now[-1]] == [node.id] and now[-1] not in graph.outputs
        if not fits(node) or now and not follows:
            found.append(now)
            now = []
        if fits(node):
            now = now + [node.id]
    return sorted((run for run in [*found, now] if len(run) > 1), key=len, reverse=True)


def in_sequence(graph):
    from torch_files import module_of
    return lambda n: bool(len(n.inputs) == 1 and not n.dropped and module_of(n, graph) and n.share is None and not _shared(graph, n)
                          and OPS[n.op].torch_call(n, "m", ["x"]) == "self.m(x)" and not module_of(n, graph).startswith("nn.Parameter"))


def _shared(graph, node):
    return any(n.share == node.id for n in graph.computed())


def torch_plan(graph, r):
    from torch_files import can_be_sequential
    form = r.choice(("sequential",) * 5 + ("module",) * 4 + ("state",) * 3 + ("checkpoint", "safetensors", "traced", "scripted", "pt2", "pt2"))
    if form == "sequential" and not can_be_sequential(graph):
        form = "module"
    if form in ("sequential", "module") and any(n.op == "normed" and not n.args["old"] for n in graph.computed()):
        form = "state"  # torch.save takes no parametrized module whole
    order = [n.id for n in graph.computed()]
    if r.random() < 0.35:
        r.shuffle(order)
    blocks = []
    if form != "sequential" and r.random() < 0.4:
        blocks = runs(graph, in_sequence(graph))[:2]
        blocks.sort()
    return {"form": form, "order": order, "blocks": blocks, "double": r.random() < 0.05}


def keras_plan(graph, r, writer):
    chain = graph.is_chain() and all(n.op not in CALLED for n in graph.computed())
    form = "sequential" if chain and r.random() < 0.6 else "functional"
    save = "h5" if graph.plain and r.random() < 0.3 else r.choice(("h5",) * 5 + ("keras",) * 4 + ("v3-weights",) * 2 + (("legacy-weights",) * 2 if writer == "keras2" else ("h5",)))
    order = [n.id for n in graph.computed()]
    if r.random() < 0.35:
        r.shuffle(order)
    plan = {"form": form, "save": save, "order": order, "names": False, "nested": None,
            "policy": r.choice(("float32",) * 12 + ("float64", "mixed_float16"))}
    if form == "functional" and r.random() < 0.3:
        fits = runs(graph, lambda n: len(n.inputs) == 1 and not n.dropped and n.share is None and not _shared(graph, n)
                    and n.op not in CALLED and not n.args.get("into"))
        plan["nested"] = fits[0] if fits else None
    return plan


def name(pair, r):
    scheme = r.choice(("same", "typed", "plain", "other"))
    listed = pair.torch["order"] if r.random() < 0.5 else sorted(pair.torch["order"])
    counts, names = {}, {}
    for place in listed:
        kind = NAMES.get(pair.torch_graph.nodes[place].op, "layer") if scheme != "plain" else "layer"
        counts[kind] = counts.get(kind, 0) + 1
        names[place] = f"{kind}{counts[kind]}"
    letters = r.sample("abcdefghijklmnopqrstuvwxyz", 26)
    for graph in (pair.torch_graph, pair.keras_graph):
        for node in graph.computed():
            node.torch_name = names[node.id]
            node.keras_name = names[node.id] if scheme == "same" else f"{letters[node.id % 26]}_{node.op}{node.id}"
    pair.keras["names"] = scheme in ("same", "other")


def redrawn(graph):
    """The same network with other weights."""
    g = copy.deepcopy(graph)
    for node in g.computed():
        if node.share is None:
            node.weights = OPS[node.op].weights(node, node.ins(g), np.random.default_rng([g.seed, node.id, 991]))
    for node in g.computed():
        if node.share is not None:
            node.weights = g.nodes[node.share].weights
    return g
