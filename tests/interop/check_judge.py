# SPDX-License-Identifier: GPL-3.0-or-later
"""Says of everything that check_run.py asked whether the real frameworks agree: check_judge.py WORK SEED... [--told SEED]

The metric is Tieout's own: max|a-b| / max(1, max|b|) over the whole batch. The seed behind --told is a fresh one: what is wrong with it is
told and fails nothing.
"""

import collections
import json
import pathlib
import re
import sys

import numpy as np

import weights

LIMIT = 1e-5
FEW = 3  # so many doubtful comparisons are borne
MOST_ASKED = 0.05  # so large a part of the checks may end in a question


TIE = re.compile(r"(\S+) fits several layers equally well: ([^()]+?)(?: and \d+ more)?(?:\.(?:\s|$)| \(at |$)")


class Asked(Exception):
    """A state dict has layers that neither kind, shapes, names nor values tell apart: which is meant is asked, as it must be."""


class Doubtful(Exception):
    """The real frameworks themselves are too near to the limit to settle it."""


def scaled(a, b):
    """NaN and unequal shapes count as infinitely far."""
    if a.shape != b.shape:
        return np.inf
    far = np.abs(a.astype(np.float64) - b).max() / max(1.0, np.abs(b).max())
    return float(far) if np.isfinite(far) else np.inf


def softmax(x):
    raised = np.exp(x - x.max(-1, keepdims=True))
    return raised / raised.sum(-1, keepdims=True)


def as_torch(value):
    return value.transpose(0, 3, 1, 2) if value.ndim == 4 else value


def last(trace):
    return list(trace.values())[-1]


