# SPDX-License-Identifier: GPL-3.0-or-later
"""What the real frameworks say of a pair. The metric is Tieout's own: max|a-b| / max(1, max|b|) over the whole batch."""

import json
import re

import numpy as np

from graph import to_torch
from pair import Pair
from torch_files import module_of

LIMIT, SURE = 1e-5, 1e-4


def scaled(a, b):
    """NaN and unequal shapes count as infinitely far."""
    if a.shape != b.shape:
        return np.inf
    far = np.abs(a.astype(np.float64) - b.astype(np.float64)).max(initial=0) / max(1.0, np.abs(b.astype(np.float64)).max(initial=0))
    return float(far) if np.isfinite(far) else np.inf


class Truth:
    def __init__(self, folder, seed):
        self.pair, self.unmade = Pair(seed), None
        self.a, self.b = ({"error": "not made"} if not (folder / f"{s}.json").exists() else json.loads((folder / f"{s}.json").read_text())
                          for s in "ab")
        for side in (self.a, self.b):
            if "error" in side:
                self.unmade = side["error"].split("\n")[0]
        if self.unmade:
            return
        self.trace_a, self.trace_b = dict(np.load(folder / "a.npz")), dict(np.load(folder / "b.npz"))
        self.limit = SURE if len(self.pair.torch_graph.weighted()) > 8 else LIMIT
        ends = range(len(self.pair.torch_graph.outputs))
        self.far = max(scaled(self.outputs("a", key, i), self.outputs("b", key, i)) for key in ("few", "many") for i in ends)
        self.wild = not all(np.isfinite(v).all() and np.abs(v).max(initial=0) < 1e4 for v in [*self.trace_a.values(), *self.trace_b.values()])

    def outputs(self, side, key, i):
        """In PyTorch's order."""
        if side == "a":
            return self.trace_a[f"{key}{i}"]
        graph = self.pair.keras_graph
        return to_torch(graph.nodes[graph.outputs[i]].value, self.trace_b[f"{key}{i}"])

    @property
    def reduced(self):
        """Other numbers than float32 are computed with."""
        return self.pair.torch["double"] or self.pair.keras["policy"] != "float32"

    def ties(self):
        """True, False, or None where the real frameworks do not settle it."""
        if self.wild:
            return None
        if self.pair.changed:
            return False
        if self.pair.fault:
            return False if self.far > SURE else None
        return True if self.far <= LIMIT / 2 else None if self.far < SURE and not self.reduced else False

    @property
    def unknowable(self):
        """A file of weights alone cannot tell a setting, or a layer without weights, that its network has otherwise; a class of one's own
        not what its code calls as a function, or leaves out."""
        alone = self.in_code() or self.pair.torch["form"] in ("state", "checkpoint", "safetensors") or self.pair.keras["save"].endswith("weights")
        return alone and bool(self.pair.fault) and not self.pair.changed

    def in_code(self):
        """Whether the fault is in a node of which the file of a class has no module."""
        found = re.search(r"\d+", self.pair.fault or "")
        if self.pair.torch["form"] != "module" or not found:
            return False
        node = self.pair.torch_graph.nodes[int(found[0])]
        return node.share is None and module_of(node, self.pair.torch_graph) is None

    def told(self):
        return f"the frameworks differ by {self.far:.1e}" + (f"; {self.pair.fault}" if self.pair.fault else "; true twins")
