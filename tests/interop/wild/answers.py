# SPDX-License-Identifier: GPL-3.0-or-later
"""Tieout's answers about one pair, held against the truth."""

import json

import numpy as np

from graph import to_torch
from links import Links
from truth import scaled

LIBRARY = ("vector::", "bad_alloc", "stoi", "basic_string", "std::", "what():", "terminate called", "_M_")
BORROWED = ("taken from", "borrow", "assum", "does not tell")
PRECISE = ("float16", "float32", "float64", "precision", "half")


class Answers:
    def __init__(self, folder, truth):
        self.folder, self.truth, self.results = folder, truth, []

    def all(self):
        for side in "ab":
            self.check(f"run-{side}", lambda d, side=side: self.run(d, side))
        for call in ("compare", "compare-x"):
            self.check(call, self.compare)
        self.check("compare-self", lambda d: self.compare(d, True))
        self.check("map", lambda d: Links(self.truth).judge(d))
        self.check("to-keras", lambda d: self.convert(d, "to-keras", "b", "a"))
        self.check("to-torch", lambda d: self.convert(d, "to-torch", "a", "b"))
        return self.results

    def check(self, call, judge):
        path = self.folder / f"{call}.json"
        answer = json.loads(path.read_text()) if path.exists() else {"exit": 134, "messages": "not asked", "output": ""}
        words, document = answer["messages"].strip(), None
        try:
            document = json.loads(answer["output"]) if answer["output"].strip() else None
        except ValueError:
            words = "the document is no JSON: " + words
        if answer["exit"] not in (0, 1, 2) or any(part in words for part in LIBRARY) or words.startswith("the document"):
            return self.results.append((call, "crash", f"exit {answer['exit']}: {words[:300]}"))
        if document is None:
            left = [self.folder / answer["arguments"][k + 1] for k, word in enumerate(answer["arguments"]) if word == "-o" and call.startswith("to-")]
            if answer["exit"] != 2 or not words:
                return self.results.append((call, "wrong", f"exit {answer['exit']} without a document: {words[:200]}"))
            if any(path.exists() for path in left):
                return self.results.append((call, "wrong", f"refused, and the target is there: {words[:200]}"))
            return self.results.append((call, "refused", words[:200]))
        document["exit"], document["words"] = answer["exit"], words
        try:
            found = judge(document)
        except Exception as error:
            found = [("crash", f"the judge does not understand the document: {type(error).__name__}: {error}")]
        for result, what in found:
            self.results.append((call, result, what))

    def run(self, document, side):
        trace = self.truth.trace_a if side == "a" else self.truth.trace_b
        real = [trace[f"few{i}"] for i in range(len(self.truth.pair.torch_graph.outputs))]
        if document["exit"] == 2:
            return [("refused", document["words"][:200])]
        if self.truth.wild:
            return [("doubtful", "the network's numbers are beyond any measure")]
        given = {name: np.asarray(v, dtype=np.float64) for name, v in document["outputs"].items()}
        marks = marked(document, PRECISE) if self.truth.reduced else None
        limit = self.truth.limit if not self.truth.reduced else 5e-3 if marks else self.truth.limit
        if len(given) != len(real):
            found = [("wrong", f"{len(given)} outputs, the framework has {len(real)}")] if not marked(document) else [("marked", "outputs left out")]
        else:
            found = []
            for name, value in given.items():
                far = min(scaled(value, other) for other in self.expected(name, side, real))
                if far > limit and not (self.truth.unknowable and marked(document, BORROWED)):
                    found.append(("wrong", f"output {name} {value.shape} is off by {far:.1e}, real {[r.shape for r in real]}"))
        found = found or self.layers(side, trace, limit)
        if found and marked(document, ("order-assumed",)):
            return [("marked", "features in an order that the file does not tell")]
        return found or [("marked", "precision") if marks else ("right", "")]

    def expected(self, name, side, real):
        """The real output of that name; where the name is not the layer's own, each of them."""
        graph = self.truth.pair.torch_graph
        place = self.truth.b["names"].get(name.split(":")[0]) if side == "b" else None
        return [real[graph.outputs.index(place)]] if place in graph.outputs else real

    def layers(self, side, trace, limit):
        path = self.folder / f"run-{side}.npz"
        if not path.exists() or self.truth.unknowable:
            return []
        found = []
        with np.load(path) as ours:
            for name in ours.files:
                real = trace.get(f"layer:{name}")
                if side == "b" and self.fused_untold(name):
                    continue
                if real is None:
                    continue
                calls = [other for other in ours.files if other == name or other.startswith(f"{name}:call")]  # which one was seen is not told
                off = min(scaled(ours[call], real) for call in calls)
                if off > limit:
                    found.append(("wrong", f"layer {name} {real.shape} is off by {off:.1e}, given {ours[name].shape}"))
        return found[:2]

    def fused_untold(self, name):
        """Whether the layer has an activation in itself that its file of weights alone cannot tell (of a "dense" that ends in a relu there
        is a kernel and a bias and no more): what Tieout shows before and behind the twin's relu is told under two names, both noted."""
        graph, place = self.truth.pair.keras_graph, self.truth.b["names"].get(name)
        return self.truth.pair.keras["save"].endswith("weights") and place is not None and bool(graph.nodes[place].args.get("fused"))

    def compare(self, document, itself=False):
        verdict, ties = document["verdict"], self.truth.ties()
        ties = None if self.truth.wild else itself or ties
        expected = {"ties-out": 0, "differs": 1, "not-compared": 2}.get(verdict)
        if document["exit"] != expected:
            return [("wrong", f"{verdict} with exit {document['exit']}")]
        if verdict == "not-compared":
            return [("refused", "not-compared")]
        if ties is None:
            return [("doubtful", f"{verdict}; {self.truth.told()}")]
        if verdict == "ties-out" and not ties and self.truth.unknowable and marked(document, BORROWED):
            return [("marked", "settings taken from the twin")]
        if verdict == "ties-out" and not ties:
            if self.truth.reduced and not self.truth.pair.fault:
                return [("marked", "precision")] if marked(document, PRECISE) else [("false green", f"ties out; {self.truth.told()}, without a word of precision")]
            return [("false green", f"ties out; {self.truth.told()}")]
        if verdict == "differs" and ties:
            why = [row for row in document["layers"] if not row["ties_out"]][:1]
            text = f"differs at {document['first_divergence']}, {document.get('differing_parameters')} parameters; {self.truth.told()}; {str(why)[:200]}"
            return [("marked", text)] if marked(document, ("not sure", "may ", "ambiguous", "cannot", "order in the file")) else [("false alarm", text)]
        return [("right", "")]

    def convert(self, document, call, target, source):
        arguments = json.loads((self.folder / f"{call}.json").read_text())["arguments"]
        path, result = self.folder / arguments[arguments.index("-o") + 1], document["result"]
        expected = {"proved": (0,), "written": (0,), "not-proved": (1,), "failed": (1,)}[result]
        if document["exit"] not in expected:
            return [("wrong", f"{result} with exit {document['exit']}")]
        if result == "failed":
            return [("wrong", "failed, and the target is there")] if path.exists() else [("refused", "failed")]
        if not path.exists():
            return [("wrong", f"{result}, and nothing is there")]
        error = self.folder / f"out_{target}.error"
        if error.exists() and error.read_text().startswith("its own file too"):
            return [("marked", f"{result}; the real framework does not open the file that it wrote itself")]
        if error.exists():
            return [("wrong", f"{result}; the real framework refuses the file: {error.read_text()[:300]}")]
        if self.truth.wild:
            return [("doubtful", "the network's numbers are beyond any measure")]
        far = max(scaled(self.loaded(target, i), self.truth.outputs(source, "many", i)) for i in range(len(self.truth.pair.torch_graph.outputs)))
        words = " | ".join(w if isinstance(w, str) else w["text"] for w in document["warnings"])
        if far <= self.truth.limit or self.truth.reduced and far < 5e-3:
            return [("right", "")] if result == "proved" else [("marked", f"{result}: {words[:200]}")]
        if self.truth.unknowable and marked(document, BORROWED):
            return [("marked", "settings taken from the twin")]
        if result == "proved":
            return [("false green", f"proved, and the real outputs are {far:.1e} apart; {self.truth.told()}; warnings: {words[:200]}")]
        return [("marked", f"{result}, {far:.1e} apart: {words[:200]}")] if words else [("wrong", f"{result} without a warning, {far:.1e} apart")]

    def loaded(self, target, i):
        with np.load(self.folder / f"out_{target}.npz") as arrays:
            value = arrays[f"many{i}"]
        graph = self.truth.pair.keras_graph
        return value if target == "a" else to_torch(graph.nodes[graph.outputs[i]].value, value)


def marked(document, words=("",)):
    told = [document.get(key) for key in ("notes", "warnings", "ambiguous", "words")]
    notes = " ".join(json.dumps(value) for value in told if value)
    return bool(notes) and any(word in notes for word in words)