class Case:
    """One folder of WORK, its answers, and the list of checks made: (name, None, what is wrong, or Doubtful)."""

    def __init__(self, work, name):
        self.folder, self.name, self.checks = work / name, name, []
        spec = self.folder / "net.json"
        self.net = json.loads(spec.read_text()) if spec.exists() else {"bring": False, "blocks": []}

    def trace(self, file):
        with np.load(self.folder / f"{file}.npz") as arrays:
            return {key: arrays[key] for key in arrays.files}

    def answer(self, call):
        return json.loads((self.folder / f"{call}.json").read_text())

    def check(self, what, function):
        try:
            wrong = function()
        except (Asked, Doubtful) as other:
            wrong = other
        except Exception as error:
            wrong = f"{type(error).__name__}: {error}"
        self.checks.append((what, wrong))

    def refused(self, call, allowed=(0,)):
        """What is wrong with the way a call ended, or None."""
        answer = self.answer(call)
        if answer["exit"] not in allowed:
            return f"exit {answer['exit']}: {(answer['messages'] or answer['output']).strip()[:300]}"
        return None

    def alike(self, same_values):
        """Groups of PyTorch layers that a state dict does not tell apart: one family, one set of shapes, and where the other file holds
        the same weights, the same numbers as well. Their names are numbers there and say nothing."""
        drawn, groups = weights.draw(self.net, int(self.name)) if self.net["blocks"] else [], {}
        modules = [(block, entry) for block in range(len(drawn)) for entry in self.net["blocks"][block]["torch"]]
        for name, (block, entry) in zip(self.trace("a.pt"), modules):
            if entry is weights.parametric(self.net["blocks"][block]["torch"]):
                values = drawn[block]
                held = {role: (v.shape, tuple(np.sort(v, axis=None)) if same_values else ()) for role, v in values.items()}
                groups.setdefault((entry["class"].rstrip("12d"), *sorted(held.items())), set()).add(name)
        return [group for group in groups.values() if len(group) > 1]

    def asked(self, call, words, same_values):
        """Raises Asked where the question is due: Tieout names layers of a state dict that are indeed alike."""
        tie = TIE.search(words) if "state" in call else None
        named = {tie[1], *tie[2].split(", ")} if tie else set()
        if any(len(named & group) > 1 or group & {tie[1]} for group in self.alike(same_values) if tie):
            raise Asked(words.strip()[:300])

    def run(self, call, real):
        """Every layer of the real framework must be there, with its numbers."""
        wrong = self.refused(call)
        if wrong:
            return wrong
        ours, theirs = self.trace(call), self.trace(real)
        missing = [name for name in theirs if name not in ours]
        if missing:
            return f"layers not told: {missing}; told: {list(ours)}"
        far = {name: scaled(ours[name], value) for name, value in theirs.items()}
        bad = [f"{name} {far[name]:.1e} {ours[name].shape} {theirs[name].shape}" for name in far if far[name] > LIMIT]
        return f"layers that differ: {', '.join(bad)}" if bad else None

    def run_state(self):
        """A state dict borrows its twin's wiring: its output must be the real network's (either side's end)."""
        self.asked("run-state", self.answer("run-state")["messages"], same_values=True)
        wrong = self.refused("run-state")
        if wrong:
            return wrong
        outputs = list(json.loads(self.answer("run-state")["output"])["outputs"].values())
        ours, real = np.asarray(outputs[0], np.float32), last(self.trace("b.h5"))
        far = min(scaled(ours, real), scaled(ours, as_torch(real)))
        return f"output differs by {far:.1e}" if far > LIMIT else None

    def expected(self, keras):
        """The real pair: first Keras layer that left the twin, and how far the farthest layer is."""
        twin, other = self.trace("b.h5"), self.trace(keras)
        far = [scaled(b, a) for a, b in zip(twin.values(), other.values())]
        first = next((name for name, value in zip(other, far) if value > LIMIT), None)
        return first, max(far), any(LIMIT / 10 < value < LIMIT * 10 for value in far)

    def compare_twin(self, call):
        self.asked(call, self.answer(call)["messages"], same_values=True)
        wrong = self.refused(call)
        if wrong:
            return wrong
        document = json.loads(self.answer(call)["output"])
        if document["verdict"] != "ties-out" or document["first_divergence"]:
            return f"{document['verdict']}, first divergence {document['first_divergence']}"
        if call != "compare-twin":
            return None
        if bool(document["outputs"]["brought_to"]) != bool(self.net["bring"]):
            return f"outputs brought to {document['outputs']['brought_to']}"
        return self.rows(document, "b.h5")

    def compare_wrong(self, call):
        first, farthest, doubtful = self.expected("wrong.h5")
        if doubtful:
            raise Doubtful(f"the frameworks differ by {farthest:.1e}")
        wrong = self.refused(call, (1,) if first else (0,))
        if wrong:
            return wrong
        document = json.loads(self.answer(call)["output"])
        told = ((document["first_divergence"] or {}).get("right") or "").split(":")[0] or None
        if (document["verdict"] == "differs") != bool(first) or told != first:
            return f"{document['verdict']} at {told}; the frameworks differ at {first}, {farthest:.1e} at most"
        return self.rows(document, "wrong.h5") if call == "compare-wrong" else None

    def rows(self, document, keras):
        """Each row's scaled_max must be that of the two real layers, brought to one axis order."""
        torch, other = self.trace("a.pt"), self.trace(keras)
        flat = [block["flat"] for block in self.net["blocks"] if block["flat"]]
        ends = (list(torch)[-1], list(other)[-1]) if self.net["bring"] else ()
        compared = 0
        for row in document["layers"]:
            left, right = torch.get(row["left"]), other.get(row["right"])
            if left is None or right is None or row["left"] in ends or row["right"] in ends:
                continue
            right, left = as_torch(right), left.reshape(left.shape[0], -1) if right.ndim == 2 else left
            candidates = [scaled(left, right)]
            for c, h, w in (shape for shape in flat if right.ndim == 2 and np.prod(shape) == right.shape[1]):
                turned = right.reshape(-1, h, w, c).transpose(0, 3, 1, 2).reshape(right.shape)
                candidates.append(scaled(left, turned))
            told = row["scaled_max"]
            if told is None or not any(abs(told - real) <= LIMIT / 2 + 1e-3 * real for real in candidates):
                return f"row {row['left']} - {row['right']}: told {told}, real {candidates}"
            compared += 1
        return None if compared else "no row of the comparison names two real layers"

    def converted(self, call, file, env, real):
        self.asked(call, self.answer(call)["messages"], same_values=False)
        wrong = self.refused(call)
        if wrong:
            return wrong
        error = self.folder / f"{file}.{env}.error"
        if error.exists():
            return f"{env} refuses it: {error.read_text()[:300]}"
        target = self.trace(f"{file}.{env}")["output"]
        source = last(self.trace(real))
        if env != "torch":
            target = as_torch(target)
        else:
            source = as_torch(source)
        if self.net["bring"]:
            keras, torch = (target, source) if env != "torch" else (source, target)
            target, source = keras, softmax(torch)
        far = scaled(target, source)
        return f"{env}'s output is off by {far:.1e}" if far > LIMIT else None

    def pair(self):
        self.check("run PyTorch", lambda: self.run("run-a", "a.pt"))
        self.check("run Keras", lambda: self.run("run-b", "b.h5"))
        self.check("run state dict", self.run_state)
        self.check("compare twins", lambda: self.compare_twin("compare-twin"))
        self.check("compare state dict", lambda: self.compare_twin("compare-state"))
        self.check("compare PyTorch with itself", lambda: self.compare_twin("compare-torch"))
        self.check("compare with a fault", lambda: self.compare_wrong("compare-wrong"))
        self.check("compare Keras with a fault", lambda: self.compare_wrong("compare-keras"))
        for call in ("to-keras", "state-to-keras"):
            for env in ("keras2", "keras3"):
                self.check(f"{call} in {env}", lambda: self.converted(call, f"{call}.h5", env, "a.pt"))
        for call in ("to-torch", "to-state"):
            self.check(f"{call} in torch", lambda: self.converted(call, f"{call}.pt", "torch", "b.h5"))


