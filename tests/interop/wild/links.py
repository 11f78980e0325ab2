# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges the links of `tieout map`: what is called equal must be, and what belongs together must not be called unequal."""

import numpy as np


class Links:
    def __init__(self, truth):
        self.truth, self.names = truth, truth.a["names"]
        self.keras = sorted(truth.b["names"].items(), key=lambda item: -len(item[0]))

    def torch_of(self, name):
        """(node, role) of a name in a state dict, a prefix such as DataParallel's before it or not."""
        return next(((place, role) for key, (place, role) in self.names.items() if name == key or name.endswith("." + key)), None)

    def keras_of(self, name):
        """The node of a Keras parameter: the longest known layer name among the parts of its path, or the whole path."""
        if name in self.truth.b["names"]:
            return self.truth.b["names"][name]
        parts = set(name.replace(":0", "").split("/"))
        return next((place for key, place in self.keras if key in parts), None)

    def judge(self, document):
        found, good = [], 0
        unsure = {name for entry in document["ambiguous"] for side in ("left", "right") for name in entry[side]}
        for link in document["links"]:
            for p in link["parameters"]:
                left = {self.torch_of(name) for name in p["left"]} - {None}
                right = {self.keras_of(name) for name in p["right"]} - {None}
                if not left or not right:
                    continue
                nodes, roles = {place for place, _ in left}, {role for _, role in left}
                same = nodes == right or self.equal_values(left, right)
                spoilt = nodes == right and any(self.truth.pair.changed.get(place, set()) & roles for place in nodes)
                what = f"{p['left']} - {p['right']} by {p['rule']}, equal {p['equal']}"
                if p["equal"] and (not same or spoilt):
                    found.append(("false green", f"{what}; {'not the same layer' if not same else self.truth.told()}"))
                elif not same and not (unsure & (set(link["left"]) | set(link["right"]))):
                    found.append(("false alarm", f"linked crosswise, and not ambiguous: {what}"))
                elif same and not spoilt and p["equal"] is False and not self.half():
                    found.append(("false alarm", f"called unequal: {what}; {self.truth.told()}"))
                else:
                    good += p["equal"] is True
        return found[:3] or [("right" if good else "marked", "")]

    def equal_values(self, left, right):
        """Exchanged layers: what belongs together by its values may be linked, and is equal."""
        held = [self.truth.pair.keras_graph.nodes[place].weights for place in right]
        return all(any(role in w and np.array_equal(w[role], self.truth.pair.torch_graph.nodes[place].weights[role]) for w in held)
                   for place, role in left)

    def half(self):
        return self.truth.pair.keras["policy"] == "mixed_float16" or self.truth.pair.torch["double"]