def judged(work, name):
    """The case with all its checks, those of its networks for one framework alone included."""
    case = Case(work, name)
    case.pair()
    if name != "lenet5":
        alone = Case(work, f"alone{name}")
        alone.check("run PyTorch alone", lambda: alone.run("run-pt", "alone.pt"))
        alone.check("run Keras alone", lambda: alone.run("run-h5", "alone.h5"))
        case.checks += alone.checks
    return case


def result(wrong):
    return {Asked: "asked", Doubtful: "doubtful", type(None): "passed"}.get(type(wrong), "failed")


def main():
    work, seeds, fresh = pathlib.Path(sys.argv[1]), sys.argv[2:], None
    if "--told" in seeds:
        fresh = seeds.pop(seeds.index("--told") + 1)
        seeds.remove("--told")
    gate, told = collections.Counter(), collections.Counter()
    for name in ["lenet5", *seeds, *([fresh] if fresh else [])]:
        case = judged(work, name)
        for what, wrong in case.checks:
            found = result(wrong)
            (told if name == fresh else gate)[found] += 1
            if found == "passed":
                continue
            fault = case.folder / "fault.txt"
            note = f" [{fault.read_text()}]" if "fault" in what and fault.exists() else ""
            print(f"{'FAIL' if found == 'failed' else found}{' (fresh seed)' if name == fresh else ''} {name}: {what}{note}: {wrong}")
    if told["failed"]:
        print(f"*** The fresh seed {fresh} met {told['failed']} faults. They fail nothing here, and are faults: --seeds '{fresh}' shows them again. ***")
    all_seeds = gate + told
    print(f"{all_seeds['passed']} passed, {all_seeds['failed']} failed, {all_seeds['doubtful']} doubtful, {all_seeds['asked']} asked")
    if gate["doubtful"] > FEW:
        print(f"more than {FEW} comparisons are doubtful: they judge nothing")
    if gate["asked"] > MOST_ASKED * gate["passed"]:
        print("too much is asked")
    sys.exit(1 if gate["failed"] or gate["doubtful"] > FEW or gate["asked"] > MOST_ASKED * gate["passed"] or not gate["passed"] else 0)


if __name__ == "__main__":
    main()
